/** How long the pods of a workload take to come and to go; everything that waits for them is computed from it. */
export interface PodTimes {
  /** Seconds from a pod's creation until it is ready, at most. */
  readonly startSeconds: number;
  /** Seconds that a pod goes on serving after it was told to end: whoever sends to it learns of it meanwhile. */
  readonly drainSeconds: number;
  /** Seconds that an answer may take, at most. */
  readonly longestAnswerSeconds: number;
}

/**
 * Drain of a pod that a Network Load Balancer sends to by its address, seconds. Deregistration takes minutes, and new connections
 * come as long. Source: issues 1719, 1834, 2131 and 2366 of kubernetes-sigs/aws-load-balancer-controller, with 3 to 5 minutes.
 */
export const NETWORK_LOAD_BALANCER_DRAIN_SECONDS = 180;

/** Drain of a pod that others reach through its Service or name, seconds: endpoints follow within a few. */
export const SERVICE_DRAIN_SECONDS = 15;

/** Longer than any pod's grace by the settings, seconds: whoever empties a node waits as long. */
export const LONGEST_GRACE_SECONDS = 4 * 3600;

/** Pods that a roll of the gateway adds at a time: a new pod is ready before an old one goes. */
export const GATEWAY_SURGE = 1;

/** Seconds between two tokens of a stream, an assumption: nobody has measured a model on Inf2 for it. A context of 8 192 then takes 328 s. */
const SECONDS_PER_TOKEN = 0.04;

/** Longest delay of a target group, seconds. Source: Elastic Load Balancing API reference, TargetGroupAttribute. */
const LONGEST_DEREGISTRATION_SECONDS = 3600;

/**
 * Seconds that an answer may take: as configured, or else the wait for its first part, then a stream as long as the longest context.
 *
 * @param routing longest wait for a part of an answer, and longest answer where it is configured
 * @param contextLengths tokens of prompt and answer together, of each model that may answer
 */
export function longestAnswerSeconds(
  routing: {
    readonly requestTimeoutSeconds: number;
    readonly longestAnswerSeconds?: number | undefined;
  },
  contextLengths: readonly number[],
): number {
  return (
    routing.longestAnswerSeconds ??
    routing.requestTimeoutSeconds + Math.ceil(Math.max(0, ...contextLengths) * SECONDS_PER_TOKEN)
  );
}

/** Seconds between the order to end and SIGKILL, `terminationGracePeriodSeconds`: an answer may begin at the drain's end. */
export function graceSeconds(times: Omit<PodTimes, "startSeconds">): number {
  return times.drainSeconds + times.longestAnswerSeconds;
}

/** Seconds that a load balancer leaves the connections of a pod alone that it sends nothing new to: as long as the pod may live. */
export function deregistrationSeconds(times: Omit<PodTimes, "startSeconds">): number {
  return Math.min(LONGEST_DEREGISTRATION_SECONDS, graceSeconds(times));
}

/**
 * Seconds that a roll may take to replace one pod: the new one starts and, where a load balancer has to take it up, is registered,
 * which takes as long as the drain; then the old one ends.
 */
export function stepSeconds(times: PodTimes): number {
  return times.startSeconds + times.drainSeconds + graceSeconds(times);
}

/**
 * How long Pulumi waits for a workload.
 *
 * @param replicas most pods that a roll replaces
 * @param surge pods that it replaces at a time
 */
export function workloadTimeouts(
  times: PodTimes,
  replicas: number,
  surge = 1,
): { readonly create: string; readonly update: string; readonly delete: string } {
  return {
    create: minutes(stepSeconds(times)),
    update: minutes(stepSeconds(times) * Math.ceil(replicas / surge)),
    // All pods end at once; the API server needs a while to forget them.
    delete: minutes(graceSeconds(times) + 300),
  };
}

function minutes(seconds: number): string {
  return `${Math.ceil(seconds / 60)}m`;
}
