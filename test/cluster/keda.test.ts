/** KEDA's own programs on the embedded control plane: what they measure, an autoscaler scales on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AppsV1Api,
  AutoscalingV2Api,
  KubernetesObjectApi,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kedaFolderOf } from "../../local/control-plane/environment";
import { readKedaState, type KedaState } from "../../local/keda/state";
import {
  eventually,
  localConfig,
  startKedaOf,
  startPlatform,
  type TestPlatform,
} from "../support/cluster";
import { serveGauges, type Gauges } from "../support/gauge";
import { runs } from "../support/processes";

const NAMESPACE = "default";
/** A workload that has a replica always, and one that sleeps. */
const NAME = "m";
const SLEEPER = "z";
/** Requests that one replica is meant to have. */
const TARGET = 3;

let platform: TestPlatform;
let gauges: Gauges;

beforeAll(async () => {
  platform = await startPlatform(localConfig, { keda: true });
  gauges = await serveGauges(platform.environment.podNetwork, 60_000);
  gauges.set({ running: 1, waiting: 0, held: 0 });
  const objects = KubernetesObjectApi.makeApiClient(platform.config);
  for (const made of [
    deployment(NAME),
    deployment(SLEEPER),
    service(NAME),
    service(SLEEPER),
    slice(),
    scaledObject(NAME, {
      minReplicaCount: 1,
      formula: "running + waiting",
      triggers: [trigger(NAME, "running"), trigger(NAME, "waiting")],
    }),
    scaledObject(SLEEPER, {
      minReplicaCount: 0,
      pollingInterval: 1,
      cooldownPeriod: 1,
      // Nothing answers for the one that sleeps; `held` is what the gateway holds for it.
      formula: "(running ?? 0) + held",
      fallback: { behavior: "scalingModifiers", failureThreshold: 0, replicas: 2 },
      triggers: [trigger(SLEEPER, "running"), trigger(NAME, "held")],
    }),
  ]) {
    await objects.create(made);
  }
});
afterAll(async () => {
  await platform.close();
  await gauges.close();
});

function deployment(name: string): KubernetesObject {
  const labels = { app: name };
  return object(name, "apps/v1", "Deployment", {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "c" }] } },
  });
}

/** Without a selector: the endpoint of one is the process of this test, in the place of a pod. */
function service(name: string): KubernetesObject {
  return object(name, "v1", "Service", { clusterIP: "None", ports: [{ port: gauges.port }] });
}

function slice(): KubernetesObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: NAME, namespace: NAMESPACE, labels: { "kubernetes.io/service-name": NAME } },
    ...{
      addressType: "IPv4",
      ports: [{ port: gauges.port, protocol: "TCP" }],
      endpoints: [{ addresses: [gauges.address], conditions: { ready: true } }],
    },
  };
}

/** A gauge, summed over the ready endpoints of a Service. */
function trigger(ofService: string, gauge: string): object {
  return {
    type: "metrics-api",
    name: gauge,
    metadata: {
      url: `http://${ofService}.${NAMESPACE}.svc:${gauges.port}/metrics`,
      format: "prometheus",
      valueLocation: `${gauge}{model_name="m"}`,
      aggregateFromKubeServiceEndpoints: "true",
      aggregationType: "sum",
      targetValue: String(TARGET),
    },
  };
}

function scaledObject(
  name: string,
  { formula, ...spec }: { readonly formula: string } & Readonly<Record<string, unknown>>,
): KubernetesObject {
  const fast = {
    stabilizationWindowSeconds: 0,
    policies: [{ type: "Percent", value: 900, periodSeconds: 1 }],
  };
  return object(name, "keda.sh/v1alpha1", "ScaledObject", {
    scaleTargetRef: { name },
    maxReplicaCount: 8,
    advanced: {
      horizontalPodAutoscalerConfig: {
        name: `${name}-hpa`,
        behavior: { scaleUp: fast, scaleDown: fast },
      },
      scalingModifiers: { formula, target: String(TARGET), metricType: "AverageValue" },
    },
    ...spec,
  });
}

function object(name: string, apiVersion: string, kind: string, spec: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...{ spec } };
}

/** Waits until a workload has a number of ready replicas. */
async function scaledTo(replicas: number, name = NAME): Promise<void> {
  const apps = platform.config.makeApiClient(AppsV1Api);
  await eventually(`${replicas} replicas`, 30, async () => {
    const { status } = await apps.readNamespacedDeployment({ name, namespace: NAMESPACE });
    return (status?.readyReplicas ?? 0) === replicas ? true : undefined;
  });
}

async function state(): Promise<KedaState> {
  const found = await readKedaState(kedaFolderOf(platform.environment));
  if (found === undefined) {
    throw new Error("KEDA has not been started");
  }
  return found;
}

test("replicas follow the sum of two gauges of a pod, up and down", async () => {
  gauges.set({ running: 4, waiting: 6 });
  await scaledTo(4);
  const autoscaling = platform.config.makeApiClient(AutoscalingV2Api);
  await eventually("the value that the autoscaler shows", 20, async () => {
    const { status } = await autoscaling.readNamespacedHorizontalPodAutoscaler({
      name: "m-hpa",
      namespace: NAMESPACE,
    });
    const shown = status?.currentMetrics?.[0]?.external?.current.averageValue;
    return shown === "2500m" ? true : undefined;
  });

  gauges.set({ running: 4, waiting: 17 });
  await scaledTo(7);
  gauges.set({ running: 2, waiting: 0 });
  await scaledTo(1);
});

test("what sleeps wakes by one signal while the other has no endpoint, and falls asleep again", async () => {
  await scaledTo(0, SLEEPER);
  gauges.set({ running: 1, waiting: 0, held: 5 });
  // From zero KEDA itself makes one, and the autoscaler all that are asked for.
  await scaledTo(2, SLEEPER);
  gauges.set({ running: 1, waiting: 0, held: 0 });
  await scaledTo(0, SLEEPER);
});

test("an operator that was killed is started again, and measures on", async () => {
  const before = await state();
  process.kill(before.operator.pid, "SIGKILL");
  const after = await eventually("another operator", 20, async () => {
    const now = await state();
    return now.operator.pid === before.operator.pid ? undefined : now;
  });
  // The adapter knows the operator by its port.
  expect(after.adapter.pid).not.toBe(before.adapter.pid);
  gauges.set({ running: 4, waiting: 2 });
  await scaledTo(2);
});

test("a second start brings everything back, and ends what a killed one left", async () => {
  const before = await state();
  const daemon = Number(readFileSync(join(platform.environment.folder, "keda.pid"), "utf8"));
  process.kill(daemon, "SIGKILL");
  await eventually("the end of what watches over both", 10, () =>
    Promise.resolve(runs(daemon) ? undefined : true),
  );
  await startKedaOf(platform.environment);
  expect((await state()).operator.pid).not.toBe(before.operator.pid);
  expect([before.operator, before.adapter].filter(({ pid }) => runs(pid))).toEqual([]);
  gauges.set({ running: 9, waiting: 0 });
  await scaledTo(3);
});
