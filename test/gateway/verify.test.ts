import {
  AppsV1Api,
  AutoscalingV2Api,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from "@kubernetes/client-node";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { kubeconfigOf, REPOSITORY } from "../../local/control-plane/environment";
import { waitForMetrics } from "../../local/environment/report";
import { connect, type Connection } from "../../operations/stack/connection";
import { GatewayClient } from "../../operations/stack/gatewayClient";
import { verify } from "../../operations/verify/verify";
import { eventually } from "../support/cluster";
import { GatewayPlatform, processOf } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";

let gateway: GatewayPlatform;
let connection: Connection;

beforeAll(async () => {
  gateway = await GatewayPlatform.start({ routing: { requestTimeoutSeconds: 4 } });
  await waitForMetrics(gateway.platform.config);
  connection = await connect({
    kubeconfig: kubeconfigOf(gateway.platform.environment),
    namespace: "litellm",
    modelNamespace: "vllm",
  });
});
afterAll(() => gateway.close());

/** A checklist that nobody interrupts. */
const NEVER = new AbortController().signal;
const MERGE = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const apps = () => gateway.platform.config.makeApiClient(AppsV1Api);

interface InjectedFault {
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
  (name: string, kind: "error" | "hang" | "drop" | "unready", ordinal?: number) => async () => {
    await gateway.setFault(name, { kind }, ordinal);
    return () => gateway.setFault(name, { kind: "none" });
  };

const nothing = () => Promise.resolve(() => Promise.resolve());

/** A pod of the platform's that is not of its own making. */
const foreignPod = (spec: V1Pod["spec"]) => async () => {
  const name = "foreign";
  const labels = { "app.kubernetes.io/part-of": "llm-gateway" };
  await gateway.core.createNamespacedPod({
    namespace: "vllm",
    body: { metadata: { name, labels }, ...(spec === undefined ? {} : { spec }) },
  });
  return () =>
    gateway.core.deleteNamespacedPod({ name, namespace: "vllm", body: { gracePeriodSeconds: 0 } });
};

const stopped = (namespace: string, name: string) => async () => {
  const [pod] = await gateway.podsOf(namespace, name);
  const pid = await processOf(pod);
  process.kill(pid, "SIGSTOP");
  return () => {
    process.kill(pid, "SIGCONT");
    return Promise.resolve();
  };
};

const requests = { cpu: "10m", memory: "10Mi" };
const container = (resources: object) => ({ name: "main", image: "example.com/a:1", resources });

const FAULTS: readonly InjectedFault[] = [
  {
    name: "every Llama replica answers 500",
    inject: model(LLAMA, "error"),
    check: "Every model completes",
    seen: new RegExp(`vllm/${LLAMA} was answered by its fallback ${QWEN}-0`),
    remedy: /pods and their log/,
  },
  {
    name: "every Llama replica hangs",
    inject: model(LLAMA, "hang"),
    check: "Every model completes",
    seen: new RegExp(`vllm/${LLAMA} was answered by its fallback ${QWEN}-0`),
    remedy: /pods and their log/,
  },
  {
    name: "every Llama replica drops its connections",
    inject: model(LLAMA, "drop"),
    check: "Every model completes",
    seen: new RegExp(`vllm/${LLAMA} was answered by its fallback ${QWEN}-0`),
    remedy: /pods and their log/,
  },
  {
    name: "a model without a fallback answers 500",
    inject: model(QWEN, "error"),
    check: "Every model completes",
    seen: new RegExp(`vllm/${QWEN} answers 500`),
    remedy: /pods and their log/,
  },
  {
    name: "one of two replicas answers 500 and is ready",
    inject: model(LLAMA, "error", 0),
    check: "The gateway sees every model replica healthy",
    seen: new RegExp(`${LLAMA}-0 is ready, and the gateway's check of it fails`),
    remedy: /kubectl -n vllm logs/,
  },
  {
    name: "a replica reports itself unhealthy",
    inject: model(LLAMA, "unready", 1),
    check: "Pods are ready",
    seen: new RegExp(`vllm/${LLAMA}-1: Running, not ready`),
    remedy: /kubectl describe pod/,
  },
  {
    name: "Redis is frozen",
    inject: stopped("litellm", "litellm-redis-master"),
    check: "Redis is reachable",
    seen: /cache\/ping answers 5/,
    remedy: /litellm-redis-master-0/,
  },
  {
    name: "Redis is gone",
    inject: async () => {
      const scale = (replicas: number) =>
        apps().patchNamespacedStatefulSetScale(
          { name: "litellm-redis-master", namespace: "litellm", body: { spec: { replicas } } },
          MERGE,
        );
      await scale(0);
      await eventually("Redis to be gone", 60, async () =>
        (await gateway.podsOf("litellm", "litellm-redis-master")).length === 0 ? true : undefined,
      );
      return async () => {
        await scale(1);
        await gateway.ready();
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
        gateway.core.patchNamespacedService(
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
    inject: foreignPod({ containers: [container({})] }),
    check: "Containers have requests",
    seen: /vllm\/foreign: container main requests no cpu; .*requests no memory/,
    remedy: /set resources.requests/,
  },
  {
    name: "a pod fits on no node",
    inject: foreignPod({ containers: [container({ requests: { ...requests, cpu: "900" } })] }),
    check: "Pods are ready",
    seen: /vllm\/foreign: not scheduled: 0\/\d+ nodes are available/,
    remedy: /not scheduled lacks a free Neuron device/,
  },
  {
    name: "an autoscaler points at nothing",
    inject: async () => {
      const hpa = gateway.platform.config.makeApiClient(AutoscalingV2Api);
      const patch = (name: string) =>
        hpa.patchNamespacedHorizontalPodAutoscaler(
          {
            name: "litellm-hpa",
            namespace: "litellm",
            body: { spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name } } },
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
      const objects = KubernetesObjectApi.makeApiClient(gateway.platform.config);
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
    subject: () => ({ gateway: new GatewayClient(gateway.url, "sk-another") }),
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

describe("operations verify", () => {
  test("passes every check of a healthy stack, the fallback's when it may disturb", async () => {
    const { stdout, stderr, exitCode } = await execa(
      process.execPath,
      [
        ...[
          "--require",
          "llm-gateway/typescript",
          "operations/cli.ts",
          "verify",
          "--json",
          "--disturb",
        ],
        ...["--port-forward", "--kubeconfig", kubeconfigOf(gateway.platform.environment)],
      ],
      { cwd: REPOSITORY, reject: false },
    );
    expect(stderr).toBe("");
    const results = z
      .array(z.object({ check: z.string(), status: z.string(), seen: z.string() }))
      .parse(JSON.parse(stdout));
    expect(results.filter(({ status }) => status !== "pass")).toEqual([]);
    expect(results.length).toBe(12);
    expect(exitCode).toBe(0);
    await gateway.ready();
  });

  test.each(FAULTS)("names it, and what to do, when $name", async (fault) => {
    const heal = await fault.inject();
    try {
      // What a fault does shows after the gateway's next health check or the autoscaler's next round.
      const found = await eventually(fault.check, 60, async () => {
        const subject = { ...connection, disturb: false, signal: NEVER, ...fault.subject?.() };
        const result = (await verify(subject)).find(({ check }) => check === fault.check);
        return result?.status === "fail" && fault.seen.test(result.seen) ? result : undefined;
      });
      expect(found.remedy).toMatch(fault.remedy);
    } finally {
      await heal();
      await gateway.ready();
    }
  });

  test("skips what disturbs unless it is asked for", async () => {
    const results = await verify({ ...connection, disturb: false, signal: NEVER });
    expect(results.at(-1)).toMatchObject({ status: "skipped" });
  });

  test("gives a model its replicas back when it is interrupted while they are gone", async () => {
    const interruption = new AbortController();
    const verifying = verify({ ...connection, disturb: true, signal: interruption.signal });
    const replicas = async () =>
      (await apps().readNamespacedStatefulSet({ name: LLAMA, namespace: "vllm" })).spec?.replicas;
    await eventually("the model to be scaled to 0", 60, async () =>
      (await replicas()) === 0 ? true : undefined,
    );
    interruption.abort();
    expect((await verifying).at(-1)).toMatchObject({
      status: "fail",
      seen: `interrupted; ${LLAMA} is given its 2 replicas back`,
    });
    expect(await replicas()).toBe(2);
    await gateway.ready();
  });
});
