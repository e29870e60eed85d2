import {
  ApiException,
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CPU_USAGE } from "../../local/control-plane/usage";
import { waitForMetrics } from "../../local/environment/report";
import { eventually, startPlatform, type TestPlatform } from "../support/cluster";

let platform: TestPlatform;
let core: CoreV1Api;

const fast = (selectPolicy: "Max" | "Min") => ({
  stabilizationWindowSeconds: 0,
  selectPolicy,
  policies: [{ type: "Percent", value: 100, periodSeconds: 5 }],
});

beforeAll(async () => {
  platform = await startPlatform();
  core = platform.config.makeApiClient(CoreV1Api);
  await platform.configure({
    "llm-gateway:gateway": {
      autoscaling: { maxReplicas: 4, scaleUp: fast("Max"), scaleDown: fast("Min") },
    },
  });
  await platform.stack.up(platform.checked);
});
afterAll(() => platform.close());

async function instanceTypes(): Promise<Map<string, string>> {
  const nodes = await core.listNode();
  return new Map(
    nodes.items.map(({ metadata }) => [
      metadata?.name ?? "",
      metadata?.labels?.["node.kubernetes.io/instance-type"] ?? "",
    ]),
  );
}

async function podsOf(namespace: string): Promise<V1Pod[]> {
  return (await core.listNamespacedPod({ namespace })).items;
}

test("every pod is scheduled and runs, or has completed", async () => {
  const pods = [...(await podsOf("litellm")), ...(await podsOf("vllm"))];
  expect(pods.length).toBeGreaterThanOrEqual(8);
  for (const { metadata, spec, status } of pods) {
    expect(["Running", "Succeeded"], metadata?.name).toContain(status?.phase);
    expect(spec?.nodeName, metadata?.name).toBeDefined();
  }
});

test("model servers run on serving nodes, artifact Jobs on compilation nodes, the gateway on neither", async () => {
  const types = await instanceTypes();
  const typeOf = (pod: V1Pod) => types.get(pod.spec?.nodeName ?? "");
  for (const pod of await podsOf("vllm")) {
    const job = pod.metadata?.labels?.["app.kubernetes.io/component"] === "artifact";
    expect(typeOf(pod), pod.metadata?.name).toBe(job ? "inf2.8xlarge" : "inf2.xlarge");
  }
  for (const pod of await podsOf("litellm")) {
    expect(typeOf(pod), pod.metadata?.name).not.toMatch(/^inf2/);
  }
});

test("the gateway's pods carry their label and spread over nodes", async () => {
  const gateway = await core.listNamespacedPod({
    namespace: "litellm",
    labelSelector: "app.kubernetes.io/name=litellm",
  });
  expect(new Set(gateway.items.map(({ spec }) => spec?.nodeName)).size).toBe(gateway.items.length);
});

test("stores keep their data on bound volumes", async () => {
  const claims = await core.listPersistentVolumeClaimForAllNamespaces();
  expect(claims.items.map(({ metadata, status }) => [metadata?.name, status?.phase])).toEqual(
    expect.arrayContaining([
      ["data-litellm-postgresql-0", "Bound"],
      ["data-litellm-redis-master-0", "Bound"],
      ["model-artifacts", "Bound"],
    ]),
  );
});

describe("Pod Security", () => {
  const pod = (securityContext: object): V1Pod => ({
    metadata: { generateName: "intruder-" },
    spec: { containers: [{ name: "x", image: "registry/x:1", securityContext }] },
  });

  test("keeps a root pod out of the gateway's namespace, with all the reasons", async () => {
    await expect(core.createNamespacedPod({ namespace: "litellm", body: pod({}) })).rejects.toThrow(
      /violates PodSecurity .*restricted.*runAsNonRoot/s,
    );
  });

  test("keeps a privileged pod out of the models' namespace, and lets a root pod in", async () => {
    await expect(
      core.createNamespacedPod({
        namespace: "vllm",
        body: pod({ privileged: true }),
        dryRun: "All",
      }),
    ).rejects.toThrow(/violates PodSecurity .*baseline/s);
    await expect(
      core.createNamespacedPod({ namespace: "vllm", body: pod({}), dryRun: "All" }),
    ).resolves.toBeDefined();
  });
});

test("the load balancer has an address, and the stack's output says it", async () => {
  const outputs = await platform.stack.outputs();
  const { loadBalancerAddress } = platform.environment;
  expect(outputs.gatewayUrl?.value).toBe(`http://${loadBalancerAddress}:4000/v1`);
});

test("the autoscalers see real metrics", async () => {
  expect(await waitForMetrics(platform.config)).toEqual([]);
});

test("the gateway scales out under load and back when it is gone", async () => {
  const autoscaling = platform.config.makeApiClient(AutoscalingV2Api);
  const apps = platform.config.makeApiClient(AppsV1Api);
  await waitForMetrics(platform.config);
  const use = async (cpu: string) => {
    for (const { metadata } of await podsOf("litellm")) {
      if (metadata?.labels?.["app.kubernetes.io/name"] === "litellm") {
        await core
          .patchNamespacedPod(
            {
              name: metadata.name ?? "",
              namespace: "litellm",
              body: { metadata: { annotations: { [CPU_USAGE]: cpu } } },
            },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
          )
          .catch((error: unknown) => {
            // The autoscaler takes pods away while this goes through the list.
            if (!(error instanceof ApiException && error.code === 404)) {
              throw error;
            }
          });
      }
    }
  };
  const ready = async () =>
    (await apps.readNamespacedDeployment({ name: "litellm", namespace: "litellm" })).status
      ?.readyReplicas ?? 0;

  await use("900m");
  expect(
    await eventually("more than two gateway pods", 120, async () => {
      const count = await ready();
      return count > 2 ? count : undefined;
    }),
  ).toBeGreaterThan(2);

  await use("10m");
  await eventually("two gateway pods again", 180, async () => {
    await use("10m");
    return (await ready()) === 2 ? true : undefined;
  });
  const { status } = await autoscaling.readNamespacedHorizontalPodAutoscaler({
    name: "litellm-hpa",
    namespace: "litellm",
  });
  expect(status?.desiredReplicas).toBe(2);
});
