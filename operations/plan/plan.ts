import { plannedArrivals, type ProfileSettings } from "../load/planned";
import { compare, type Compared } from "./comparison";
import type { ModelTimes } from "./model";
import {
  fixed,
  KUBERNETES_BEHAVIOUR,
  LLM_D,
  llmDForSlots,
  onCpu,
  onQueue,
  onRequests,
  ORACLE,
  RECOMMENDED,
  type Policy,
  type Setting,
} from "./policies";
import { floorsOf } from "./schedule";
import { search, warmed, type Found, type Goal } from "./search";
import type { PlannedModel } from "./stack";

/** What a plan is made of, read and complete. */
export interface PlanInput {
  readonly profile: ProfileSettings;
  readonly model: PlannedModel;
  readonly times: ModelTimes;
  /** Seconds of a replica's start: on a node that is ready, and what a node needs before that. */
  readonly startSeconds: number;
  readonly bootSeconds: number;
  /** Seconds that a node is kept after its last replica. */
  readonly keepSeconds: number;
  readonly initialReplicas: number;
  /** Time of the first second, which a schedule needs. */
  readonly startsAt: Date;
  readonly goal: Goal;
}

/** A plan. */
export interface Plan {
  /** The requests in words. */
  readonly profile: string;
  /** How many requests there are. */
  readonly requests: number;
  /** Seconds of the trace. */
  readonly seconds: number;
  readonly policies: readonly Compared[];
  readonly found: Found;
}

/** Replays the requests under every policy, and searches the cheapest settings that reach the goal. */
export async function plan(input: PlanInput): Promise<Plan> {
  const { profile, times: arrivals } = await plannedArrivals(input.profile);
  const { model, goal, initialReplicas } = input;
  const setting: Setting = {
    ...model.bounds,
    initialReplicas,
    goalSeconds: goal.goalSeconds,
    sleep: model.requests,
    floors: model.requests.schedule.flatMap((entry) =>
      floorsOf(entry, input.startsAt, (arrivals.at(-1)?.atMs ?? 0) / 1000),
    ),
    scenario: {
      arrivals,
      times: input.times,
      queue: model.queue,
      fleet: {
        slots: model.slots,
        startSeconds: input.startSeconds,
        bootSeconds: input.bootSeconds,
        keepSeconds: input.keepSeconds,
        headroom: model.headroom,
      },
    },
  };
  const compared = policies(model).map((policy) => compare(policy, setting, goal));
  const overflowing = { ...setting, scenario: { ...setting.scenario, queue: overflow(goal) } };
  const recommended = onRequests(
    "on requests, overflow",
    "as above; what would wait too long for the goal is answered by the fallback",
    RECOMMENDED,
  );
  // Settings are to do without the fallback: with it a model of one replica would reach every goal, and the fallback would do the work.
  const alone = { ...setting.scenario, queue: { ...model.queue, fallback: false } };
  const found = search({ ...setting, scenario: alone }, goal);
  const { scaling, warmth } = found.best ?? found.closest;
  const chosen = onRequests(
    found.best === undefined ? "closest to the goal" : "cheapest within the goal",
    `found by ${found.tried} replays of these requests: it fits them, others may differ`,
    scaling,
  );
  return {
    profile,
    requests: arrivals.length,
    seconds: (arrivals.at(-1)?.atMs ?? 0) / 1000,
    policies: [
      ...compared,
      ...(model.queue.fallback ? [compare(recommended, overflowing, goal)] : []),
      compare(chosen, warmed(setting, warmth), goal),
    ],
    found,
  };
}

/** The queue of a gateway that gives a request to the fallback before it would miss the goal; a setting in whole seconds, 1 at least. */
export function overflow({ goalSeconds }: Goal) {
  return { perPlace: 1, seconds: Math.max(1, Math.floor(goalSeconds) - 1), fallback: true };
}

function policies(model: PlannedModel): Policy[] {
  return [
    yours(model),
    onCpu("CPU rule", KUBERNETES_BEHAVIOUR),
    onQueue("queue rule", KUBERNETES_BEHAVIOUR),
    LLM_D,
    llmDForSlots(model.slots),
    onRequests("on requests", "the recommended target and behaviour", RECOMMENDED),
    fixed(model.bounds.maxReplicas),
    ORACLE,
  ];
}

function yours({ keda, requests, behaviour, cpuPercent, bounds }: PlannedModel): Policy {
  const name = "your configuration";
  if (keda) {
    return onRequests(name, "models.*.autoscaling.requests of the stack", requests);
  }
  return cpuPercent === undefined
    ? { ...fixed(bounds.minReplicas), name, note: "its metrics are none that a plan can simulate" }
    : onCpu(name, behaviour, cpuPercent);
}
