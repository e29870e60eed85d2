import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, CustomObjectsApi, DiscoveryV1Api, type V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import { messageOf } from "../../domain/failure";
import { NAME_LABEL, projectSelector } from "../../domain/labels";
import { fail, pass, verdict } from "../stack/checklist";
import { isPlaceholder, isReady } from "../stack/pods";
import { autoscalers } from "./autoscalerCheck";
import type { Check, Subject } from "./check";
import { sleepers, sleepersText } from "./sleepers";
import { REPLICA_START_MINUTES } from "../../domain/timing";

const POD_METRICS = { group: "metrics.k8s.io", version: "v1beta1", plural: "pods" };
const podMetrics = z.object({ items: z.array(z.unknown()) });

const RESOURCES = ["cpu", "memory"] as const;

const metricsApi: Check = {
  name: "Metrics API answers",
  run: async ({ config, namespace }) => {
    try {
      const { items } = podMetrics.parse(
        await config
          .makeApiClient(CustomObjectsApi)
          .listNamespacedCustomObject({ ...POD_METRICS, namespace }),
      );
      return items.length > 0
        ? pass(`metrics of ${items.length} pods in ${namespace}`)
        : fail(
            `no pod of ${namespace} has metrics`,
            "wait a minute; then look at metrics-server's log",
          );
    } catch (error) {
      return fail(
        `metrics.k8s.io does not answer: ${messageOf(error).split("\n")[0]}`,
        "install metrics-server (EKS add-on metrics-server) and see that its pods are ready",
      );
    }
  },
};

const requestsSet: Check = {
  name: "Containers have requests",
  run: async (subject) => {
    const pods = await podsOf(subject);
    const problems = pods.flatMap((pod) =>
      (pod.spec?.containers ?? []).flatMap(({ name, resources }) =>
        RESOURCES.filter((resource) => resources?.requests?.[resource] === undefined).map(
          (resource) => `${nameOf(pod)}: container ${name} requests no ${resource}`,
        ),
      ),
    );
    return verdict(
      problems,
      `${pods.length} pods`,
      "set resources.requests: an autoscaler is blind for a pod with a container without them",
    );
  },
};

const endpoints: Check = {
  name: "Every Service has an endpoint",
  run: async (subject) => {
    const { config, namespace, modelNamespace } = subject;
    const core = config.makeApiClient(CoreV1Api);
    const asleep = await sleepers(subject);
    const discovery = config.makeApiClient(DiscoveryV1Api);
    const problems: string[] = [];
    let count = 0;
    for (const name of [namespace, modelNamespace]) {
      const services = await core.listNamespacedService({
        namespace: name,
        labelSelector: projectSelector(),
      });
      const slices = await discovery.listNamespacedEndpointSlice({ namespace: name });
      for (const { metadata } of services.items) {
        count += 1;
        const ready = slices.items
          .filter(
            (slice) => slice.metadata?.labels?.["kubernetes.io/service-name"] === metadata?.name,
          )
          // An empty slice has null there, whatever its type says.
          .flatMap((slice) => (Array.isArray(slice.endpoints) ? slice.endpoints : []))
          .filter(({ conditions }) => conditions?.ready === true);
        // A model that sleeps, or loads after that, has none, and nothing is wrong.
        if (ready.length === 0 && !asleep.has(metadata?.labels?.[NAME_LABEL] ?? "")) {
          problems.push(`${name}/${metadata?.name} has no ready endpoint`);
        }
      }
    }
    return count === 0
      ? fail(
          `no Service of the platform in ${namespace} and ${modelNamespace}`,
          "run pulumi up, or name the namespaces with --namespace and --model-namespace",
        )
      : verdict(
          problems,
          `${count} Services${sleepersText(asleep)}`,
          "look at the pods behind it: the next check names them",
        );
  },
};

/** How long a gateway pod that an autoscaler has just added may take to be ready, seconds. */
const YOUNG_SECONDS = 120;
/** How long the first pod of a model that wakes may take, seconds: a node, an image and the weights. */
const WAKING_SECONDS = REPLICA_START_MINUTES * 60;
const POLL_MS = 2000;

