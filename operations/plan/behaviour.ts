import type { ScalingRules } from "../../domain/settings/scalingRules";

/** Both directions of scaling, as `models.*.autoscaling` and its `requests` have them. */
export interface Behaviour {
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

/** Bounds and behaviour of an autoscaler. */
export interface Bounds {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Replicas that an autoscaler added (or removed) at a moment. */
export interface ScaleEvent {
  /** Seconds. */
  readonly at: number;
  /** Replicas, above 0. */
  readonly change: number;
}

/**
 * Most replicas that the rules allow now. Source: kubernetes v1.36.3 pkg/controller/podautoscaler/horizontal.go,
 * `calculateScaleUpLimitWithScalingRules` and the part of `convertDesiredReplicasWithBehaviorRate` that calls it.
 */
export function mostAllowed(
  now: number,
  current: number,
  rules: ScalingRules,
  up: readonly ScaleEvent[],
  down: readonly ScaleEvent[],
): number {
  const limits = limitsOf(now, current, rules, { up, down }, (start, { type, value }) =>
    type === "Pods" ? start + value : Math.ceil(start * (1 + value / 100)),
  );
  const limit = rules.selectPolicy === "Max" ? Math.max(...limits) : Math.min(...limits);
  return Math.max(limit, current);
}

/** Least replicas that the rules allow now. Source: `calculateScaleDownLimitWithBehaviors`, as above. */
export function leastAllowed(
  now: number,
  current: number,
  rules: ScalingRules,
  up: readonly ScaleEvent[],
  down: readonly ScaleEvent[],
): number {
  const limits = limitsOf(now, current, rules, { up, down }, (start, { type, value }) =>
    type === "Pods" ? start - value : Math.trunc(start * (1 - value / 100)),
  );
  const limit = rules.selectPolicy === "Max" ? Math.min(...limits) : Math.max(...limits);
  return Math.min(limit, current);
}

/** How far each policy lets replicas go from those at the start of its period; nowhere where the direction is disabled. */
function limitsOf(
  now: number,
  current: number,
  { selectPolicy, policies }: ScalingRules,
  { up, down }: { readonly up: readonly ScaleEvent[]; readonly down: readonly ScaleEvent[] },
  reach: (start: number, policy: ScalingRules["policies"][number]) => number,
): number[] {
  return selectPolicy === "Disabled"
    ? [current]
    : policies.map((policy) =>
        reach(replicasAtStart(now, current, policy.periodSeconds, up, down), policy),
      );
}

function replicasAtStart(
  now: number,
  current: number,
  periodSeconds: number,
  up: readonly ScaleEvent[],
  down: readonly ScaleEvent[],
): number {
  const changed = (events: readonly ScaleEvent[]) =>
    events.reduce((sum, { at, change }) => (at > now - periodSeconds ? sum + change : sum), 0);
  return current - changed(up) + changed(down);
}

/** Longest period of some rules: an event that is older counts no more. */
export function longestPeriod({ policies }: ScalingRules): number {
  return Math.max(...policies.map(({ periodSeconds }) => periodSeconds));
}
