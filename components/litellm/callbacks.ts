import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CacheSettings } from "../../domain/settings/routing";

/** Folder of the Python modules that LiteLLM loads; they lie beside its configuration file in the pod. */
const FOLDER = join(__dirname, "callbacks");

const MODULES = { cacheScope: "cache_scope", fallbackContext: "fallback_context" } as const;

/** A callback as LiteLLM's configuration names it: one of its own, or module and instance beside the configuration file. */
export type Callback = "prometheus" | `${(typeof MODULES)[keyof typeof MODULES]}.${string}`;

/** What LiteLLM calls at each request. */
export function callbacks({ enabled, scope }: CacheSettings): readonly Callback[] {
  return [
    "prometheus",
    `${MODULES.fallbackContext}.instance`,
    ...(enabled && scope !== "all" ? [`${MODULES.cacheScope}.${scope}` as const] : []),
  ];
}

/** The modules of {@link callbacks}, text by file name, which LiteLLM looks for beside its configuration file. */
export function callbackFiles(cache: CacheSettings): Readonly<Record<string, string>> {
  const named = callbacks(cache).map((callback) => callback.split(".")[0]);
  return Object.fromEntries(
    Object.values(MODULES)
      .filter((module) => named.includes(module))
      .map((module) => `${module}.py`)
      .map((file) => [file, readFileSync(join(FOLDER, file), "utf8")]),
  );
}
