import { readFileSync } from "node:fs";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindAdapter, type ErrorRegistry } from "@prisma/driver-adapter-utils";
import type { Pool } from "pg";
import { clientAnswer } from "./answer";
import { datamodelOf, typedArguments, type Datamodel } from "./datamodel";
import type { DatabaseLocation } from "./database";
import { outage } from "./outage";
import { isMap } from "../../domain/map";
import { type ClientRequest, type EngineQuery } from "./request";
import { loadQueryEngine, type QueryEngine } from "./wasm";

/** Of tracing: none. */
const NO_TRACE = "{}";

/** Prisma's own engine in its WebAssembly build, over a pool of connections. */
export class Engine {
  private constructor(
    private readonly engine: QueryEngine,
    private readonly errors: ErrorRegistry,
    private readonly location: DatabaseLocation,
    private readonly datamodel: Datamodel,
  ) {}

  /**
   * @param datamodelFile path of `schema.prisma`
   * @throws Error when the schema cannot be read
   */
  public static async start(
    datamodelFile: string,
    pool: Pool,
    location: DatabaseLocation,
  ): Promise<Engine> {
    const schema = readFileSync(datamodelFile, "utf8");
    const adapter = bindAdapter(new PrismaPg(pool, { schema: "public" }));
    const engine = new (loadQueryEngine())(
      {
        datamodel: withDriverAdapters(schema),
        logLevel: "error",
        logQueries: false,
        configDir: ".",
        env: {},
        ignoreEnvVarErrors: true,
        engineProtocol: "json",
      },
      (line: string) => {
        console.error(line);
      },
      adapter,
    );
    await engine.connect(NO_TRACE);
    return new Engine(engine, adapter.errorRegistry, location, datamodelOf(schema));
  }

  /** Answers one request. @param transaction id of an interactive transaction that it is part of */
  public async query(request: ClientRequest, transaction: string | undefined): Promise<unknown> {
    if (request.kind === "single") {
      const { operation } = request;
      return clientAnswer(await this.ask(this.typed(operation.query), transaction), operation);
    }
    const answer = await this.ask(
      {
        batch: request.operations.map(({ query }) => this.typed(query)),
        ...(request.transaction ? { transaction: {} } : {}),
      },
      transaction,
    );
    if (!isMap(answer) || !Array.isArray(answer.batchResult)) {
      return answer;
    }
    const results: readonly unknown[] = answer.batchResult;
    return {
      batchResult: request.operations.map((operation, index) =>
        clientAnswer(results[index], operation),
      ),
    };
  }

  /** Begins an interactive transaction. @param options as the client wrote them: `max_wait` and `timeout`, milliseconds */
  public async begin(options: string): Promise<unknown> {
    return this.read(await this.engine.startTransaction(options, NO_TRACE));
  }

  public async commit(transaction: string): Promise<unknown> {
    return this.read(await this.engine.commitTransaction(transaction, NO_TRACE));
  }

  public async rollback(transaction: string): Promise<unknown> {
    return this.read(await this.engine.rollbackTransaction(transaction, NO_TRACE));
  }

  private typed(query: EngineQuery): unknown {
    const { modelName, query: asked } = query;
    const typed = typedArguments(asked.arguments, modelName, this.datamodel);
    return { ...query, query: { ...asked, arguments: typed } };
  }

  private async ask(query: unknown, transaction: string | undefined): Promise<unknown> {
    return this.read(await this.engine.query(JSON.stringify(query), NO_TRACE, transaction));
  }

  private read(text: string): unknown {
    return outage(JSON.parse(text) as unknown, this.errors, this.location);
  }
}

/** The schema as the WebAssembly build wants it: told that connections come from outside of the engine. */
export function withDriverAdapters(datamodel: string): string {
  if (datamodel.includes("previewFeatures")) {
    throw new Error("the schema asks for preview features, which are not known here");
  }
  const generator = /^generator\s+\w+\s*\{/m;
  if (!generator.test(datamodel)) {
    throw new Error("the schema has no generator");
  }
  return datamodel.replace(generator, (line) => `${line}\n  previewFeatures = ["driverAdapters"]`);
}
