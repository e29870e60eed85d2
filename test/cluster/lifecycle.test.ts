import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AppsV1Api,
  AutoscalingV2Api,
  BatchV1Api,
  CoreV1Api,
  StorageV1Api,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Recorder } from "../support/engine";
import { eventually, startPlatform, type TestPlatform } from "../support/cluster";
import { LLAMA, QWEN } from "../support/models";

const state = z.object({
  resources: z.array(
    z.object({ urn: z.string(), dependencies: z.array(z.string()).default(() => []) }),
  ),
});

let platform: TestPlatform;
let output = "";

async function up(changes: Readonly<Record<string, unknown>> = {}): Promise<Recorder> {
  const recorder = new Recorder();
  await platform.configure(changes);
  const result = await platform.stack.up({ ...platform.checked, onEvent: recorder.onEvent });
  output += result.stdout;
  return recorder;
}

beforeAll(async () => {
  platform = await startPlatform();
  await up();
});
afterAll(() => platform.close());

const CHANGES = ["create", "update", "replace", "delete", "create-replacement", "delete-replaced"];

test("a second update changes nothing", async () => {
  expect((await up()).resources(...CHANGES)).toEqual([]);
});

test("the objects were applied by the official provider", async () => {
  const { items } = await platform.config
    .makeApiClient(AppsV1Api)
    .listNamespacedDeployment({ namespace: "litellm" });
  const managers = items.flatMap(
    ({ metadata }) =>
      metadata?.managedFields
        ?.filter(({ operation }) => operation === "Apply")
        .map(({ manager }) => manager) ?? [],
  );
  // One per resource, so that no two resources of a stack take each other's fields for their own.
  expect(managers).toEqual(
    items.map(() => expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/) as string),
  );
  expect(managers.length).toBeGreaterThan(0);
});

test("a Service whose pods the provider waits for comes after what makes them; the gateway's waits for none, and comes before", async () => {
  // The provider gives a Service ten minutes; an artifact Job or a managed database takes longer.
  const exported: { deployment: unknown } = await platform.stack.exportStack();
  const { resources } = state.parse(exported.deployment);
  const dependenciesOf = (resource: string) =>
    resources
      .filter(({ urn }) => urn.endsWith(`kubernetes:${resource}`))
      .flatMap(({ dependencies }) => dependencies);
  expect(dependenciesOf(`core/v1:Service::${QWEN}-service`)).toEqual(
    expect.arrayContaining([expect.stringContaining(`apps/v1:StatefulSet::${QWEN}`)]),
  );
  expect(dependenciesOf("apps/v1:Deployment::gateway")).toEqual(
    expect.arrayContaining([expect.stringContaining("core/v1:Service::gateway-service")]),
  );
});

test("the API server stored the autoscalers as configured", async () => {
  const api = platform.config.makeApiClient(AutoscalingV2Api);
  const gateway = await api.readNamespacedHorizontalPodAutoscaler({
    name: "litellm-hpa",
    namespace: "litellm",
  });
  expect(gateway.spec).toMatchObject({
    minReplicas: 2,
    maxReplicas: 10,
    scaleTargetRef: { kind: "Deployment", name: "litellm" },
    behavior: {
      scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Min",
        policies: [
          { type: "Percent", value: 50, periodSeconds: 60 },
          { type: "Pods", value: 1, periodSeconds: 60 },
        ],
      },
      scaleUp: {
        stabilizationWindowSeconds: 60,
        selectPolicy: "Max",
        policies: [
          { type: "Percent", value: 100, periodSeconds: 60 },
          { type: "Pods", value: 2, periodSeconds: 60 },
        ],
      },
    },
  });
  const targets = gateway.spec?.metrics?.map(({ resource }) => [
    resource?.name,
    resource?.target.averageUtilization,
  ]);
  expect(targets).toEqual(
    expect.arrayContaining([
      ["cpu", 70],
      ["memory", 80],
    ]),
  );
  const model = await api.readNamespacedHorizontalPodAutoscaler({
    name: `${LLAMA}-hpa`,
    namespace: "vllm",
  });
  expect(model.spec).toMatchObject({
    minReplicas: 1,
    maxReplicas: 2,
    behavior: {
      scaleDown: {
        stabilizationWindowSeconds: 600,
        policies: [{ type: "Pods", value: 1, periodSeconds: 300 }],
      },
      scaleUp: { policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
    },
  });
});

