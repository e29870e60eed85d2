import {
  AppsV1Api,
  AutoscalingV2Api,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from "@kubernetes/client-node";
import { z } from "zod";
import type { Connection } from "../../operations/stack/connection";
import { GatewayClient } from "../../operations/stack/gatewayClient";
import { eventually } from "../support/cluster";
import { processOf, type GatewayPlatform } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";

const MERGE = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const apps = (gateway: () => GatewayPlatform) => gateway().platform.config.makeApiClient(AppsV1Api);

/** A fault of a live stack, and the check of `verify` that must name it. */
export interface InjectedFault {
  readonly name: string;
  /** Makes it, and returns what takes it away again. */
  readonly inject: () => Promise<() => Promise<unknown>>;
  readonly check: string;
  readonly seen: RegExp;
  readonly remedy: RegExp;
  /** Another subject than the stack as it is. */
  readonly subject?: () => Partial<Connection>;
}

const model =
  (
    gateway: () => GatewayPlatform,
    name: string,
    kind: "error" | "hang" | "drop" | "unready",
    ordinal?: number,
  ) =>
  async () => {
    await gateway().setFault(name, { kind }, ordinal);
    return () => gateway().setFault(name, { kind: "none" });
  };

const nothing = () => Promise.resolve(() => Promise.resolve());

/** A pod of the platform's that is not of its own making. */
const foreignPod = (gateway: () => GatewayPlatform, spec: V1Pod["spec"]) => async () => {
  const name = "foreign";
  const labels = { "app.kubernetes.io/part-of": "llm-gateway" };
  await gateway().core.createNamespacedPod({
    namespace: "vllm",
    body: { metadata: { name, labels }, ...(spec === undefined ? {} : { spec }) },
  });
  return () =>
    gateway().core.deleteNamespacedPod({
      name,
      namespace: "vllm",
      body: { gracePeriodSeconds: 0 },
    });
};

const stopped = (gateway: () => GatewayPlatform, namespace: string, name: string) => async () => {
  const [pod] = await gateway().podsOf(namespace, name);
  const pid = await processOf(pod);
  process.kill(pid, "SIGSTOP");
  return () => {
    process.kill(pid, "SIGCONT");
    return Promise.resolve();
  };
};

const requests = { cpu: "10m", memory: "10Mi" };
const container = (resources: object) => ({ name: "main", image: "example.com/a:1", resources });

/** @param gateway the platform that they are made on, once it runs */
export function injectedFaults(gateway: () => GatewayPlatform): readonly InjectedFault[] {
  return [
    {
      name: "every Llama replica answers 500",
      inject: model(gateway, LLAMA, "error"),
      check: "Every model completes",
      seen: new RegExp(`vllm/${LLAMA} was answered by its fallback ${QWEN}-0`),
      remedy: /pods and their log/,
    },
    {
      name: "every Llama replica hangs",
      inject: model(gateway, LLAMA, "hang"),
      check: "Every model completes",
      seen: new RegExp(`vllm/${LLAMA} was answered by its fallback ${QWEN}-0`),
      remedy: /pods and their log/,
    },
    {
      name: "every Llama replica drops its connections",
      inject: model(gateway, LLAMA, "drop"),
      check: "Every model completes",
      seen: new RegExp(`vllm/${LLAMA} was answered by its fallback ${QWEN}-0`),
      remedy: /pods and their log/,
    },
    {
      name: "a model without a fallback answers 500",
      inject: model(gateway, QWEN, "error"),
      check: "Every model completes",
      seen: new RegExp(`vllm/${QWEN} answers 500`),
      remedy: /pods and their log/,
    },
    {
      name: "one of two replicas answers 500 and is ready",
      inject: model(gateway, LLAMA, "error", 0),
      check: "The gateway sees every model replica healthy",
      seen: new RegExp(`${LLAMA}-0 is ready, and the gateway's check of it fails`),
      remedy: /kubectl -n vllm logs/,
    },
    {
      name: "a replica reports itself unhealthy",
      inject: model(gateway, LLAMA, "unready", 1),
      check: "Pods are ready",
      seen: new RegExp(`vllm/${LLAMA}-1: Running, not ready`),
      remedy: /kubectl describe pod/,
    },
    {
      name: "Redis is frozen",
      inject: stopped(gateway, "litellm", "litellm-redis-master"),
      check: "Redis is reachable",
      seen: /cache\/ping answers 5/,
      remedy: /litellm-redis-master-0/,
    },
    {
      name: "Redis is gone",
      inject: async () => {
        const scale = (replicas: number) =>
          apps(gateway).patchNamespacedStatefulSetScale(
            { name: "litellm-redis-master", namespace: "litellm", body: { spec: { replicas } } },
            MERGE,
          );
        await scale(0);
        await eventually("Redis to be gone", 60, async () =>
          (await gateway().podsOf("litellm", "litellm-redis-master")).length === 0
            ? true
            : undefined,
        );
        return async () => {
          await scale(1);
          await gateway().ready();
        };
      },
      check: "Every Service has an endpoint",
      seen: /litellm\/litellm-redis-master has no ready endpoint/,
      remedy: /the next check names them/,
    },
    {
      name: "a Service selects nothing",
      inject: async () => {
        const patch = (app: string) =>
          gateway().core.patchNamespacedService(
            {
              name: `${QWEN}-replicas`,
              namespace: "vllm",
              body: { spec: { selector: { "app.kubernetes.io/name": app } } },
            },
            MERGE,
          );
        await patch("mistyped");
        return () => patch(QWEN);
      },
      check: "Every Service has an endpoint",
      seen: new RegExp(`vllm/${QWEN}-replicas has no ready endpoint`),
      remedy: /pods behind it/,
    },
    {
      name: "a pod has no requests",
      inject: foreignPod(gateway, { containers: [container({})] }),
      check: "Containers have requests",
      seen: /vllm\/foreign: container main requests no cpu; .*requests no memory/,
      remedy: /set resources.requests/,
    },
    {
      name: "a pod fits on no node",
      inject: foreignPod(gateway, {
        containers: [container({ requests: { ...requests, cpu: "900" } })],
      }),
      check: "Pods are ready",
      seen: /vllm\/foreign: not scheduled: 0\/\d+ nodes are available/,
      remedy: /not scheduled lacks a free Neuron device/,
    },
    {
      name: "an autoscaler points at nothing",
      inject: async () => {
        const hpa = gateway().platform.config.makeApiClient(AutoscalingV2Api);
        const patch = (name: string) =>
          hpa.patchNamespacedHorizontalPodAutoscaler(
            {
              name: "litellm-hpa",
              namespace: "litellm",
              body: {
                spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name } },
              },
            },
            MERGE,
          );
        await patch("mistyped");
        return () => patch("litellm");
      },
      check: "Autoscalers see metrics and can scale",
      seen: /litellm-hpa: AbleToScale is False \(FailedGetScale\)/,
      remedy: /kubectl describe hpa/,
    },
    {
      name: "the metrics API leads nowhere",
      inject: async () => {
        const objects = KubernetesObjectApi.makeApiClient(gateway().platform.config);
        const header = {
          apiVersion: "apiregistration.k8s.io/v1",
          kind: "APIService",
          metadata: { name: "v1beta1.metrics.k8s.io" },
        };
        const before = z
          .object({
            spec: z.object({ service: z.object({ name: z.string(), namespace: z.string() }) }),
          })
          .loose()
          .parse(await objects.read(header));
        const patch = (name: string) =>
          objects.patch(
            { ...header, ...{ spec: { service: { ...before.spec.service, name } } } },
            undefined,
            undefined,
            undefined,
            undefined,
            PatchStrategy.MergePatch,
          );
        await patch("mistyped");
        return () => patch(before.spec.service.name);
      },
      check: "Metrics API answers",
      seen: /metrics\.k8s\.io does not answer/,
      remedy: /install metrics-server/,
    },
    {
      name: "the gateway's address leads nowhere",
      inject: nothing,
      subject: () => ({ gateway: new GatewayClient("http://127.0.0.1:1023", "key") }),
      check: "Gateway answers",
      seen: /127\.0\.0\.1:1023 cannot be reached/,
      remedy: /load balancer/,
    },
    {
      name: "the key in the Secret is not the one that the pods started with",
      inject: nothing,
      subject: () => ({ gateway: new GatewayClient(gateway().url, "sk-another") }),
      check: "Every model completes",
      seen: /GET \/v1\/models answers [45]\d\d/,
      remedy: /rollout restart/,
    },
    {
      name: "another namespace is looked at",
      inject: nothing,
      subject: () => ({ namespace: "elsewhere", modelNamespace: "nowhere" }),
      check: "Every Service has an endpoint",
      seen: /no Service of the platform in elsewhere and nowhere/,
      remedy: /--namespace/,
    },
  ];
}
