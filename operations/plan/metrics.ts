import { AUTOSCALER_TOLERANCE } from "../../domain/models/requestScaling";

/** A metric as an autoscaler reads it. */
export type Reading = ExternalReading | UtilizationReading;

/** A sum over all pods, compared with `target` for each: `type: External`, `AverageValue`. */
export interface ExternalReading {
  readonly kind: "external";
  readonly value: number;
  readonly target: number;
}

/** Use of a resource, in percent of the requests, by pod: `type: Resource`, `Utilization`. */
export interface UtilizationReading {
  readonly kind: "utilization";
  /** Percent, of each pod that is ready. */
  readonly ready: readonly number[];
  /** Pods that are not ready yet. */
  readonly unready: number;
  /** Percent. */
  readonly target: number;
}

/** Pods of the target of an autoscaler. */
export interface Pods {
  /** `spec.replicas`. */
  readonly wanted: number;
  /** `status.replicas`: pods that exist, ready or not. */
  readonly existing: number;
}

/**
 * Replicas that the metrics ask for: what the one asks for that asks for most.
 *
 * @returns undefined where no metric has a value
 */
export function proposal(readings: readonly Reading[], pods: Pods): number | undefined {
  const proposals = readings.flatMap(
    (reading) =>
      (reading.kind === "external"
        ? externalProposal(reading, pods)
        : utilizationProposal(reading, pods)) ?? [],
  );
  return proposals.length === 0 ? undefined : Math.max(...proposals);
}

/**
 * ceil(value / target), or what there is within the tolerance. Pods that are not ready count as if they were: a pod that starts is not
 * asked for a second time. Source: kubernetes v1.36.3 pkg/controller/podautoscaler/replica_calculator.go, `GetExternalPerPodMetricReplicas`.
 */
export function externalProposal({ value, target }: ExternalReading, { existing }: Pods): number {
  return within(value / (target * existing)) ? existing : Math.ceil(value / target);
}

/**
 * ceil(pods * mean / target); pods that are not ready count with 0 when there are to be more, and not at all when there are to be fewer.
 * Source: as above, `GetResourceReplicas`.
 *
 * @returns undefined while no pod is ready
 */
export function utilizationProposal(
  { ready, unready, target }: UtilizationReading,
  { wanted }: Pods,
): number | undefined {
  if (ready.length === 0) {
    return undefined;
  }
  const sum = ready.reduce((total, use) => total + use, 0);
  // Whole percents, as the API shows and the controller compares them.
  const ratioOver = (count: number) => Math.trunc(sum / count) / target;
  const ratio = ratioOver(ready.length);
  if (unready === 0 || ratio <= 1) {
    return within(ratio) ? wanted : Math.ceil(ratio * ready.length);
  }
  const count = ready.length + unready;
  const damped = ratioOver(count);
  if (within(damped) || damped < 1) {
    return wanted;
  }
  const replicas = Math.ceil(damped * count);
  return replicas < wanted ? wanted : replicas;
}

function within(ratio: number): boolean {
  return 1 - AUTOSCALER_TOLERANCE <= ratio && ratio <= 1 + AUTOSCALER_TOLERANCE;
}
