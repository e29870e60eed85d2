import { readdir, readFile } from "node:fs/promises";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { DEFAULT_NAMESPACES } from "../../domain/names";
import { kubeconfigOf } from "../../local/control-plane/environment";
import { waitForMetrics } from "../../local/environment/report";
import { loopbackOf } from "../../local/processes/addresses";
import { connect, type Connection } from "../../operations/stack/connection";
import { GatewayClient } from "../../operations/stack/gatewayClient";
import type { RequestTarget } from "../../operations/load/request";
import { isReady } from "../../operations/stack/pods";
import { FAULT_PATH, type Fault } from "../../local/simulator/faults";
import { ask, healthyEntries, many, type Answer, type Asked } from "./client";
import { eventually, localConfig, startPlatform, type TestPlatform } from "./cluster";
import { LLAMA, QWEN } from "./models";

type AskedOf = Asked & { readonly host?: string };

/** The local stack with its pods as processes: two gateways, two Llama replicas, one Qwen replica; short times. */
export class GatewayPlatform {
  public readonly core: CoreV1Api;

  private constructor(
    public readonly platform: TestPlatform,
    public readonly key: string,
  ) {
    this.core = platform.config.makeApiClient(CoreV1Api);
  }

  /**
   * @param routing over the gateway's
   * @param autoscaling over the gateway's
   * @param qwen over the autoscaling of Qwen
   * @param keda whether it scales on requests, by KEDA
   * @param autoscalerSyncSeconds between two rounds of the autoscalers
   * @param models in place of the two: the test waits itself until they are ready
   */
  public static async start({
    routing = {},
    autoscaling = {},
    qwen = {},
    keda = false,
    autoscalerSyncSeconds,
    models,
  }: {
    readonly routing?: Readonly<Record<string, unknown>>;
    readonly autoscaling?: Readonly<Record<string, unknown>>;
    readonly qwen?: Readonly<Record<string, unknown>>;
    readonly keda?: boolean;
    readonly autoscalerSyncSeconds?: number;
    readonly models?: Readonly<Record<string, object>>;
  } = {}): Promise<GatewayPlatform> {
    const platform = await startPlatform(
      (environment) => ({
        ...localConfig(environment),
        "llm-gateway:autoscaling": { requests: keda ? "keda" : "off" },
        "llm-gateway:models": models ?? {
          [LLAMA]: { autoscaling: { minReplicas: 2, maxReplicas: 2 } },
          [QWEN]: { autoscaling: { maxReplicas: 1, ...qwen } },
        },
        "llm-gateway:gateway": {
          routing: { healthCheckIntervalSeconds: 5, cooldownSeconds: 5, ...routing },
          autoscaling,
        },
      }),
      {
        processes: true,
        keda,
        ...(autoscalerSyncSeconds === undefined ? {} : { autoscalerSyncSeconds }),
      },
    );
    try {
      await platform.configure();
      await platform.stack.up(platform.checked);
      const secret = await platform.config
        .makeApiClient(CoreV1Api)
        .readNamespacedSecret({ name: "litellm", namespace: "litellm" });
      const key = Buffer.from(secret.data?.LITELLM_MASTER_KEY ?? "", "base64").toString("utf8");
      const gateway = new GatewayPlatform(platform, key);
      if (models === undefined) {
        await gateway.ready();
        await gateway.checked();
      }
      return gateway;
    } catch (error) {
      await platform.close();
      throw error;
    }
  }

  public get url(): string {
    return `http://${this.platform.environment.loadBalancerAddress}:4000`;
  }

  /** Waits until everything that the configuration asks for is ready. */
  public async ready(): Promise<void> {
    await eventually("two gateways, two Llama replicas, Qwen and Redis", 180, async () => {
      const counts = [
        (await this.podsOf("litellm", "litellm")).length,
        (await this.podsOf("vllm", LLAMA)).length,
        (await this.podsOf("vllm", QWEN)).length,
        (await this.podsOf("litellm", "litellm-redis-master")).length,
      ];
      const [gateways = 0, llama, qwen, redis] = counts;
      return gateways >= 2 && llama === 2 && qwen === 1 && redis === 1 ? true : undefined;
    });
  }

