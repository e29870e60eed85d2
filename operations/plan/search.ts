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
  readonly warmth: Warmth;
  readonly outcome: Outcome;
}

/** What stands ready, and how far it goes. */
export interface Warmth {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Nodes kept ready. */
  readonly headroom: number;
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
const HEADROOMS = [0, 1, 2, 4];
/** Of the first step, so many settings are tried with other bounds: the cheapest of those that are as good as any. */
const KEPT = 3;
/** Points of the share within the goal by which settings that are as good as any may differ from the best. */
const AS_GOOD = 1;
/** Minima that are tried, between one and the maximum. */
const MINIMA = 8;
/** Maxima that are tried, as shares of the replicas that a run came to: less than it wanted may do, and overshoots less. */
const MAXIMA = [0.9, 0.75, 0.5];

/**
 * The cheapest settings of the autoscaler on requests that reach a goal: target and behaviour with bounds and headroom as they are, then the
 * promising ones with another minimum, maximum or headroom. More may be cheaper as well: what is there need not be started. Cost is what is paid for:
 * nodes. A minimum of zero, where a model sleeps, is not tried unless it is configured: it is for a fallback to answer meanwhile.
 */
export function search(setting: Setting, goal: Goal): Found {
  const { minReplicas, maxReplicas, scenario } = setting;
  const configured = { minReplicas, maxReplicas, headroom: scenario.fleet.headroom };
  const first = behaviours().map((scaling) => tried(setting, goal, scaling, configured));
  const warm = promising(first).flatMap(({ scaling, outcome: { mostReplicas } }) =>
    warmths(configured, mostReplicas).map((warmth) => tried(setting, goal, scaling, warmth)),
  );
  const all = [...first, ...warm];
  return { best: best(all, goal), closest: closest(all), tried: all.length };
}

/** Runs a candidate once more, for its report. */
export function replay(setting: Setting, candidate: Omit<Candidate, "outcome">): Run {
  return onRequests("", "", candidate.scaling).run(warmed(setting, candidate.warmth));
}

/** A setting with other bounds, whose minimum is there from the beginning, and another headroom. */
export function warmed(setting: Setting, warmth: Partial<Warmth>): Setting {
  const { scenario, initialReplicas } = setting;
  const {
    minReplicas = setting.minReplicas,
    maxReplicas = setting.maxReplicas,
    headroom = scenario.fleet.headroom,
  } = warmth;
  return {
    ...setting,
    minReplicas,
    maxReplicas,
    initialReplicas: Math.min(maxReplicas, Math.max(initialReplicas, minReplicas)),
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

/** @param most replicas that a run within the configured bounds came to */
function warmths(configured: Warmth, most: number): Warmth[] {
  const { minReplicas, maxReplicas, headroom } = configured;
  const step = Math.max(1, Math.ceil((maxReplicas - 1) / MINIMA));
  const minima = new Set([maxReplicas]);
  for (let minimum = 1; minimum < maxReplicas; minimum += step) {
    minima.add(minimum);
  }
  const maxima = new Set(
    MAXIMA.map((share) => Math.max(1, minReplicas, Math.round(share * most))).filter(
      (maximum) => maximum < most,
    ),
  );
  return [
    ...HEADROOMS.map((nodes) => ({ ...configured, headroom: nodes })),
    ...[...minima].map((minimum) => ({ ...configured, minReplicas: minimum })),
    ...[...maxima].map((maximum) => ({ ...configured, maxReplicas: maximum })),
  ].filter(
    (warmth) =>
      warmth.headroom !== headroom ||
      warmth.minReplicas !== minReplicas ||
      warmth.maxReplicas !== maxReplicas,
  );
}

function tried(setting: Setting, goal: Goal, scaling: SlotScaling, warmth: Warmth): Candidate {
  const candidate = { scaling, warmth };
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