test("no secret stands in clear text in state, outputs, ConfigMaps or logs", async () => {
  const core = platform.config.makeApiClient(CoreV1Api);
  const secrets = await core.listSecretForAllNamespaces();
  const values = secrets.items
    .flatMap(({ data }) => Object.values(data ?? {}))
    .flatMap((encoded) => [encoded, Buffer.from(encoded, "base64").toString()]);
  expect(values).toContain("hugging-face-token-of-a-test");
  expect(values.length).toBeGreaterThanOrEqual(16);
  const state = readdirSync(join(platform.folder, "backend"), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
  const configMaps = JSON.stringify((await core.listConfigMapForAllNamespaces()).items);
  const outputs = JSON.stringify(await platform.stack.outputs());
  expect(state).toContain("RandomPassword");
  for (const value of values) {
    expect(state.includes(value), "a secret in the state").toBe(false);
    expect(configMaps.includes(value), "a secret in a ConfigMap").toBe(false);
    expect(outputs.includes(value), "a secret in the outputs").toBe(false);
    expect(output.includes(value), "a secret in the log").toBe(false);
  }
});

describe("an edit changes only what must", () => {
  test("more sequences: a new artifact Job, then new replicas, what the gateway admits, nothing of the other model", async () => {
    const recorder = await up({
      "llm-gateway:models": { [LLAMA]: { shape: { maxSequences: 2 } }, [QWEN]: {} },
    });
    expect(recorder.resources("create-replacement")).toEqual([
      `kubernetes:batch/v1:Job ${LLAMA}-artifact`,
    ]);
    expect(recorder.resources("update")).toEqual([
      "kubernetes:apps/v1:Deployment gateway",
      `kubernetes:apps/v1:StatefulSet ${LLAMA}`,
      "kubernetes:core/v1:ConfigMap gateway-routing-config",
    ]);
    expect(recorder.resources("create", "delete")).toEqual([]);
    const jobs = await platform.config
      .makeApiClient(BatchV1Api)
      .listNamespacedJob({ namespace: "vllm" });
    expect(jobs.items).toHaveLength(2);
    await up({ "llm-gateway:models": { [LLAMA]: {}, [QWEN]: {} } });
  });

  test("another cool-down: the file and the pods that read it", async () => {
    const recorder = await up({ "llm-gateway:gateway": { routing: { cooldownSeconds: 30 } } });
    expect(recorder.resources(...CHANGES)).toEqual([
      "kubernetes:apps/v1:Deployment gateway",
      "kubernetes:core/v1:ConfigMap gateway-routing-config",
    ]);
    const deployment = await platform.config
      .makeApiClient(AppsV1Api)
      .readNamespacedDeployment({ name: "litellm", namespace: "litellm" });
    expect(deployment.spec?.replicas, "the autoscaler's replicas survive the roll").toBe(2);
    await up({ "llm-gateway:gateway": {} });
  });
});

describe("the gateway inside the cluster alone", () => {
  const gatewayUrl = async () => (await platform.stack.outputs()).gatewayUrl?.value as unknown;

  test("is an edit of its Service, of its pods' drain and of the output", async () => {
    const service = { type: "ClusterIP", drainSeconds: 2 };
    const recorder = await up({ "llm-gateway:gateway": { service } });
    expect(recorder.resources(...CHANGES)).toEqual([
      "kubernetes:apps/v1:Deployment gateway",
      "kubernetes:core/v1:Service gateway-service",
    ]);
    expect(await gatewayUrl()).toBe("http://litellm.litellm.svc:4000/v1");
  });

  test("becomes a load balancer again, whose address the same update tells", async () => {
    await up({ "llm-gateway:gateway": {} });
    expect(await gatewayUrl()).toBe(`http://${platform.environment.loadBalancerAddress}:4000/v1`);
  });
});

test("readiness gates do no harm where nobody injects them", async () => {
  const service = { networkLoadBalancer: true, drainSeconds: 2 };
  await up({ "llm-gateway:gateway": { service } });
  const namespace = await platform.config
    .makeApiClient(CoreV1Api)
    .readNamespace({ name: "litellm" });
  expect(namespace.metadata?.labels).toMatchObject({
    "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
  });
  await up({ "llm-gateway:gateway": {} });
});

test("destroying leaves nothing behind", async () => {
  await platform.stack.destroy();
  const exported: { deployment: unknown } = await platform.stack.exportStack();
  expect((exported.deployment as { resources?: unknown[] }).resources ?? []).toEqual([]);
  const core = platform.config.makeApiClient(CoreV1Api);
  const namespaces = (await core.listNamespace()).items.map(({ metadata }) => metadata?.name);
  expect(namespaces).not.toContain("litellm");
  expect(namespaces).not.toContain("vllm");
  await eventually("the volumes are gone", 30, async () =>
    (await core.listPersistentVolume()).items.length === 0 ? true : undefined,
  );
  const classes = await platform.config.makeApiClient(StorageV1Api).listStorageClass();
  expect(classes.items).toEqual([]);
  const daemons = await platform.config
    .makeApiClient(AppsV1Api)
    .listNamespacedDaemonSet({ namespace: "kube-system" });
  expect(daemons.items).toEqual([]);
});

test("a first update without a load balancer ends, and its output is the Service's name", async () => {
  await up({ "llm-gateway:gateway": { service: { type: "ClusterIP" } } });
  const { gatewayUrl } = await platform.stack.outputs();
  expect(gatewayUrl?.value).toBe("http://litellm.litellm.svc:4000/v1");
});