  /** Waits until every gateway pod has found every replica healthy: until then it sends one of them no request. */
  private async checked(): Promise<void> {
    const wanted = [`${LLAMA}-0`, `${LLAMA}-1`, `${QWEN}-0`];
    for (const pod of await this.podsOf("litellm", "litellm")) {
      await eventually(`${pod.metadata?.name} to find every replica healthy`, 60, async () => {
        const healthy = await healthyEntries(urlOf(pod), this.key);
        return wanted.every((id) => healthy.includes(id)) ? true : undefined;
      });
    }
  }

  /** No fault anywhere, and no replica that cools down or counts as unhealthy. */
  public async calm(): Promise<void> {
    for (const model of [LLAMA, QWEN]) {
      await this.setFault(model, { kind: "none" });
    }
    await new Promise((resolve) => setTimeout(resolve, 6000));
  }

  /** As an operator's command connects, once every autoscaler has metrics. */
  public async connected(): Promise<Connection> {
    await waitForMetrics(this.platform.config);
    return connect({
      kubeconfig: kubeconfigOf(this.platform.environment),
      namespace: DEFAULT_NAMESPACES.gateway,
      modelNamespace: DEFAULT_NAMESPACES.models,
    });
  }

  public close(): Promise<void> {
    return this.platform.close();
  }

  /** The ready pods of a workload that are not on their way out. */
  public async podsOf(namespace: string, name: string): Promise<V1Pod[]> {
    const labelSelector = `app.kubernetes.io/name=${name}`;
    const { items } = await this.core.listNamespacedPod({ namespace, labelSelector });
    return items.filter((pod) => isReady(pod) && pod.metadata?.deletionTimestamp === undefined);
  }

  /** Sets the same fault on every replica of a model, or on the one with the given ordinal. */
  public async setFault(model: string, fault: Fault, ordinal?: number): Promise<void> {
    const wanted = ordinal === undefined ? undefined : `${model}-${ordinal}`;
    const labelSelector = `app.kubernetes.io/name=${model}`;
    const { items } = await this.core.listNamespacedPod({ namespace: "vllm", labelSelector });
    for (const pod of items) {
      const runs = pod.metadata?.name?.startsWith(`${model}-artifact`) === false;
      if (runs && (wanted === undefined || pod.metadata?.name === wanted)) {
        const response = await fetch(`http://${addressOf(pod)}:8000${FAULT_PATH}`, {
          method: "PUT",
          body: JSON.stringify(fault),
        });
        if (response.status !== 200) {
          throw new Error(`${FAULT_PATH} answers ${response.status}: ${await response.text()}`);
        }
      }
    }
  }

  /** Asks through the load balancer, or the pod at a loopback address. */
  public ask(
    model: string,
    { host = this.platform.environment.loadBalancerAddress, ...asked }: AskedOf = {},
  ): Promise<Answer> {
    return ask(`http://${host}:4000`, this.key, model, asked);
  }

  /** What a load through the load balancer asks: whole answers, for a stream that has begun can move to no other replica. */
  public target(model: string): RequestTarget {
    const { url, key } = this;
    return { url, key, model: `vllm/${model}`, stream: false, timeoutMs: 60_000 };
  }

  /** The Prometheus page of one gateway pod. */
  public async metricsOf(pod: V1Pod): Promise<string> {
    return (await new GatewayClient(urlOf(pod), this.key).get("/metrics/")).text;
  }

  /** Many requests with so many at a time. */
  public askMany(count: number, atATime: number, model: string): Promise<Answer[]> {
    return many(count, atATime, () => this.ask(model));
  }
}

/** Where the process of a pod listens. */
export function addressOf(pod: V1Pod | undefined): string {
  return loopbackOf(pod?.status?.podIP ?? "");
}

/** Base URL of one gateway pod. */
function urlOf(pod: V1Pod): string {
  return `http://${addressOf(pod)}:4000`;
}

/** The process of a pod, by the address that it was told to listen on. */
export async function processOf(pod: V1Pod | undefined): Promise<number> {
  const address = addressOf(pod);
  for (const entry of await readdir("/proc")) {
    if (/^\d+$/.test(entry)) {
      const words = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
      const named = words.split("\0").some((word) => word.replace("--host=", "") === address);
      // redis-server rewrites its command line to `redis-server ADDRESS:PORT`.
      if (named || words.includes(` ${address}:`)) {
        return Number(entry);
      }
    }
  }
  throw new Error(`no process listens on ${address}`);
}
