import { modelRequestsSchema, type ModelRequestsSettings } from "../../domain/settings/requests";
import type { ScalingRules } from "../../domain/settings/scalingRules";
import type { Behaviour, Bounds } from "./behaviour";
import { Script } from "./control";
import { Kubernetes, type SleepSettings } from "./kubernetes";
import { oracle } from "./oracle";
import {
  cpu,
  inFlight,
  queued,
  queuedOrRunning,
  withFloors,
  type Floor,
  type Signal,
} from "./signals";
import { simulate, type Run, type Scenario } from "./simulate";

/** What all policies of a comparison share. */
export interface Setting extends Bounds {
  readonly scenario: Scenario;
  /** Replicas that serve from second 0. */
  readonly initialReplicas: number;
  readonly goalSeconds: number;
  /** For `minReplicas: 0`. @default - a model never sleeps */
  readonly sleep?: SleepSettings | undefined;
  /** Minimums by time. @default none */
  readonly floors?: readonly Floor[];
}

/** One way to decide on the replicas. */
export interface Policy {
  readonly name: string;
  /** What it is, and whose. */
  readonly note: string;
  readonly run: (setting: Setting) => Run;
}

/** Target and behaviour on requests: of `models.*.autoscaling.requests`. */
export type SlotScaling = Pick<ModelRequestsSettings, "scaleDown" | "scaleUp" | "slotUtilization">;

/** Behaviour of an autoscaler that says nothing of it. Source: kubernetes v1.36.3 pkg/apis/autoscaling/v2/defaults.go. */
export const KUBERNETES_BEHAVIOUR: Behaviour = {
  scaleUp: rules(0, pods(4, 15), percent(100, 15)),
  scaleDown: rules(300, percent(100, 15)),
};

/** llm-d's. Source: llm-d/llm-d, guide to autoscaling with HPA and gateway metrics. */
const LLM_D_BEHAVIOUR: Behaviour = {
  scaleUp: rules(0, percent(100, 15)),
  scaleDown: rules(300, percent(100, 15)),
};

/**
 * What a stack that says nothing has. The evaluation of docs/scaling.md recommends it: nearly the cheapest of those that lose nothing, on two
 * traces and eleven variants of them.
 */
export const RECOMMENDED: SlotScaling = modelRequestsSchema.parse({});

/** CPU of a busy pod, percent of its requests: vLLM's engine process keeps about one core busy while it decodes; a model pod requests three. An assumption. */
export const ASSUMED_BUSY_CPU_PERCENT = 33;

/** CPU target of the models' autoscalers without requests, percent. */
export const CPU_TARGET_PERCENT = 70;

/** So many replicas all the time. */
export function fixed(replicas: number): Policy {
  return {
    name: `static ${replicas}`,
    note: "no autoscaler",
    run: ({ scenario }) => simulate(scenario, new Script([]), replicas),
  };
}

/** Requests in slots and in the queue, over the slots. */
export function onRequests(name: string, note: string, scaling: SlotScaling): Policy {
  return {
    name,
    note,
    run: (setting) => {
      const signal = inFlight(setting.scenario.fleet.slots, scaling.slotUtilization);
      return kubernetes(setting, scaling, withFloors(signal, setting.floors ?? []), setting);
    },
  };
}

/** CPU of the model's pods. */
export function onCpu(
  name: string,
  behaviour: Behaviour,
  target: number = CPU_TARGET_PERCENT,
  busyPercent: number = ASSUMED_BUSY_CPU_PERCENT,
): Policy {
  return {
    name,
    note: `CPU ${target} %; a busy pod is taken to use ${busyPercent} % of its requests, for its work is on the Neuron device`,
    run: (setting) => kubernetes(setting, behaviour, cpu(busyPercent, target)),
  };
}

/** What waits, for each replica. */
export function onQueue(name: string, behaviour: Behaviour, target = 5): Policy {
  return {
    name,
    note: `waiting > ${target}, summed: the recipe of vllm-project/production-stack, mended to work beyond one replica`,
    run: (setting) => kubernetes(setting, behaviour, queued(target)),
  };
}

/** llm-d's recipe with the figures of its benchmarks. */
export const LLM_D: Policy = {
  name: "llm-d",
  note: "max(waiting / 1, running / 16), 100 % per 15 s up, window of 300 s down",
  run: (setting) => kubernetes(setting, LLM_D_BEHAVIOUR, queuedOrRunning(1, 16)),
};

/** llm-d's recipe for a server with few slots: 16 running requests are a figure of GPUs, which a replica with four slots never has. */
export function llmDForSlots(slots: number): Policy {
  return {
    name: "llm-d for slots",
    note: `as llm-d, with running / ${slots} in place of 16`,
    run: (setting) => kubernetes(setting, LLM_D_BEHAVIOUR, queuedOrRunning(1, slots)),
  };
}

/** Knows the arrivals. */
export const ORACLE: Policy = {
  name: "oracle",
  note: "knows the arrivals, keeps the goal, pays for its starts, and for nodes with a replica alone; greedy, so that a cheaper plan may exist",
  run: ({ scenario, ...settings }) => oracle(scenario, settings),
};

export function rules(window: number, ...policies: ScalingRules["policies"]): ScalingRules {
  return { stabilizationWindowSeconds: window, selectPolicy: "Max", policies };
}

export function pods(value: number, periodSeconds: number): ScalingRules["policies"][number] {
  return { type: "Pods", value, periodSeconds };
}

export function percent(value: number, periodSeconds: number): ScalingRules["policies"][number] {
  return { type: "Percent", value, periodSeconds };
}

function kubernetes(
  { scenario, minReplicas, maxReplicas, initialReplicas }: Setting,
  { scaleUp, scaleDown }: Behaviour,
  read: Signal,
  { sleep, floors = [] }: Pick<Setting, "sleep" | "floors"> = {},
): Run {
  const settings = {
    bounds: { minReplicas, maxReplicas },
    behaviour: { scaleUp, scaleDown },
    read,
    sleep,
    keptAwake: (now: number) => floors.some(({ from, to }) => from <= now && now < to),
  };
  // Nobody wakes what an autoscaler without KEDA finds at 0: there it begins with one.
  const initial = sleep === undefined ? Math.max(1, initialReplicas) : initialReplicas;
  return simulate(scenario, new Kubernetes(settings), initial);
}
