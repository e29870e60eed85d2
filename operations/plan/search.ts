import { outcome, type Judgement, type Outcome } from "./outcome";
import {
  onRequests,
  percent,
  pods,
  RECOMMENDED,
  rules,
  type Setting,
  type SlotScaling,
} from "./policies";
import type { Run } from "./simulate";

/** Settings that a search tried, and what they come to. */
export interface Candidate {
  readonly scaling: SlotScaling;
  readonly minReplicas: number;
  /** Nodes kept ready. */
  readonly headroom: number;
  readonly outcome: Outcome;
}

/** What a search found. */
export interface Found {
  /** The cheapest that reach the goal; undefined where none does. */
  readonly best: Candidate | undefined;
  /** Those with the largest share within the goal, the cheapest of them. */
  readonly closest: Candidate;
  /** How many were tried. */
  readonly tried: number;
}

/** What is to be reached. */
export interface Goal extends Judgement {
  /** Least share of the requests within `goalSeconds`, percent. */
  readonly sharePercent: number;
}

/** Percent of the slots. */
const TARGETS = [95, 90, 85, 80, 70, 60];
/** Up: doubling suits bursts; a few pods at a time overshoot less. */
const UPS = [rules(0, percent(100, 15)), rules(0, pods(4, 60))];
const DOWN_WINDOWS = [120, 180, 300, 600];
const DOWN_POLICIES = [pods(1, 60), pods(1, 120)];
const HEADROOMS = [1, 2, 4];
/** Of the first step, so many settings are tried with more warmth: the cheapest of those that are as good as any. */
const KEPT = 3;
/** Points of the share within the goal by which settings that are as good as any may differ from the best. */
const AS_GOOD = 1;
/** Minima that are tried, between the configured one and the maximum. */
const MINIMA = 8;

/**
 * The cheapest settings of the autoscaler on requests that reach a goal: target and behaviour with bounds and headroom as they are, then the
 * promising ones with a larger minimum or headroom, which may be cheaper as well: what is there need not be started. Cost is what is paid for: nodes.
 */
export function search(setting: Setting, goal: Goal): Found {
  const first = behaviours().map((scaling) =>
    tried(setting, goal, scaling, setting.minReplicas, setting.scenario.fleet.headroom),
  );
  const warm = promising(first).flatMap(({ scaling }) =>
    warmths(setting).map(({ minReplicas, headroom }) =>
      tried(setting, goal, scaling, minReplicas, headroom),
    ),
  );
  const all = [...first, ...warm];
  return { best: best(all, goal), closest: closest(all), tried: all.length };
}

/** Runs a candidate once more, for its report. */
export function replay(setting: Setting, candidate: Omit<Candidate, "outcome">): Run {
  const { minReplicas, headroom, scaling } = candidate;
  return onRequests("", "", scaling).run(warmed(setting, minReplicas, headroom));
}

/** A setting with another minimum, which is there from the beginning, and another headroom. */
export function warmed(setting: Setting, minReplicas: number, headroom: number): Setting {
  const { scenario, initialReplicas } = setting;
  return {
    ...setting,
    minReplicas,
    initialReplicas: Math.max(initialReplicas, minReplicas),
    scenario: { ...scenario, fleet: { ...scenario.fleet, headroom } },
  };
}

function behaviours(): SlotScaling[] {
  const all = TARGETS.flatMap((slotUtilization) =>
    UPS.flatMap((scaleUp) =>
      DOWN_WINDOWS.flatMap((window) =>
        DOWN_POLICIES.map((policy) => ({
          slotUtilization,
          scaleUp,
          scaleDown: rules(window, policy),
        })),
      ),
    ),
  );
  // First, and so before others that come to the same.
  return [RECOMMENDED, ...all];
}

function warmths(setting: Setting): { readonly minReplicas: number; readonly headroom: number }[] {
  const { minReplicas, maxReplicas } = setting;
  const { headroom } = setting.scenario.fleet;
  const step = Math.max(1, Math.ceil((maxReplicas - minReplicas) / MINIMA));
  const minima: number[] = [];
  for (let minimum = minReplicas + step; minimum < maxReplicas; minimum += step) {
    minima.push(minimum);
  }
  return [
    ...HEADROOMS.filter((nodes) => nodes > headroom).map((nodes) => ({
      minReplicas,
      headroom: nodes,
    })),
    ...[...minima, maxReplicas].map((minimum) => ({ minReplicas: minimum, headroom })),
  ];
}

function tried(
  setting: Setting,
  goal: Goal,
  scaling: SlotScaling,
  minReplicas: number,
  headroom: number,
): Candidate {
  const candidate = { scaling, minReplicas, headroom };
  return { ...candidate, outcome: outcome(replay(setting, candidate), goal) };
}

function promising(candidates: readonly Candidate[]): Candidate[] {
  const most = closest(candidates).outcome.withinPercent;
  const good = candidates.filter(
    ({ outcome: { withinPercent } }) => withinPercent >= most - AS_GOOD,
  );
  return [...new Set([closest(candidates), ...good.sort(byCost).slice(0, KEPT)])];
}

function best(candidates: readonly Candidate[], { sharePercent }: Goal): Candidate | undefined {
  return candidates
    .filter(({ outcome: { withinPercent } }) => withinPercent >= sharePercent)
    .sort(byCost)[0];
}

function closest(candidates: readonly Candidate[]): Candidate {
  const [first] = [...candidates].sort(byShare);
  if (first === undefined) {
    throw new RangeError("nothing was tried");
  }
  return first;
}

function byCost(left: Candidate, right: Candidate): number {
  return (
    left.outcome.nodeHours - right.outcome.nodeHours ||
    right.outcome.withinPercent - left.outcome.withinPercent
  );
}

function byShare(left: Candidate, right: Candidate): number {
  return (
    right.outcome.withinPercent - left.outcome.withinPercent ||
    left.outcome.nodeHours - right.outcome.nodeHours
  );
}
