import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GATEWAY_SIGNALS, SIGNALS_PORT } from "../../domain/gatewaySignals";
import { replicaId, replicaUrl, serverUrl } from "../../domain/models/addresses";
import { gatewayModelName, type Model } from "../../domain/models/model";
import { maySleep } from "../../domain/models/requestScaling";
import type { RequestScaling } from "../../domain/settings/requestScaling";
import {
  healthCheckLockSeconds,
  healthCheckTimeoutSeconds,
  REPLICA_START_MINUTES,
} from "../../domain/timing";
import type { CacheSettings, RoutingSettings } from "../../domain/settings/routing";

/** Folder of the Python modules that LiteLLM loads; they lie beside its configuration file in the pod. */
const FOLDER = join(__dirname, "callbacks");

const MODULES = {
  cacheScope: "cache_scope",
  fallbackContext: "fallback_context",
  sleeping: "sleeping",
  admission: "admission",
  signals: "signals",
  firstCheck: "first_check",
} as const;

/** A callback as LiteLLM's configuration names it: one of its own, or module and instance beside the configuration file. */
export type Callback = "prometheus" | `${Module}.${string}`;

/** What the callbacks follow from. */
export interface CallbackArgs {
  /** The response cache, and who shares it. */
  readonly cache: CacheSettings;
  /** Of it the admission. */
  readonly routing: Pick<RoutingSettings, "admission" | "healthCheckIntervalSeconds">;
  /** Models whose places are shared, and which may sleep. */
  readonly models: readonly Pick<Model, "autoscaling" | "name" | "shape">[];
  /** Namespace of the model servers. */
  readonly modelNamespace: string;
  /** Who reads the requests that workloads scale on. */
  readonly requestScaling: RequestScaling;
}

/** What LiteLLM calls at each request. */
export function callbacks({
  cache: { enabled, scope },
  models,
  requestScaling,
  routing: { admission },
}: Pick<CallbackArgs, "cache" | "models" | "requestScaling" | "routing">): readonly Callback[] {
  const scales = requestScaling.requests === "keda";
  return [
    "prometheus",
    `${MODULES.fallbackContext}.instance`,
    ...(enabled && scope !== "all" ? [`${MODULES.cacheScope}.${scope}` as const] : []),
    // Before the admission: a model without a replica has no place to wait for.
    ...(scales && models.some(maySleep) ? [`${MODULES.sleeping}.handler` as const] : []),
    ...(admission.enabled ? [`${MODULES.admission}.handler` as const] : []),
    // After them: it serves what they count.
    ...(scales ? [`${MODULES.signals}.handler` as const] : []),
    // The last: a request that waits for it is in flight.
    `${MODULES.firstCheck}.handler`,
  ];
}

/** The modules of {@link callbacks} and their settings, text by file name, which LiteLLM looks for beside its configuration file. */
export function callbackFiles(args: CallbackArgs): Readonly<Record<string, string>> {
  const named = callbacks(args).map((callback) => callback.split(".")[0]);
  const modules = Object.values(MODULES).filter((module) => named.includes(module));
  return {
    ...Object.fromEntries(
      modules
        .map((module) => `${module}.py`)
        .map((file) => [file, readFileSync(join(FOLDER, file), "utf8")]),
    ),
    ...Object.fromEntries(
      modules.flatMap((module) => {
        const settings = SETTINGS[module]?.(args);
        return settings === undefined ? [] : [[`${module}.json`, written(settings)]];
      }),
    ),
  };
}

type Module = (typeof MODULES)[keyof typeof MODULES];

/** What a module reads from the file beside it; nothing where there is none. */
const SETTINGS: Readonly<Partial<Record<Module, (args: CallbackArgs) => unknown>>> = {
  admission: ({ models, routing }) => {
    const { queuePerPlace, queueSeconds } = routing.admission;
    // Requests that a replica decodes together, by the gateway's name of its model.
    const places = Object.fromEntries(
      models.map(({ name, shape }) => [gatewayModelName(name), shape.maxSequences]),
    );
    return { places, queuePerPlace, queueSeconds };
  },
  sleeping: ({ models, modelNamespace, routing }) => ({
    models: Object.fromEntries(
      models.filter(maySleep).map(({ autoscaling, name }) => [
        gatewayModelName(name),
        {
          service: healthUrl(serverUrl(name, modelNamespace)),
          replicas: Object.fromEntries(
            Array.from({ length: autoscaling.maxReplicas }, (_, ordinal) => [
              replicaId(name, ordinal),
              healthUrl(replicaUrl(name, modelNamespace, ordinal)),
            ]),
          ),
        },
      ]),
    ),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    startSeconds: REPLICA_START_MINUTES * 60,
    // Until LiteLLM has checked a new replica for sure.
    freshSeconds: 2 * routing.healthCheckIntervalSeconds,
  }),
  first_check: ({ routing: { healthCheckIntervalSeconds } }) => ({
    // Until another pod's check is not waited for any more, and this pod's own is over.
    patienceSeconds:
      healthCheckLockSeconds(healthCheckIntervalSeconds) +
      healthCheckTimeoutSeconds(healthCheckIntervalSeconds) +
      5,
  }),
  signals: () => ({ port: SIGNALS_PORT, metrics: Object.values(GATEWAY_SIGNALS) }),
};

/** When a client is told to ask a sleeping model again, seconds. */
const RETRY_AFTER_SECONDS = 30;

function healthUrl(openAiUrl: string): string {
  return new URL("/health", openAiUrl).href;
}

function written(settings: unknown): string {
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
