/** KEDA's own programs on the embedded control plane: what they measure, an autoscaler scales on. */
import { existsSync, readFileSync } from "node:fs";
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

const NAMESPACE = "default";
const NAME = "m";
/** Requests that one replica is meant to have. */
const TARGET = 3;
const selector = { app: NAME };

let platform: TestPlatform;
let gauges: Gauges;

beforeAll(async () => {
  platform = await startPlatform(localConfig, { keda: true });
  gauges = await serveGauges(platform.environment.podNetwork, 60_000);
  gauges.set({ running: 1, waiting: 0 });
  const objects = KubernetesObjectApi.makeApiClient(platform.config);
  for (const object of [deployment(), service(), slice(), scaledObject()]) {
    await objects.create(object);
  }
});
afterAll(async () => {
  await platform.close();
  await gauges.close();
});

function deployment(): KubernetesObject {
  return object("apps/v1", "Deployment", {
    selector: { matchLabels: selector },
    template: { metadata: { labels: selector }, spec: { containers: [{ name: "c", image: "c" }] } },
  });
}

/** Without a selector: its endpoint is the process of this test, in the place of a pod. */
function service(): KubernetesObject {
  return object("v1", "Service", { clusterIP: "None", ports: [{ port: gauges.port }] });
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

function scaledObject(): KubernetesObject {
  const fast = {
    stabilizationWindowSeconds: 0,
    policies: [{ type: "Percent", value: 900, periodSeconds: 1 }],
  };
  const trigger = (gauge: string) => ({
    type: "metrics-api",
    name: gauge,
    metadata: {
      url: `http://${NAME}.${NAMESPACE}.svc:${gauges.port}/metrics`,
      format: "prometheus",
      valueLocation: `${gauge}{model_name="m"}`,
      aggregateFromKubeServiceEndpoints: "true",
      aggregationType: "sum",
      targetValue: String(TARGET),
    },
  });
  return object("keda.sh/v1alpha1", "ScaledObject", {
    scaleTargetRef: { name: NAME },
    minReplicaCount: 1,
    maxReplicaCount: 8,
    advanced: {
      horizontalPodAutoscalerConfig: {
        name: "m-hpa",
        behavior: { scaleUp: fast, scaleDown: fast },
      },
      scalingModifiers: {
        formula: "running + waiting",
        target: String(TARGET),
        metricType: "AverageValue",
      },
    },
    triggers: [trigger("running"), trigger("waiting")],
  });
}

function object(apiVersion: string, kind: string, spec: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name: NAME, namespace: NAMESPACE }, ...{ spec } };
}

/** Waits until the target has a number of replicas by the sum that the autoscaler shows. */
async function scaledTo(replicas: number): Promise<void> {
  const apps = platform.config.makeApiClient(AppsV1Api);
  await eventually(`${replicas} replicas`, 30, async () => {
    const { status } = await apps.readNamespacedDeployment({ name: NAME, namespace: NAMESPACE });
    return status?.readyReplicas === replicas ? true : undefined;
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
  await eventually("others in their place", 20, async () =>
    (await state()).operator.pid === before.operator.pid ? undefined : true,
  );
  expect([before.operator, before.adapter].filter(({ pid }) => runs(pid))).toEqual([]);
  gauges.set({ running: 9, waiting: 0 });
  await scaledTo(3);
});

/** Whether a process runs; one that nobody has waited for yet has no command line any more. */
function runs(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, "utf8") !== "";
}
