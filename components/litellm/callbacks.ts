import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayModelName, type Model } from "../../domain/models/model";
import type { CacheSettings, RoutingSettings } from "../../domain/settings/routing";
import type { RedisKind } from "./redisConnection";

/** Folder of the Python modules that LiteLLM loads; they lie beside its configuration file in the pod. */
const FOLDER = join(__dirname, "callbacks");

const MODULES = {
  cacheScope: "cache_scope",
  fallbackContext: "fallback_context",
  admission: "admission",
} as const;

/** A callback as LiteLLM's configuration names it: one of its own, or module and instance beside the configuration file. */
export type Callback = "prometheus" | `${(typeof MODULES)[keyof typeof MODULES]}.${string}`;

/** What the callbacks follow from. */
export interface CallbackArgs {
  /** The response cache, and who shares it. */
  readonly cache: CacheSettings;
  /** Of it the admission. */
  readonly routing: Pick<RoutingSettings, "admission">;
  /** Models whose places are shared. */
  readonly models: readonly Pick<Model, "name" | "shape">[];
  /** Where Redis answers. */
  readonly redis: RedisKind;
}

/** What LiteLLM calls at each request. */
export function callbacks({
  cache: { enabled, scope },
  routing: { admission },
}: Pick<CallbackArgs, "cache" | "routing">): readonly Callback[] {
  return [
    "prometheus",
    `${MODULES.fallbackContext}.instance`,
    ...(enabled && scope !== "all" ? [`${MODULES.cacheScope}.${scope}` as const] : []),
    ...(admission.enabled ? [`${MODULES.admission}.handler` as const] : []),
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
    ...(args.routing.admission.enabled ? { [`${MODULES.admission}.json`]: admission(args) } : {}),
  };
}

/** The settings of the admission, as its module reads them. */
function admission({ models, routing, redis }: CallbackArgs): string {
  const { queuePerPlace, queueSeconds } = routing.admission;
  // Requests that a replica decodes together, by the gateway's name of its model.
  const places = Object.fromEntries(
    models.map(({ name, shape }) => [gatewayModelName(name), shape.maxSequences]),
  );
  return `${JSON.stringify({ places, queuePerPlace, queueSeconds, tls: redis.tls }, undefined, 2)}\n`;
}
