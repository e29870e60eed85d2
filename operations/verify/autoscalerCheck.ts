import { setTimeout as sleep } from "node:timers/promises";
import { AutoscalingV2Api, type V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import { fail, verdict } from "../stack/checklist";
import type { Check, Subject } from "./check";
import { scaledObjectsOf, sleepers, sleepersText, type Sleepers } from "./sleepers";

/** How long one that was just made may be without a status, seconds: Kubernetes looks at each every 15 s, a busy one later. */
const NEW_SECONDS = 60;
const POLL_MS = 2000;

/** What each autoscaler says of itself. */
export const autoscalers: Check = {
  name: "Autoscalers see metrics and can scale",
  run: async (subject) => {
    const { namespace, modelNamespace, signal } = subject;
    let items = await list(subject);
    while (items.some(isNew) && !signal.aborted) {
      await sleep(POLL_MS);
      items = await list(subject);
    }
    const ofKeda = (await scaledObjectsOf(subject)).length > 0;
    if (items.length === 0) {
      return ofKeda
        ? fail("KEDA has made no HorizontalPodAutoscaler", "the checks of KEDA below name why")
        : fail("there is no HorizontalPodAutoscaler", "run pulumi up");
    }
    const asleep = await sleepers(subject);
    const seen = items.map(
      ({ metadata, status, spec }) =>
        `${metadata?.name} ${status?.currentReplicas ?? 0} of ${spec?.minReplicas}-${spec?.maxReplicas}`,
    );
    return verdict(
      items.flatMap((item) => problemsOf(item, asleep)),
      `${seen.join(", ")}${sleepersText(asleep)}`,
      `kubectl describe hpa -n ${namespace}, and -n ${modelNamespace}, names the pods without metrics${ofKeda ? "; where it names an external metric, see the checks of KEDA below" : ""}`,
    );
  },
};

async function list({
  config,
  namespace,
  modelNamespace,
}: Subject): Promise<V2HorizontalPodAutoscaler[]> {
  const api = config.makeApiClient(AutoscalingV2Api);
  const lists = await Promise.all(
    [namespace, modelNamespace].map((name) =>
      api.listNamespacedHorizontalPodAutoscaler({ namespace: name }),
    ),
  );
  return lists.flatMap(({ items }) => items);
}

/** Whether one was just made, and Kubernetes has not looked at it: KEDA makes one anew after a pause. */
function isNew({ metadata, status }: V2HorizontalPodAutoscaler): boolean {
  const created = metadata?.creationTimestamp;
  return (
    (status?.conditions ?? []).length === 0 &&
    created !== undefined &&
    Date.now() - new Date(created).getTime() < NEW_SECONDS * 1000
  );
}

function problemsOf(
  { metadata, spec, status }: V2HorizontalPodAutoscaler,
  asleep: Sleepers,
): string[] {
  return ["AbleToScale", "ScalingActive"].flatMap((type) => {
    const condition = status?.conditions?.find((entry) => entry.type === type);
    const sleeps =
      condition?.reason === "ScalingDisabled" && asleep.has(spec?.scaleTargetRef.name ?? "");
    return condition?.status === "True" || sleeps
      ? []
      : [
          `${metadata?.name}: ${type} is ${condition?.status ?? "unknown"} (${condition?.reason ?? "no status yet"})`,
        ];
  });
}
