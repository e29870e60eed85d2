import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { kedaNetworkPolicies } from "../../../components/controllers/keda/networkPolicies";
import { installKeda } from "../../../components/controllers/keda/keda";
import { KEDA_ADAPTER_PODS, KEDA_PODS, KEDA_VERSION } from "../../../domain/keda";
import { requestScaling } from "../../../domain/settings/requestScaling";
import type { ParsedConfig } from "../../../domain/settings/schema";
import { parsed } from "../../support/config";
import { parsedStack } from "../../support/stackFile";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: name, state: inputs as object };
    },
    call: () => ({}),
  });
});

const dev = (changes: Readonly<Record<string, unknown>> = {}) => parsedStack("dev", changes);

/** What a stack's KEDA declares, by the name of the resource. */
async function installed(name: string, config: ParsedConfig): Promise<Record<string, unknown>> {
  installKeda(name, { ...config, autoscaling: requestScaling(config) }, {});
  await pulumi.runtime.disconnect();
  return Object.fromEntries(
    registered
      .filter((resource) => resource.name.startsWith(`${name}-`))
      .map(({ name: full, inputs }) => [full.slice(name.length + 1), inputs]),
  );
}

describe("whether a stack scales on requests", () => {
  const existing = (autoscaling: object) => requestScaling(parsed({ autoscaling }));

  test("follows from the cluster where nothing is written", () => {
    expect(requestScaling(dev())).toMatchObject({ requests: "keda", install: true });
    expect(existing({})).toMatchObject({ requests: "off", install: false });
  });

  test("is what is written", () => {
    expect(
      requestScaling(
        dev({ autoscaling: { requests: "off" }, models: { "qwen3-8b-fp8-neuron": {} } }),
      ),
    ).toMatchObject({
      requests: "off",
      install: false,
    });
    expect(existing({ requests: "keda" })).toEqual({
      requests: "keda",
      // The cluster has its own.
      install: false,
      readers: KEDA_PODS,
    });
  });

  test("lets in the pods of a cluster's own KEDA", () => {
    const keda = { namespace: "scaling", labels: { "team/app": "k" } };
    expect(existing({ requests: "keda", keda }).readers).toEqual({
      namespace: "scaling",
      matchLabels: { "team/app": "k" },
    });
  });
});

describe("KEDA of a stack", () => {
  test("comes from its chart, with rights in the stack's namespaces alone", async () => {
    const { chart, namespace } = await installed("own", dev());
    expect(chart).toMatchObject({
      chart: "keda",
      version: KEDA_VERSION,
      namespace: "keda",
      values: {
        watchNamespace: "vllm,litellm",
        rbac: { enabledCustomScaledRefKinds: false },
        permissions: { operator: { restrict: { secret: true } } },
      },
    });
    expect(namespace).toMatchObject({
      metadata: {
        name: "keda",
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    });
  });

  test("takes a stack's own values", async () => {
    const config = dev();
    if (config.cluster.kind !== "eks") {
      throw new Error("dev makes its cluster");
    }
    const cluster = {
      ...config.cluster,
      chartValues: { ...config.cluster.chartValues, keda: { webhooks: { enabled: true } } },
    };
    const { chart } = await installed("values", { ...config, cluster });
    expect(chart).toMatchObject({
      values: { webhooks: { enabled: true }, image: { pullPolicy: "IfNotPresent" } },
    });
  });

  test.each([
    [
      "is turned off",
      dev({ autoscaling: { requests: "off" }, models: { "qwen3-8b-fp8-neuron": {} } }),
    ],
    ["is the cluster's", parsed({ autoscaling: { requests: "keda" } })],
  ])("is not installed where it %s", async (what, config) => {
    expect(await installed(what, config)).toEqual({});
  });
});

describe("KEDA's pods reach", () => {
  const source = { namespace: "vllm", matchLabels: { role: "server" }, port: 8000 };
  const ports = (rules: unknown) =>
    (rules as { ports: { port: number }[] }[]).map((rule) => rule.ports.map(({ port }) => port));
  const { operator, adapter } = kedaNetworkPolicies([source], "10.0.0.0/16");

  test("metrics, the API server and DNS, and nothing else", () => {
    expect(operator?.podSelector).toEqual({ matchLabels: KEDA_PODS.matchLabels });
    expect(ports(operator?.egress)).toEqual([[53, 53], [443], [8000]]);
    expect(operator?.egress).toContainEqual({
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "vllm" } },
          podSelector: { matchLabels: { role: "server" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 8000 }],
    });
    expect(ports(adapter?.egress)).toEqual([[53, 53], [443], [9666]]);
  });

  test("one another, and the API server reaches the adapter", () => {
    expect(adapter?.podSelector).toEqual({ matchLabels: KEDA_ADAPTER_PODS.matchLabels });
    expect(operator?.ingress).toEqual([
      {
        from: [{ podSelector: { matchLabels: KEDA_ADAPTER_PODS.matchLabels } }],
        ports: [{ protocol: "TCP", port: 9666 }],
      },
    ]);
    expect(ports(adapter?.ingress)).toEqual([[6443]]);
  });

  test("an API server in a VPC without private addresses", () => {
    const blocks = (cidr?: `${number}.${number}.${number}.${number}/${number}`) =>
      JSON.stringify(kedaNetworkPolicies([], cidr).adapter?.ingress);
    expect(blocks("198.18.0.0/16")).toContain("198.18.0.0/16");
    expect(blocks("10.9.0.0/16")).toBe(blocks());
    expect(blocks()).not.toContain("0.0.0.0/0");
  });
});
