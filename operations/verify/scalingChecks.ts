import { setTimeout as sleep } from "node:timers/promises";
import { ApiregistrationV1Api, CoreV1Api, type V1APIService } from "@kubernetes/client-node";
import { SIGNALS_SERVICE } from "../../domain/gatewaySignals";
import {
  EXTERNAL_METRICS_API,
  KEDA_ADAPTER_PODS,
  KEDA_API_VERSION,
  KEDA_NAMESPACE,
} from "../../domain/keda";
import { fail, pass, skipped, verdict, type Finding } from "../stack/checklist";
import { isStopped, workloads } from "../stack/platformState";
import {
  holds,
  isNotFound,
  knowsScaledObjects,
  type ScaledObjectState,
} from "../stack/scaledObjects";
import { sourceText, triggerName } from "../stack/signalNames";
import { oneAutoscaler } from "./oneAutoscaler";
import { podsCommand, type Check, type Subject } from "./check";
import { readExternalMetric } from "./externalMetrics";
import { signalsAnswer } from "./signalCheck";
import { operatorCommand } from "./signalReaders";
import { scaledObjectsOf } from "./sleepers";

const OFF = "no ScaledObject: the stack scales on CPU and memory (autoscaling.requests: off)";

/** A check of what only a stack with ScaledObjects has. */
function ofScaledObjects(
  name: string,
  run: (subject: Subject, objects: readonly ScaledObjectState[]) => Promise<Finding>,
): Check {
  return {
    name,
    run: async (subject) => {
      const objects = await scaledObjectsOf(subject);
      return objects.length === 0 ? skipped(OFF) : run(subject, objects);
    },
  };
}

const installed: Check = {
  name: "KEDA is there, and owns external metrics",
  run: async (subject) => {
    const { config, namespace, modelNamespace } = subject;
    const [known, objects, wanted] = await Promise.all([
      knowsScaledObjects(config),
      scaledObjectsOf(subject),
      tellsSignals(subject),
    ]);
    if (!wanted && objects.length === 0) {
      return skipped(OFF);
    }
    if (!known) {
      return fail(
        `the gateway tells its signals, and the cluster does not know ${KEDA_API_VERSION} ScaledObject`,
        "install KEDA and run pulumi refresh and pulumi up, which make the ScaledObjects anew; or set autoscaling.requests: off",
      );
    }
    if (objects.length === 0) {
      return fail(
        `the gateway tells its signals, and there is no ScaledObject in ${namespace} and ${modelNamespace}`,
        "run pulumi refresh and pulumi up",
      );
    }
    return served(await apiService(subject), objects.length);
  },
};

