import { AppsV1Api, AutoscalingV2Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { metricsOf, metricText } from "../../operations/stack/platformState";
import { table } from "../../operations/stack/table";
import { NEURON_RESOURCE } from "../../domain/neuron/resource";

/** Seconds until a new autoscaler has metrics: two scrapes of metrics-server and one of its own rounds. */
const METRICS_SECONDS = 300;

/** Waits until every autoscaler shows a value for each of its metrics. @returns those that do not, by name */
export async function waitForMetrics(config: KubeConfig): Promise<string[]> {
  const api = config.makeApiClient(AutoscalingV2Api);
  const deadline = Date.now() + METRICS_SECONDS * 1000;
  for (;;) {
    const { items } = await api.listHorizontalPodAutoscalerForAllNamespaces();
    const blind = items.filter((item) =>
      metricsOf(item).some(({ current }) => current === undefined),
    );
    if (blind.length === 0 || Date.now() > deadline) {
      return blind.map((item) => item.metadata?.name ?? "");
    }
    await sleep(1000);
  }
}

/** Tables of pods, autoscalers and nodes as they are now. */
export async function platformTables(config: KubeConfig): Promise<string> {
  const core = config.makeApiClient(CoreV1Api);
  const autoscaling = config.makeApiClient(AutoscalingV2Api);
  const apps = config.makeApiClient(AppsV1Api);
  const [pods, autoscalers, nodes, daemons] = await Promise.all([
    core.listPodForAllNamespaces(),
    autoscaling.listHorizontalPodAutoscalerForAllNamespaces(),
    core.listNode(),
    apps.listDaemonSetForAllNamespaces(),
  ]);
  const podsOn = (node: string) => pods.items.filter(({ spec }) => spec?.nodeName === node).length;
  return [
    table(
      ["Namespace", "Pod", "Phase", "Node"],
      pods.items.map(({ metadata, status, spec }) => [
        metadata?.namespace,
        metadata?.name,
        status?.phase,
        spec?.nodeName,
      ]),
    ),
    table(
      ["Autoscaler", "Target", "Metrics (now / target)", "Replicas", "Bounds"],
      autoscalers.items.map((item) => [
        item.metadata?.name,
        `${item.spec?.scaleTargetRef.kind}/${item.spec?.scaleTargetRef.name}`,
        metricsOf(item).map(metricText).join(", "),
        item.status?.currentReplicas,
        `${item.spec?.minReplicas}-${item.spec?.maxReplicas}`,
      ]),
    ),
    table(
      ["Node", "Instance type", "Zone", "Neuron devices", "Pods"],
      nodes.items.map(({ metadata, status }) => [
        metadata?.name,
        metadata?.labels?.["node.kubernetes.io/instance-type"],
        metadata?.labels?.["topology.kubernetes.io/zone"],
        status?.allocatable?.[NEURON_RESOURCE],
        podsOn(metadata?.name ?? ""),
      ]),
    ),
    `${daemons.items.length} DaemonSet, ${pods.items.length} pods, ${nodes.items.length} nodes (simulated)`,
  ].join("\n");
}
