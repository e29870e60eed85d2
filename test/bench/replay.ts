/**
 * Ours and the queue rule twice: in the simulation of `operations/plan`, and replayed on the embedded platform with KEDA's own programs, the real
 * API server, LiteLLM and simulated replicas, compressed in time. The table is that of docs/scaling.md; nothing here was measured on Inf2.
 *   LLM_GATEWAY_TRACES=folder node --require llm-gateway/typescript test/bench/replay.ts [sightings.json]
 */
import { writeFileSync } from "node:fs";
import { AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { failureText } from "../../domain/failure";
import { PACE_VARIABLES, START_VARIABLE } from "../../local/simulator/pace";
import { runLoad } from "../../operations/load/run";
import type { Arrival } from "../../operations/load/profile";
import type { Outcome } from "../../operations/load/request";
import { summarize } from "../../operations/load/statistics";
import { SYNC_SECONDS } from "../../operations/plan/autoscaler";
import type { Behaviour } from "../../operations/plan/behaviour";
import { compare } from "../../operations/plan/comparison";
import {
  KUBERNETES_BEHAVIOUR,
  onQueue,
  onRequests,
  RECOMMENDED,
  type Policy,
} from "../../operations/plan/policies";
import { ModelScaling } from "../gateway/scalingFaults";
import { eventually } from "../support/cluster";
import { GatewayPlatform } from "../support/gateway";
import { LLAMA } from "../support/models";
import { GOAL } from "../support/scaling";
import { hasTraces, publicTrace, TRACES_WANTED } from "../support/traces";
import { FACTOR, faster, fasterBehaviour, slowerBehaviour, thinned, TIMES } from "./compressed";
import { podSeconds, sighting, warmUps, type Sighting } from "./replayed";
import { printTable } from "./report";

const BOUNDS = { minReplicas: 1, maxReplicas: 4 };
const SLOTS = 4;
/** Difference of predicted and replayed replica-hours that is to be kept, percent. */
const MOST_PERCENT = 10;
/** Requests that wait, for each replica: the recipe of vllm-project/production-stack. */
const WAITING = 5;
/** Seconds of the replay until a server listens; with its process, the probe and the gateway's check about 180 s of the trace. */
const START_SECONDS = 9;
/** Longest wait for a slot and for an answer, seconds of the replay: nobody is refused. */
const PATIENCE_SECONDS = 600;
/** Between two looks at the pods, seconds of the replay. */
const LOOK_SECONDS = 0.25;

const OURS = fasterBehaviour(RECOMMENDED);
const QUEUE = fasterBehaviour(KUBERNETES_BEHAVIOUR);

interface Replay {
  readonly name: string;
  /** What is simulated, with the replay's behaviour at the trace's times. */
  readonly policy: (behaviour: Behaviour) => Policy;
  readonly behaviour: Behaviour;
  /** What makes the platform follow it. */
  readonly apply: (gateway: GatewayPlatform) => Promise<void>;
}

const REPLAYS: readonly Replay[] = [
  {
    name: "(running + waiting) / slots, 90 %, recommended",
    policy: (behaviour) => onRequests("", "", { ...RECOMMENDED, ...behaviour }),
    behaviour: OURS,
    apply: () => Promise.resolve(),
  },
  {
    name: `waiting > ${WAITING}, Kubernetes' behaviour`,
    policy: (behaviour) => onQueue("", behaviour, WAITING),
    behaviour: QUEUE,
    // The same triggers: what waits waits in the gateway, and in a replica that got more than its slots.
    apply: (gateway) =>
      new ModelScaling(gateway, LLAMA).patch({
        spec: {
          advanced: {
            horizontalPodAutoscalerConfig: { behavior: QUEUE },
            scalingModifiers: {
              formula: "waiting + queued + 0 * running",
              target: String(WAITING),
            },
          },
        },
      }),
  },
];

async function main(file: string | undefined): Promise<void> {
  if (!hasTraces()) {
    console.log(`skipped: ${TRACES_WANTED}`);
    return;
  }
  const arrivals = thinned(publicTrace("conv"));
  Object.assign(process.env, {
    [PACE_VARIABLES.timeToFirstTokenMs]: String((1000 * TIMES.firstTokenSeconds) / FACTOR),
    [PACE_VARIABLES.interTokenMs]: String((1000 * TIMES.perOutputTokenSeconds) / FACTOR),
    [START_VARIABLE]: String(1000 * START_SECONDS),
  });
  const gateway = await GatewayPlatform.start({
    keda: true,
    autoscalerSyncSeconds: SYNC_SECONDS / FACTOR,
    autoscaling: { minReplicas: 2, maxReplicas: 2, memoryUtilization: null },
    routing: {
      requestTimeoutSeconds: PATIENCE_SECONDS,
      admission: { queuePerPlace: 100, queueSeconds: PATIENCE_SECONDS },
    },
    models: { [LLAMA]: { autoscaling: { ...BOUNDS, requests: OURS } } },
  });
  try {
    await quickProbes(gateway);
    const rows: string[][] = [];
    const seen: Record<string, readonly Sighting[]> = {};
    for (const replay of REPLAYS) {
      await replay.apply(gateway);
      await one(gateway);
      process.stderr.write(`${replay.name}: ${arrivals.length} requests\n`);
      const { outcomes, sightings } = await replayed(gateway, faster(arrivals));
      seen[replay.name] = sightings;
      const { cells: measured, percent, failed } = row(replay, arrivals, outcomes, sightings);
      // At once: what comes after it may take long, or fail.
      process.stderr.write(`${measured.join(" | ")}\n`);
      const { errors } = summarize(outcomes, (arrivals.at(-1)?.atMs ?? 0) / 1000 / FACTOR);
      for (const [reason, count] of Object.entries(errors)) {
        process.stderr.write(`${count} failed: ${reason}\n`);
      }
      if (Math.abs(percent) > MOST_PERCENT || failed > 0) {
        process.stderr.write(
          `${replay.name} misses the goal: at most ${MOST_PERCENT} % of difference, and no failed request\n`,
        );
        process.exitCode = 1;
      }
      rows.push(measured);
      if (file !== undefined) {
        writeFileSync(file, JSON.stringify(seen));
      }
    }
    printTable(
      [
        "Policy",
        "Hours predicted",
        "Replayed",
        "Difference",
        `Within ${GOAL.goalSeconds} s predicted`,
        "Replayed",
        "Warm-up s",
        "Failed",
      ],
      rows,
    );
  } finally {
    await gateway.close();
  }
}

/** Probes and the pause before a pod ends at the replay's times, at least a second. */
async function quickProbes({ platform }: GatewayPlatform): Promise<void> {
  const apps = platform.config.makeApiClient(AppsV1Api);
  const where = { name: LLAMA, namespace: "vllm" };
  const { spec } = await apps.readNamespacedStatefulSet(where);
  const name = spec?.template.spec?.containers[0]?.name;
  const changes = {
    name,
    startupProbe: { periodSeconds: 1, failureThreshold: 900 },
    readinessProbe: { periodSeconds: 1 },
    lifecycle: { preStop: { sleep: { seconds: 1 } } },
  };
  const body = { spec: { template: { spec: { containers: [changes] } } } };
  await apps.patchNamespacedStatefulSet(
    { ...where, body },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
  await eventually("a replica with the new probes", 120, async () => {
    const { status } = await apps.readNamespacedStatefulSet(where);
    return status?.currentRevision === status?.updateRevision && status?.readyReplicas === 1
      ? true
      : undefined;
  });
}

/** Waits until one replica is there and answers. */
async function one(gateway: GatewayPlatform): Promise<void> {
  await eventually("two gateway pods", 180, async () =>
    (await gateway.podsOf("litellm", "litellm")).length === 2 ? true : undefined,
  );
  await eventually("one replica", 180, async () => {
    const pods = await podsOf(gateway);
    return pods.length === 1 && (await gateway.podsOf("vllm", LLAMA)).length === 1
      ? true
      : undefined;
  });
  await eventually("answers of both gateway pods", 60, async () => {
    const answers = await gateway.askMany(8, 2, LLAMA);
    return answers.every(({ status }) => status === 200) ? true : undefined;
  });
}

async function podsOf({ core }: GatewayPlatform) {
  const labelSelector = `app.kubernetes.io/name=${LLAMA},app.kubernetes.io/component=server`;
  return (await core.listNamespacedPod({ namespace: "vllm", labelSelector })).items;
}

async function replayed(gateway: GatewayPlatform, arrivals: readonly Arrival[]) {
  const sightings: Sighting[] = [];
  let origin = performance.now();
  const run = await runLoad(
    {
      target: { ...gateway.target(LLAMA), timeoutMs: 1000 * PATIENCE_SECONDS },
      arrivals,
      mostInFlight: arrivals.length,
      observe: async () => {
        const at = (performance.now() - origin) / 1000;
        sightings.push(sighting(at, await podsOf(gateway)));
        return [];
      },
      observeSeconds: LOOK_SECONDS,
      signal: new AbortController().signal,
    },
    () => {
      origin = performance.now();
    },
  );
  return { outcomes: run.outcomes, sightings };
}

/** Seconds of the replay that an answer keeps its slot. */
function serviceSeconds({ tokens }: Outcome): number {
  const { firstTokenSeconds, perOutputTokenSeconds } = TIMES;
  return (firstTokenSeconds + perOutputTokenSeconds * (tokens - 1)) / FACTOR;
}

function row(
  { name, policy, behaviour }: Replay,
  arrivals: readonly Arrival[],
  outcomes: readonly Outcome[],
  sightings: readonly Sighting[],
): { readonly cells: string[]; readonly percent: number; readonly failed: number } {
  const end = (arrivals.at(-1)?.atMs ?? 0) / 1000;
  const starts = warmUps(sightings, outcomes, serviceSeconds);
  const warmUp = (FACTOR * starts.reduce((sum, start) => sum + start, 0)) / starts.length;
  const { outcome: predicted } = compare(
    policy(slowerBehaviour(behaviour)),
    {
      ...BOUNDS,
      initialReplicas: BOUNDS.minReplicas,
      goalSeconds: GOAL.goalSeconds,
      scenario: {
        arrivals,
        times: TIMES,
        queue: { perPlace: Infinity, seconds: Infinity, fallback: false },
        fleet: {
          slots: SLOTS,
          startSeconds: warmUp,
          bootSeconds: 0,
          headroom: 0,
          keepSeconds: 0,
        },
      },
    },
    GOAL,
  );
  const hours = (FACTOR * podSeconds(sightings, end / FACTOR)) / 3600;
  const good = outcomes.filter(({ error }) => error === undefined);
  const within = good.filter((outcome) => {
    const untilFirst =
      FACTOR * (outcome.totalMs / 1000 - serviceSeconds(outcome)) + TIMES.firstTokenSeconds;
    return untilFirst <= GOAL.goalSeconds;
  });
  const percent = (100 * hours) / predicted.replicaHours - 100;
  const failed = outcomes.length - good.length;
  const cells = [
    name,
    predicted.replicaHours.toFixed(2),
    hours.toFixed(2),
    `${percent.toFixed(1)} %`,
    `${predicted.withinPercent.toFixed(1)} %`,
    `${((100 * within.length) / outcomes.length).toFixed(1)} %`,
    warmUp.toFixed(0),
    String(failed),
  ];
  return { cells, percent, failed };
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
