import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { POSTGRESQL, REDIS, REDIS_PORT, VLLM_PORT } from "../../domain/names";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { Pace } from "../../local/simulator/batch";
import { FAULT_PATH, type Fault } from "../../local/simulator/faults";
import { endGently } from "../../local/simulator/ending";
import { simulatorServer } from "../../local/simulator/server";
import { ensurePython } from "../../local/tools/python";
import { ask, healthyEntries, type Answer, type Asked } from "./client";
import { eventually, networkOfProcess } from "./cluster";
import { Postgresql } from "./postgresql";
import { REDIS_PASSWORD, RedisProcess } from "./redis";
import type { Received, Replica } from "./replica";
import { publishNames } from "./proxyNames";
import { startProxy, type Proxy, type ProxyOptions } from "./proxyProcess";

const KEY = "sk-test-master-key";
/** What the simulators ask for. */
export const MODEL_KEY = "test-model-key";
const MODEL_NAMESPACE = "vllm";

export interface ProxiesOptions extends Pick<ProxyOptions, "files" | "rewrite"> {
  /** Of it the models, the routing and the cache count. */
  readonly config: ParsedConfig;
  /** LiteLLM processes. @default 2 */
  readonly count?: number;
  /** Replicas that run from the start, by model; entries beyond them have no pod. */
  readonly replicas: Readonly<Record<string, number>>;
  /** Whether there is a PostgreSQL: without one only the administrator's key is known. @default false */
  readonly database?: boolean;
  /** Whether the configuration has health checks to wait for. @default true */
  readonly checked?: boolean;
  /** Over the environment of the pod. */
  readonly env?: Readonly<Record<string, string>>;
  /** Second number of the loopback addresses. @default one of this process's own */
  readonly network?: number;
  /** @default 25 ms to the first token, 10 ms to each other */
  readonly pace?: Pace;
}

/** LiteLLM processes with the rendered configuration and the pod's own environment, Redis and vLLM simulators; no cluster. */
export class Proxies {
  private readonly replicas = new Map<string, Replica>();
  private readonly proxies: Proxy[] = [];
  private redis: RedisProcess | undefined;
  private postgresql: Postgresql | undefined;

  private constructor(
    private readonly options: ProxiesOptions,
    private readonly folder: string,
    private readonly network: number,
    private readonly python: string,
  ) {}

  /** Resolves when every proxy is ready and has the health of every replica. */
  public static async start(options: ProxiesOptions): Promise<Proxies> {
    const folder = await mkdtemp(join(tmpdir(), "llm-gateway-proxies-"));
    const python = await ensurePython(() => undefined);
    const proxies = new Proxies(
      options,
      folder,
      options.network ?? networkOfProcess().podNetwork,
      python,
    );
    try {
      await proxies.startRedis();
      if (options.database === true) {
        await proxies.startPostgresql();
      }
      for (const [model, count] of Object.entries(options.replicas)) {
        for (let ordinal = 0; ordinal < count; ordinal += 1) {
          await proxies.startReplica(model, ordinal);
        }
      }
      await Promise.all(
        Array.from({ length: options.count ?? 2 }, (_, index) => proxies.startProxy(index)),
      );
      if (options.checked ?? true) {
        await proxies.settled();
      }
      return proxies;
    } catch (error) {
      await proxies.close();
      throw error;
    }
  }

  public readonly key = KEY;

  public url(proxy: number): string {
    return this.proxy(proxy).url;
  }

  public pidOf(proxy: number): number {
    return this.proxy(proxy).child.pid ?? 0;
  }

  public get redisPid(): number {
    return this.redis?.pid ?? 0;
  }

  public log(proxy: number): Promise<string> {
    return readFile(this.proxy(proxy).log, "utf8");
  }

  public replica(model: string, ordinal: number): Replica {
    const found = this.replicas.get(`${model}-${ordinal}`);
    if (found === undefined) {
      throw new Error(`no replica ${model}-${ordinal} runs`);
    }
    return found;
  }

  public ask(model: string, asked: Asked = {}, proxy = 0): Promise<Answer> {
    return ask(this.url(proxy), KEY, model, asked);
  }

