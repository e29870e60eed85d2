import type { types } from "@pulumi/kubernetes";
import { SIGNALS_PORT } from "../../domain/gatewaySignals";
import { selector } from "../../domain/labels";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/podSecurity";
import {
  GATEWAY,
  GATEWAY_PORT,
  ROUTING_CONFIG,
  ROUTING_FILE,
  ROUTING_FOLDER,
  GATEWAY_SECRET,
} from "../../domain/names";
import { idleSeconds } from "../../domain/loadBalancer";
import { graceSeconds, type PodTimes } from "../../domain/rolls";
import { healthCheckLockSeconds } from "../../domain/timing";
import type { RequestScaling } from "../../domain/settings/requestScaling";
import type { GatewaySettings } from "../../domain/settings/gateway";
import type { RoutingSettings } from "../../domain/settings/routing";

/** The `nobody` user of the non-root LiteLLM image. */
export const UID = 65534;

/** The volume of everything that the proxy writes; nothing on it outlives a pod. */
export const SCRATCH_VOLUME = "scratch";

/** What the pod of the proxy is built from. */
export interface ProxyPodArgs
  extends
    Pick<GatewaySettings, "image" | "resources">,
    Pick<
      RoutingSettings,
      "admission" | "fallbacks" | "healthCheckIntervalSeconds" | "requestTimeoutSeconds" | "retries"
    >,
    Omit<PodTimes, "startSeconds"> {
  /** Who reads the requests that the gateway scales on. */
  readonly requestScaling: RequestScaling;
}

/** Pod of the LiteLLM proxy: one worker process, so that pods are the only unit of scaling. */
export function proxyPodSpec(args: ProxyPodArgs): types.input.core.v1.PodSpec {
  const spread = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selector(GATEWAY) },
  });
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(UID),
    topologySpreadConstraints: [
      spread("topology.kubernetes.io/zone"),
      spread("kubernetes.io/hostname"),
    ],
    terminationGracePeriodSeconds: graceSeconds(args),
    containers: [
      {
        name: GATEWAY,
        image: args.image,
        args: [
          "--config",
          `${ROUTING_FOLDER}/${ROUTING_FILE}`,
          "--port",
          String(GATEWAY_PORT),
          "--num_workers",
          "1",
        ],
        ports: [
          { name: "http", containerPort: GATEWAY_PORT },
          ...(args.requestScaling.requests === "keda"
            ? [{ name: "signals", containerPort: SIGNALS_PORT }]
            : []),
        ],
        envFrom: [{ secretRef: { name: GATEWAY_SECRET } }],
        env: Object.entries({
          LITELLM_MODE: "PRODUCTION",
          LITELLM_LOG: "ERROR",
          // Prices come with the image instead of from the internet at every start.
          LITELLM_LOCAL_MODEL_COST_MAP: "True",
          // LiteLLM does not derive the life of a shared health result from the interval; 300 s would be its default.
          DEFAULT_SHARED_HEALTH_CHECK_TTL: String(args.healthCheckIntervalSeconds),
          // For so many seconds a pod waits for the check of another one, in vain without Redis, before it checks the replicas itself;
          // LiteLLM's default is 60.
          DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: String(
            healthCheckLockSeconds(args.healthCheckIntervalSeconds),
          ),
          // After five failures in a row LiteLLM leaves Redis alone for so many seconds; its default is 60.
          REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT: "10",
          // Where these are time-outs, they have to last so many seconds, for a loop that was busy counts them too; its default is 5.
          REDIS_CIRCUIT_BREAKER_TIMEOUT_MIN_DURATION: "1",
          // Longer than the load balancer knows an idle connection, and than the pools of usual clients: whoever closes last never
          // gets a request on a connection that it has just closed. LiteLLM's default is 5 s.
          KEEPALIVE_TIMEOUT: String(idleSeconds(args) + 50),
          // Rendering the description of the API blocks the event loop for seconds, for anybody without a key.
          NO_DOCS: "True",
          NO_REDOC: "True",
          NO_OPENAPI: "True",
          // The root file system is read-only: everything that is written goes to the scratch volume.
          LITELLM_NON_ROOT: "true",
          // A Job migrates the database, once, before the first pod.
          DISABLE_SCHEMA_UPDATE: "true",
          LITELLM_UI_PATH: "/tmp/ui",
          LITELLM_ASSETS_PATH: "/tmp/assets",
          XDG_CACHE_HOME: "/tmp/cache",
        }).map(([name, value]) => ({ name, value })),
        resources: args.resources,
        securityContext: RESTRICTED_CONTAINER,
        // A pod starts with its database, and stays in the Service without it: the keys that it knows are served.
        startupProbe: probe("/health/readiness", 5, 60),
        readinessProbe: probe("/health/liveliness", 10, 3),
        livenessProbe: probe("/health/liveliness", 15, 5),
        // LiteLLM refuses new connections at once when it gets SIGTERM, while a load balancer still sends some.
        lifecycle: { preStop: { sleep: { seconds: args.drainSeconds } } },
        volumeMounts: [
          { name: "routing", mountPath: ROUTING_FOLDER, readOnly: true },
          { name: SCRATCH_VOLUME, mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "routing", configMap: { name: ROUTING_CONFIG } },
      { name: SCRATCH_VOLUME, emptyDir: {} },
    ],
  };
}

function probe(
  path: string,
  periodSeconds: number,
  failureThreshold: number,
): types.input.core.v1.Probe {
  return { httpGet: { path, port: "http" }, periodSeconds, failureThreshold, timeoutSeconds: 5 };
}
