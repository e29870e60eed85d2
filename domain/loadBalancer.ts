/** Prefix of the annotations that the AWS Load Balancer Controller reads on a Service. */
const PREFIX = "service.beta.kubernetes.io/aws-load-balancer";

/** Annotation of the Service for the AWS Load Balancer Controller. Source: its documentation at v2.13.4, guide/service/annotations. */
export function loadBalancerAnnotation(name: string): string {
  return `${PREFIX}-${name}`;
}

/** Name, for {@link loadBalancerAnnotation}, of the annotation with the attributes of the TCP listener on a port. */
export function listenerAttributes(port: number): string {
  return `listener-attributes.TCP-${port}`;
}

/** Attribute of a TCP listener: seconds without data after which the load balancer forgets a connection. */
export const IDLE_ATTRIBUTE = "tcp.idle_timeout.seconds";

/**
 * Seconds without data after which a Network Load Balancer forgets a connection: the default of a TCP listener, its bounds, and what
 * holds for a TLS listener, which cannot be changed. Source: Elastic Load Balancing, "Update the TCP idle timeout for your Network
 * Load Balancer listener".
 */
export const IDLE_SECONDS = { usual: 350, least: 60, most: 6000, tls: 350 } as const;

/** What the silence of a connection follows from. */
export interface AttemptTimes {
  /** Longest wait for one attempt, seconds. */
  readonly requestTimeoutSeconds: number;
  /** Further attempts after the first. */
  readonly retries: number;
  /** Models that are tried one after the other, by the one that was asked for. */
  readonly fallbacks: Readonly<Record<string, readonly string[]>>;
  /** Whether a request waits in the gateway before its attempts, and how long at most, seconds. */
  readonly admission: { readonly enabled: boolean; readonly queueSeconds: number };
}

/**
 * Seconds that a connection may be silent while the gateway works on its request: it waits for a place, and every attempt at every model
 * may take its whole time-out, for nothing bounds the request as a whole. A TLS listener cannot be told to wait as long; there one attempt has to fit.
 */
export function silentSeconds({
  requestTimeoutSeconds,
  retries,
  fallbacks,
  admission,
}: AttemptTimes): number {
  const models = 1 + Math.max(0, ...Object.values(fallbacks).map((to) => to.length));
  const queued = admission.enabled ? admission.queueSeconds : 0;
  return queued + requestTimeoutSeconds * (1 + retries) * models;
}

/** Seconds without data for which the load balancer keeps a connection: those of the longest silence, as far as AWS allows. */
export function idleSeconds(times: AttemptTimes): number {
  const silent = silentSeconds(times);
  return silent < IDLE_SECONDS.usual
    ? IDLE_SECONDS.usual
    : Math.min(IDLE_SECONDS.most, silent + 10);
}

/** Label of a namespace whose pods get a readiness gate for each target group that they belong to, and its value. */
export const READINESS_GATES = { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } as const;
