import { AppsV1Api, AutoscalingV2Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { metricText } from "../../operations/stack/metricState";
import { stateText, workloads, type WorkloadState } from "../../operations/stack/platformState";
import { isPlaceholder, placeholderText } from "../../operations/stack/pods";
import { scaledObjects } from "../../operations/stack/scaledObjects";
import { table } from "../../operations/stack/table";
import { NEURON_RESOURCE } from "../../domain/neuron/resource";

/** Seconds until a new autoscaler has metrics: two scrapes of metrics-server and one of its own rounds. */
const METRICS_SECONDS = 300;

/** Waits until every autoscaler shows a value for each of its metrics. @returns those that do not, by name */
export async function waitForMetrics(config: KubeConfig): Promise<string[]> {
  const deadline = Date.now() + METRICS_SECONDS * 1000;
  for (;;) {
    const blind = (await everyWorkload(config)).filter(isBlind);
    if (blind.length === 0 || Date.now() > deadline) {
      return blind.map(({ autoscaler }) => autoscaler);
    }
    await sleep(1000);
  }
}

/** Whether an autoscaler should show a value that it does not; one whose target sleeps, or is paused, measures nothing. */
export function isBlind({ phase, metrics }: Pick<WorkloadState, "metrics" | "phase">): boolean {
  return (
    phase !== "asleep" &&
    phase !== "paused" &&
    (metrics.length === 0 || metrics.some(({ current }) => current === undefined))
  );
}

/** The autoscaled workloads of all namespaces. */
async function everyWorkload(config: KubeConfig): Promise<WorkloadState[]> {
  const [autoscalers, scaled] = await Promise.all([
    config.makeApiClient(AutoscalingV2Api).listHorizontalPodAutoscalerForAllNamespaces(),
    scaledObjects(config),
  ]);
  return workloads(config, [
    ...autoscalers.items.map(({ metadata }) => metadata?.namespace ?? ""),
    ...scaled.map(({ namespace }) => namespace),
  ]);
}

/** Tables of pods, autoscalers and nodes as they are now. */
export async function platformTables(config: KubeConfig): Promise<string> {
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const [pods, autoscaled, nodes, daemons] = await Promise.all([
    core.listPodForAllNamespaces(),
    everyWorkload(config),
    core.listNode(),
    apps.listDaemonSetForAllNamespaces(),
  ]);
  const podsOn = (node: string) => pods.items.filter(({ spec }) => spec?.nodeName === node).length;
  return [
    table(
      ["Namespace", "Pod", "Phase", "Node"],
      pods.items.map((pod) => [
        pod.metadata?.namespace,
        pod.metadata?.name,
        isPlaceholder(pod) ? placeholderText(pod) : pod.status?.phase,
        pod.spec?.nodeName,
      ]),
    ),
    table(
      ["Autoscaler", "Target", "Metrics (now / target)", "Ready of wanted", "Bounds", "State"],
      autoscaled.map((workload) => [
        workload.autoscaler,
        `${workload.kind}/${workload.name}`,
        workload.metrics.map(metricText).join(", ") || undefined,
        `${workload.ready} of ${workload.wanted}`,
        `${workload.minimum}-${workload.maximum}`,
        stateText(workload) || undefined,
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
