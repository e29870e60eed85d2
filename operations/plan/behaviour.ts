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
  if (rules.selectPolicy === "Disabled") {
    return current;
  }
  const limits = rules.policies.map(({ type, value, periodSeconds }) => {
    const start = replicasAtStart(now, current, periodSeconds, up, down);
    return type === "Pods" ? start + value : Math.ceil(start * (1 + value / 100));
  });
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
  if (rules.selectPolicy === "Disabled") {
    return current;
  }
  const limits = rules.policies.map(({ type, value, periodSeconds }) => {
    const start = replicasAtStart(now, current, periodSeconds, up, down);
    return type === "Pods" ? start - value : Math.trunc(start * (1 - value / 100));
  });
  const limit = rules.selectPolicy === "Max" ? Math.min(...limits) : Math.max(...limits);
  return Math.min(limit, current);
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
