import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { Gateway, type GatewayArgs } from "../../../components/litellm/gateway";
import type { StoreEndpoint } from "../../../components/stores/shared/storeEndpoint";
import { ModelServing, type ModelServingArgs } from "../../../components/vllm/modelServing";
import { requestScaling } from "../../../domain/settings/requestScaling";
import { parsed, parsedGateway } from "../../support/config";
import { EVENTUALLY } from "../../support/eventually";
import { LLAMA, QWEN, testModel } from "../../support/models";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push({
        type: args.type,
        name: args.name,
        inputs: args.inputs as Record<string, unknown>,
      });
      const status = { loadBalancer: { ingress: [{ hostname: "lb.example" }] } };
      return { id: args.name, state: { ...(args.inputs as object), status, result: "generated" } };
    },
    call: () => ({}),
  });
});

const config = parsed();
const settings = parsedGateway();
const endpoint = (host: string, tls = false): StoreEndpoint => ({
  kind: "single",
  host,
  port: 1234,
  tls,
  peers: [{ ipBlock: { cidr: "10.0.0.0/19" } }],
});
const gatewayArgs: GatewayArgs = {
  ...settings,
  routing: { ...settings.routing, fallbacks: { [LLAMA]: [QWEN] } },
  stores: { endpoints: { database: endpoint("database"), redis: endpoint("redis") }, ready: [] },
  credentials: "checksum",
  databaseChecksum: "checksum",
  models: [testModel(LLAMA)],
  modelNamespace: "vllm",
  requestScaling: requestScaling(parsed()),
};
const servingArgs: ModelServingArgs = {
  models: [testModel(LLAMA), testModel(QWEN)],
  namespace: "vllm",
  image: config.neuron.image,
  apiKey: "key",
  artifacts: { storageClass: "shared", size: "100Gi" },
  clients: { namespace: "litellm", labels: { "app.kubernetes.io/name": "litellm" } },
  routing: settings.routing,
  requestScaling: requestScaling(parsed()),
  nodeGroups: config.neuron.nodeGroups,
};

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

async function gateway(name: string, changes: Partial<GatewayArgs> = {}): Promise<Gateway> {
  const component = new Gateway(name, { ...gatewayArgs, ...changes }, {});
  await valueOf(component.address);
  await valueOf(component.resource.urn);
  return component;
}

const of = (type: string, prefix: string) =>
  registered.filter((entry) => entry.type === type && entry.name.startsWith(prefix));

describe("the gateway", () => {
  test("offers itself as a target that the autoscaler accepts, without fixed replicas", async () => {
    const component = await gateway("a");
    expect(component).toMatchObject({ kind: "Deployment", name: "litellm", namespace: "litellm" });
    const [deployment] = of("kubernetes:apps/v1:Deployment", "a");
    expect(deployment?.inputs.spec).not.toHaveProperty("replicas");
  });

  test("takes what a stack adds to its pods, beside its own", async () => {
    await gateway("o", {
      podOverrides: { labels: { team: "a" }, nodeSelector: { pool: "gateway" } },
      containerOverrides: { env: [{ name: "TEAM", value: "a" }] },
    });
    const [deployment] = of("kubernetes:apps/v1:Deployment", "o");
    expect(deployment?.inputs.spec).toMatchObject({
      selector: { matchLabels: { "app.kubernetes.io/name": "litellm" } },
      template: {
        metadata: { labels: { "app.kubernetes.io/name": "litellm", team: "a" } },
        spec: {
          nodeSelector: { pool: "gateway" },
          containers: [
            {
              name: "litellm",
              resources: { requests: { cpu: "500m", memory: "2Gi" } },
              env: expect.arrayContaining([{ name: "TEAM", value: "a" }]) as unknown,
            },
          ],
        },
      },
    });
  });

  test("knows its address from the load balancer", async () => {
    expect(await valueOf((await gateway("b")).address)).toBe("lb.example");
  });

  test("is refused with an autoscaler that could never work", async () => {
    await expect(
      gateway("c", {
        autoscaling: {
          ...config.gateway.autoscaling,
          cpuUtilization: undefined,
          memoryUtilization: undefined,
        },
      }),
    ).rejects.toThrow(/autoscaler litellm-hpa cannot work: settings has no metric/);
  });

  test("rolls its pods when the routing changes, and only then", async () => {
    await gateway("d1");
    await gateway("d2");
    await gateway("d3", { routing: { ...gatewayArgs.routing, cooldownSeconds: 5 } });
    const annotations = ["d1", "d2", "d3"].map((name) =>
      JSON.stringify(
        (
          of("kubernetes:apps/v1:Deployment", name)[0]?.inputs.spec as {
            template: { metadata: { annotations: unknown } };
          }
        ).template.metadata.annotations,
      ),
    );
    expect(annotations[0]).toBe(annotations[1]);
    expect(annotations[2]).not.toBe(annotations[0]);
  });
});

describe("the gateway on its stores", () => {
  test("may reach Redis at its address", async () => {
    const redis = endpoint("cache.example", true);
    const { database } = gatewayArgs.stores.endpoints;
    await gateway("e", { stores: { endpoints: { database, redis }, ready: [] } });
    const [rule] = of("kubernetes:networking.k8s.io/v1:NetworkPolicy", "e-traffic");
    const { egress } = rule?.inputs.spec as { readonly egress: readonly unknown[] };
    expect(egress).toContainEqual({
      to: [{ ipBlock: { cidr: "10.0.0.0/19" } }],
      ports: [{ protocol: "TCP", port: 1234 }],
    });
  });
});

describe("model serving", () => {
  test("makes one StatefulSet, Job and autoscaler per model, and one artifact volume", async () => {
    const serving = new ModelServing("models", servingArgs, {});
    await Promise.all(serving.servers.map((server) => valueOf(server.resource.urn)));
    await vi.waitFor(() => {
      expect(
        of("kubernetes:apps/v1:StatefulSet", "").filter(({ name }) => [LLAMA, QWEN].includes(name)),
      ).toHaveLength(2);
      expect(of("kubernetes:core/v1:PersistentVolumeClaim", "models")).toHaveLength(1);
      expect(
        of("kubernetes:batch/v1:Job", "")
          .map(({ name }) => name)
          .filter((name) => name.endsWith("-artifact"))
          .sort(),
      ).toEqual([`${LLAMA}-artifact`, `${QWEN}-artifact`]);
    }, EVENTUALLY);
  });

  test("makes no token Secret when there is no token", () => {
    expect(of("kubernetes:core/v1:Secret", "models").map(({ name }) => name)).toEqual([
      "models-api-key",
    ]);
  });
});