  public async get(path: string, proxy = 0): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.url(proxy)}${path}`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    return { status: response.status, text: await response.text() };
  }

  /** The entries of the routing that a proxy's last health check found healthy. */
  public healthy(proxy = 0): Promise<string[]> {
    return healthyEntries(this.url(proxy), KEY);
  }

  /** Waits until every proxy's health checks agree with what runs. */
  public async settled(): Promise<void> {
    const wanted = [...this.replicas.keys()].sort().join();
    for (const index of this.proxies.keys()) {
      await eventually(`proxy ${index} to find ${wanted} healthy`, 90, async () =>
        (await this.healthy(index)).join() === wanted ? true : undefined,
      );
    }
  }

  public async setFault(model: string, ordinal: number, fault: Fault): Promise<void> {
    const { address } = this.replica(model, ordinal);
    const response = await fetch(`http://${address}:${VLLM_PORT}${FAULT_PATH}`, {
      method: "PUT",
      body: JSON.stringify(fault),
    });
    if (response.status !== 200) {
      throw new Error(`${FAULT_PATH} answers ${response.status}: ${await response.text()}`);
    }
  }

  /** What an autoscaler's new pod is: a server and its DNS name. */
  public async startReplica(model: string, ordinal: number): Promise<void> {
    const settings = this.options.config.models[model];
    if (settings === undefined) {
      throw new Error(`${model} is not in the configuration`);
    }
    const index = Object.keys(this.options.config.models).indexOf(model);
    const address = `127.${this.network}.${2 + index}.${1 + ordinal}`;
    const received: Received[] = [];
    const server = simulatorServer(
      {
        checkpoint: model,
        model,
        host: address,
        port: VLLM_PORT,
        maxNumSeqs: settings.shape.maxSequences,
        maxModelLen: settings.shape.maxModelLength,
      },
      this.options.pace ?? { timeToFirstTokenMs: 25, interTokenMs: 10 },
      MODEL_KEY,
    );
    const end = endGently(server);
    server.prependListener("request", (request) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.method === "POST") {
          const body = Buffer.concat(chunks).toString("utf8");
          received.push({ at: Date.now(), path: request.url ?? "", body });
        }
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(VLLM_PORT, address, resolve);
    });
    this.replicas.set(`${model}-${ordinal}`, { server, end, address, received });
    await this.publishNames();
  }

  /** As a pod goes that is scaled away: the server ends what it has begun, then its name, which its Service publishes until then. */
  public async stopReplica(model: string, ordinal: number): Promise<void> {
    const { server, end } = this.replica(model, ordinal);
    const closed = once(server, "close");
    end();
    await closed;
    this.replicas.delete(`${model}-${ordinal}`);
    await this.publishNames();
  }

  public async close(): Promise<void> {
    for (const { child } of this.proxies) {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        process.kill(-child.pid, "SIGKILL");
      }
    }
    this.redis?.kill();
    this.postgresql?.kill();
    for (const { server } of this.replicas.values()) {
      server.close();
      server.closeAllConnections();
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Starts Redis; a second time after it was killed. */
  public async startRedis(): Promise<void> {
    this.redis = new RedisProcess(this.folder, `127.${this.network}.1.100`, this.python);
    await this.publishNames();
  }

  /** @throws Error without the option `database` */
  public get database(): Postgresql {
    if (this.postgresql === undefined) {
      throw new Error("there is no database: ask for one");
    }
    return this.postgresql;
  }

  private async startPostgresql(): Promise<void> {
    const host = `127.${this.network}.1.101`;
    this.postgresql = await Postgresql.start(this.folder, host, this.python);
    await this.publishNames();
  }

  /** The answer of Redis to one command, as `redis-cli` writes it. */
  public redisSays(...command: string[]): Promise<string> {
    if (this.redis === undefined) {
      throw new Error("Redis does not run");
    }
    return this.redis.says(...command);
  }

  private proxy(index: number): Proxy {
    const found = this.proxies[index];
    if (found === undefined) {
      throw new Error(`there is no proxy ${index}`);
    }
    return found;
  }

  private async startProxy(index: number): Promise<void> {
    this.proxies[index] = await startProxy({
      name: `proxy-${index}`,
      host: `127.${this.network}.1.${1 + index}`,
      folder: this.folder,
      python: this.python,
      config: this.options.config,
      modelNamespace: MODEL_NAMESPACE,
      ...(this.options.files === undefined ? {} : { files: this.options.files }),
      ...(this.options.rewrite === undefined ? {} : { rewrite: this.options.rewrite }),
      env: {
        LITELLM_MASTER_KEY: KEY,
        VLLM_API_KEY: MODEL_KEY,
        REDIS_URL: `redis://:${REDIS_PASSWORD}@${REDIS}.litellm.svc:${REDIS_PORT}`,
        ...(this.postgresql === undefined ? {} : { DATABASE_URL: this.postgresql.url }),
        ...this.options.env,
      },
    });
  }

  /** Tells the proxies what cluster DNS would say. */
  private publishNames(): Promise<void> {
    return publishNames(this.folder, {
      models: this.options.config.models,
      namespace: MODEL_NAMESPACE,
      addresses: new Map([...this.replicas].map(([id, { address }]) => [id, address])),
      stores: {
        [REDIS]: `127.${this.network}.1.100`,
        ...(this.postgresql === undefined ? {} : { [POSTGRESQL]: `127.${this.network}.1.101` }),
      },
    });
  }
}