const podsHealthy: Check = {
  name: "Pods are ready",
  run: async (subject) => {
    const asleep = await sleepers(subject);
    // At the most nodes of a group its placeholders wait, and a model that wakes may take minutes: neither is a fault.
    const isFaulty = (pod: V1Pod) =>
      !isReady(pod) &&
      !isPlaceholder(pod) &&
      !(isWaking(pod) && asleep.get(pod.metadata?.labels?.[NAME_LABEL] ?? "") === "waking");
    let pods = await podsOf(subject);
    let unready = pods.filter(isFaulty);
    // One that has only begun is no fault yet: it is asked again until it is old enough to be one.
    while (unready.some(isStarting) && !subject.signal.aborted) {
      await sleep(POLL_MS);
      pods = await podsOf(subject);
      unready = pods.filter(isFaulty);
    }
    const problems = unready.map((pod) => {
      const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
      const waiting = [
        ...(pod.status?.initContainerStatuses ?? []),
        ...(pod.status?.containerStatuses ?? []),
      ].find(({ state }) => state?.waiting !== undefined)?.state?.waiting?.reason;
      const restarts = pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
      const why =
        scheduled?.status === "False"
          ? `not scheduled: ${scheduled.message ?? scheduled.reason ?? ""}`
          : (waiting ?? `${pod.status?.phase ?? "unknown"}, not ready, ${restarts} restarts`);
      return `${nameOf(pod)}: ${why}`;
    });
    return verdict(
      problems,
      `${pods.length} pods${placeholdersText(pods)}${sleepersText(asleep)}`,
      "kubectl describe pod -n NAMESPACE POD, then kubectl logs, of each NAMESPACE/POD; a model that is not scheduled lacks a free Neuron device",
    );
  },
};

const podsSpread: Check = {
  name: "Gateway pods are on several nodes",
  run: async ({ config, namespace }) => {
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({
      namespace,
      labelSelector: projectSelector("gateway"),
    });
    const nodes = new Set(items.map(({ spec }) => spec?.nodeName));
    return items.length < 2
      ? fail(`${items.length} gateway pods`, "set gateway.autoscaling.minReplicas to 2 or more")
      : nodes.size < 2
        ? fail(
            `all ${items.length} pods are on one node`,
            "give the system node group a second node and delete one of the pods",
          )
        : pass(`${items.length} pods on ${nodes.size} nodes`);
  },
};

/** What Kubernetes itself knows of the platform. */
export const CLUSTER_CHECKS: readonly Check[] = [
  metricsApi,
  requestsSet,
  autoscalers,
  endpoints,
  podsHealthy,
  podsSpread,
];

/** The platform's pods, without those of Jobs that have ended and those on their way out. */
async function podsOf({ config, namespace, modelNamespace }: Subject): Promise<V1Pod[]> {
  const core = config.makeApiClient(CoreV1Api);
  const lists = await Promise.all(
    [namespace, modelNamespace].map((name) =>
      core.listNamespacedPod({ namespace: name, labelSelector: projectSelector() }),
    ),
  );
  return lists
    .flatMap(({ items }) => items)
    .filter(
      ({ metadata, status }) =>
        metadata?.deletionTimestamp === undefined && status?.phase !== "Succeeded",
    );
}

/** What the headroom of node groups does, as the end of what was seen. */
function placeholdersText(pods: readonly V1Pod[]): string {
  const placeholders = pods.filter(isPlaceholder);
  const waiting = placeholders.filter((pod) => !isReady(pod));
  return placeholders.length === 0
    ? ""
    : `, ${placeholders.length} of them placeholders${waiting.length === 0 ? "" : ` (${waiting.length} wait for a node)`}`;
}

function nameOf({ metadata }: V1Pod): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}

/** Whether a pod runs, was never started again, and is young. */
function isStarting(pod: V1Pod): boolean {
  return (
    pod.status?.phase === "Running" && isYoung(pod, YOUNG_SECONDS) && waitingFor(pod).length === 0
  );
}

/** Whether the pod of a model that wakes is on its way: it waits for a node, then for its image, then for its weights. */
function isWaking(pod: V1Pod): boolean {
  return (
    isYoung(pod, WAKING_SECONDS) &&
    waitingFor(pod).every((reason) => ["ContainerCreating", "PodInitializing"].includes(reason))
  );
}

function isYoung({ metadata, status }: V1Pod, seconds: number): boolean {
  const created = metadata?.creationTimestamp;
  return (
    created !== undefined &&
    Date.now() - new Date(created).getTime() < seconds * 1000 &&
    (status?.containerStatuses ?? []).every(({ restartCount }) => restartCount === 0)
  );
}

/** What containers of a pod wait for. */
function waitingFor({ status }: V1Pod): string[] {
  return (status?.containerStatuses ?? []).flatMap(({ state }) =>
    state?.waiting === undefined ? [] : [state.waiting.reason ?? "unknown"],
  );
}
