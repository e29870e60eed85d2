import type { ScalingRules } from "../../domain/settings/scalingRules";
import {
  leastAllowed,
  longestPeriod,
  mostAllowed,
  type Behaviour,
  type Bounds,
  type ScaleEvent,
} from "./behaviour";

/** Seconds between two looks of Kubernetes' autoscaler: `--horizontal-pod-autoscaler-sync-period`, whose default EKS does not change. */
export const SYNC_SECONDS = 15;

interface Recommendation {
  readonly at: number;
  readonly replicas: number;
}

/**
 * What Kubernetes' HorizontalPodAutoscaler makes of the replicas that its metrics ask for: stabilization windows, then policies, then
 * bounds. Source: kubernetes v1.36.3 pkg/controller/podautoscaler/horizontal.go, `reconcileAutoscaler`,
 * `stabilizeRecommendationWithBehaviors` and `convertDesiredReplicasWithBehaviorRate`.
 */
export class Autoscaler {
  private recommendations: Recommendation[] = [];
  private readonly up: ScaleEvent[] = [];
  private readonly down: ScaleEvent[] = [];

  public constructor(
    private readonly bounds: Bounds,
    private readonly behaviour: Behaviour,
  ) {}

  /**
   * One look.
   *
   * @param now seconds; never less than at the look before
   * @param current replicas of the target's `spec`
   * @param proposed replicas that the metrics ask for; undefined where none of them has a value
   * @returns replicas to write to the target
   */
  public desired(now: number, current: number, proposed: number | undefined): number {
    if (this.recommendations.length === 0) {
      this.recommendations.push({ at: now, replicas: current });
    }
    const desired = this.wanted(now, current, proposed);
    this.remember(now, current, desired);
    return desired;
  }

  private wanted(now: number, current: number, proposed: number | undefined): number {
    const { minReplicas, maxReplicas } = this.bounds;
    // At 0 the autoscaler is off: somebody else, here KEDA, wakes the target.
    if (current === 0) {
      return 0;
    }
    if (current > maxReplicas) {
      return maxReplicas;
    }
    if (current < minReplicas) {
      return minReplicas;
    }
    return proposed === undefined
      ? current
      : this.limited(now, current, this.stabilized(now, current, proposed));
  }

  private stabilized(now: number, current: number, proposed: number): number {
    const { scaleUp, scaleDown } = this.behaviour;
    const upWindow = now - scaleUp.stabilizationWindowSeconds;
    const downWindow = now - scaleDown.stabilizationWindowSeconds;
    let most = proposed;
    let least = proposed;
    for (const { at, replicas } of this.recommendations) {
      if (at > upWindow) {
        most = Math.min(most, replicas);
      }
      if (at > downWindow) {
        least = Math.max(least, replicas);
      }
    }
    const oldest = Math.min(upWindow, downWindow);
    this.recommendations = this.recommendations.filter(({ at }) => at >= oldest);
    this.recommendations.push({ at: now, replicas: proposed });
    return Math.min(Math.max(current, most), least);
  }

  private limited(now: number, current: number, wanted: number): number {
    const { minReplicas, maxReplicas } = this.bounds;
    const { scaleUp, scaleDown } = this.behaviour;
    if (wanted > current) {
      return Math.min(wanted, maxReplicas, mostAllowed(now, current, scaleUp, this.up, this.down));
    }
    if (wanted < current) {
      return Math.max(
        wanted,
        minReplicas,
        leastAllowed(now, current, scaleDown, this.up, this.down),
      );
    }
    return wanted;
  }

  private remember(now: number, before: number, after: number): void {
    if (after > before) {
      store(this.up, { at: now, change: after - before }, this.behaviour.scaleUp);
    } else if (after < before) {
      store(this.down, { at: now, change: before - after }, this.behaviour.scaleDown);
    }
  }
}

/**
 * Appends an event, or puts it in the place of the last one that is older than the longest period of its own direction: the other
 * direction's policies, whose periods may be longer, then miss that one, as they do in Kubernetes (`storeScaleEvent`).
 */
function store(events: ScaleEvent[], event: ScaleEvent, rules: ScalingRules): void {
  const oldest = event.at - longestPeriod(rules);
  const outdated = events.findLastIndex(({ at }) => at < oldest);
  events.splice(outdated === -1 ? events.length : outdated, outdated === -1 ? 0 : 1, event);
}