/** Whether the gateway serves what an autoscaler would read. */
async function tellsSignals({ config, namespace }: Subject): Promise<boolean> {
  try {
    await config
      .makeApiClient(CoreV1Api)
      .readNamespacedService({ name: SIGNALS_SERVICE, namespace });
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
}

async function apiService({ config }: Subject): Promise<V1APIService | undefined> {
  try {
    return await config
      .makeApiClient(ApiregistrationV1Api)
      .readAPIService({ name: EXTERNAL_METRICS_API });
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

function served(api: V1APIService | undefined, objects: number): Finding {
  const { name = "", namespace = KEDA_NAMESPACE } = api?.spec?.service ?? {};
  const owner = `${namespace}/${name}`;
  if (api === undefined) {
    return fail(
      `nobody serves ${EXTERNAL_METRICS_API}`,
      "KEDA's metrics adapter registers it: upgrade or reinstall KEDA (helm status keda)",
    );
  }
  if (!name.includes("keda")) {
    return fail(
      `${EXTERNAL_METRICS_API} belongs to ${owner}, not to KEDA`,
      "a cluster has one owner of external metrics: uninstall the other adapter, then reinstall KEDA; or set autoscaling.requests: off",
    );
  }
  const available = api.status?.conditions?.find(({ type }) => type === "Available");
  return available?.status === "True"
    ? pass(`${owner} serves external metrics of ${objects} ScaledObjects`)
    : fail(
        `${EXTERNAL_METRICS_API} is not available (${available?.reason ?? "no status yet"}): ${available?.message ?? ""}`,
        `${podsCommand({ ...KEDA_ADAPTER_PODS, namespace })}: KEDA's metrics adapter behind ${owner} does not answer; meanwhile models wake and fall asleep, and nothing else scales`,
      );
}

const readable = ofScaledObjects(
  "KEDA reads what the autoscalers ask for",
  async (subject, objects) => {
    const { config } = subject;
    const asked = objects
      .filter((each) => !isStopped(each))
      .flatMap((each) => each.metrics.map((metric) => ({ each, metric })));
    const answers = await Promise.all(
      asked.map(async ({ each, metric }) => {
        const unanswered = await readExternalMetric(config, each, metric);
        return unanswered === undefined
          ? []
          : [{ ...unanswered, who: `${each.namespace}/${each.name}, ${metric}` }];
      }),
    );
    const failed = answers.flat();
    const unread = objects.filter(
      ({ metrics, triggers }) =>
        metrics.length === 0 && triggers.some(({ source }) => source !== undefined),
    );
    const operatorGone = unread.length > 0 || failed.some(({ at }) => at === "operator");
    return verdict(
      [
        ...unread.map(
          ({ namespace, name }) => `${namespace}/${name}: KEDA's operator has not looked at it`,
        ),
        ...failed.map(({ who, problem }) => `${who}: ${problem}`),
      ],
      `${asked.length} metrics of ${objects.length} ScaledObjects`,
      [
        ...(operatorGone ? [await operatorCommand(subject)] : []),
        ...(failed.some(({ at }) => at === "adapter") ? ["mend what the check before names"] : []),
        ...(failed.some(({ at }) => at === "trigger")
          ? ["the checks that follow name the trigger that fails"]
          : []),
      ].join("; "),
    );
  },
);

/** How often what may pass is looked at again before it is called a fault, and after how long: an autoscaler reads its signals every 15 seconds. */
const LOOKS = 10;
const LOOK_MS = 2000;

const scaling = ofScaledObjects("ScaledObjects scale", async (subject, objects) => {
  let now = objects;
  let troubles = now.flatMap(troublesOf);
  // Signals of pods that have only just come fail until these are ready, and KEDA's operator comes to a new object within seconds.
  for (let look = 0; look < LOOKS && mayPass(troubles) && !subject.signal.aborted; look += 1) {
    await sleep(LOOK_MS);
    now = await scaledObjectsOf(subject);
    troubles = now.flatMap(troublesOf);
  }
  const unread = troubles.some(({ ofOperator = false }) => ofOperator);
  const states = await workloads(
    subject.config,
    now.map(({ namespace }) => namespace),
  );
  const seen = now.map((each) => {
    const state = states.find(
      ({ autoscaler, namespace }) => autoscaler === each.autoscaler && namespace === each.namespace,
    );
    return `${each.name} ${state?.phase ?? `${state?.ready ?? 0} of ${state?.wanted ?? 0}`} (${each.minimum}-${each.maximum})`;
  });
  return verdict(
    troubles.map(({ seen: what }) => what),
    seen.join(", "),
    [
      ...new Set(troubles.map(({ remedy }) => remedy)),
      ...(unread ? [await operatorCommand(subject)] : []),
    ].join("; "),
  );
});

interface Trouble {
  readonly seen: string;
  readonly remedy: string;
  /** Whether KEDA's operator knows more. @default false */
  readonly ofOperator?: boolean;
  /** Whether it may pass by itself. @default false */
  readonly passing?: boolean;
}

function mayPass(troubles: readonly Trouble[]): boolean {
  return troubles.length > 0 && troubles.every(({ passing = false }) => passing);
}

/** What keeps a ScaledObject from scaling as it should. */
function troublesOf(each: ScaledObjectState): Trouble[] {
  const { conditions, name, namespace, pauses, triggers } = each;
  const who = `${namespace}/${name}`;
  const ready = conditions.Ready;
  const failing = triggers
    .filter(({ failures }) => failures > 0)
    .map(
      (trigger) =>
        `${triggerName(trigger)}${trigger.source === undefined ? "" : ` (${sourceText(trigger.source)})`} could not be read ${trigger.failures} times`,
    );
  return [
    ...pauses.map(({ annotation, value }) => ({
      seen: `${who} is paused: annotation ${annotation}: ${value}`,
      remedy: `kubectl -n ${namespace} annotate scaledobject ${name} ${annotation}-`,
    })),
    ...(holds(each, "Fallback")
      ? [
          {
            passing: true,
            seen: `${who} follows its fallback: ${failing.join(", ") || "a trigger cannot be read"}`,
            remedy: `the next check looks at the pods of the signal; compare kubectl -n ${namespace} get scaledobject ${name} -o yaml with pulumi preview`,
          },
        ]
      : []),
    ...(pauses.length > 0 || ready?.status === "True"
      ? []
      : [
          {
            // KEDA's operator begins with Unknown, without a reason; with one it means that a trigger fails beside one that does not.
            passing: ready?.status !== "False",
            seen: `${who}: Ready is ${ready?.status ?? "unknown"} (${ready === undefined || ready.reason === "" ? "KEDA's operator has not looked at it" : `${ready.reason}: ${ready.message}`})`,
            ofOperator: true,
            remedy: `kubectl -n ${namespace} describe scaledobject ${name}`,
          },
        ]),
  ];
}

/** How a stack scales: by its signals, and by one autoscaler each. */
export const SCALING_CHECKS: readonly Check[] = [
  installed,
  readable,
  scaling,
  ofScaledObjects("Every pod tells its signals", signalsAnswer),
  oneAutoscaler,
];
