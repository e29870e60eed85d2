/** The WebAssembly build of Prisma's query engine for PostgreSQL, as `@prisma/client` carries it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isMap } from "../../domain/map";

/** The engine: everything in and out of it is JSON. */
export interface QueryEngine {
  connect(trace: string): Promise<void>;
  query(body: string, trace: string, transaction?: string): Promise<string>;
  startTransaction(input: string, trace: string): Promise<string>;
  commitTransaction(id: string, trace: string): Promise<string>;
  rollbackTransaction(id: string, trace: string): Promise<string>;
}

export type QueryEngineConstructor = new (
  options: Readonly<Record<string, unknown>>,
  log: (line: string) => void,
  adapter: unknown,
) => QueryEngine;

/** What Node.js knows of WebAssembly, as far as it is used here: its types come with those of browsers alone. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** The generated bindings between JavaScript and the engine. */
interface Bindings {
  readonly QueryEngine: QueryEngineConstructor;
  readonly __wbg_set_wasm: (exports: object) => void;
}

const RUNTIME = "@prisma/client/runtime/query_engine_bg.postgresql";

/** Loads the engine. @throws Error when the package has another layout than that of 5.17.0 */
export function loadQueryEngine(): QueryEngineConstructor {
  const fromHere = createRequire(__filename);
  const bindings: unknown = fromHere(`${RUNTIME}.js`);
  const api: unknown = Reflect.get(globalThis, "WebAssembly");
  if (!isBindings(bindings) || !isApi(api)) {
    throw new Error(`${RUNTIME}.js is not the engine's bindings`);
  }
  const module = new api.Module(readFileSync(fromHere.resolve(`${RUNTIME}.wasm`)));
  bindings.__wbg_set_wasm(new api.Instance(module, { "./query_engine_bg.js": bindings }).exports);
  return bindings.QueryEngine;
}

function isBindings(value: unknown): value is Bindings {
  return (
    isMap(value) &&
    typeof value.QueryEngine === "function" &&
    typeof value.__wbg_set_wasm === "function"
  );
}

function isApi(value: unknown): value is WebAssemblyApi {
  return typeof value === "object" && value !== null && "Module" in value && "Instance" in value;
}
