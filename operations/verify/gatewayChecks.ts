import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { z } from "zod";
import { projectSelector } from "../../domain/labels";
import { GATEWAY } from "../../domain/names";
import { isReady } from "../stack/pods";
import { fail, pass, skipped, verdict } from "../stack/checklist";
import { logCommand, workloadOf, type Check, type Subject } from "./check";
import { readRoutingConfig } from "./routingConfig";
import { awakeModel, EVERY_MODEL_SLEEPS, sleepers, sleepersText } from "./sleepers";

const readiness: Check = {
  name: "Gateway answers",
  run: async ({ gateway, namespace }) => {
    const { status, text } = await gateway.get("/health/readiness");
    return status === 200
      ? pass(`${gateway.url} is ready`)
      : fail(
          `${gateway.url} answers ${status}: ${text.slice(0, 120)}`,
          `${logCommand(namespace)}: mostly the database is out of reach`,
        );
  },
};

// Before its first check a gateway has no lists.
const entries = z.array(z.object({ model_id: z.string() })).default([]);
const health = z.object({ healthy_endpoints: entries, unhealthy_endpoints: entries });

const POLL_MS = 1000;

const replicasHealthy: Check = {
  name: "The gateway sees every model replica healthy",
  run: async (subject) => {
    const { gateway, modelNamespace, signal } = subject;
    const { general_settings: settings } = await readRoutingConfig(subject);
    // A gateway's last check may be older than the replica, by two intervals where another pod made it.
    const deadline = Date.now() + 2 * settings.health_check_interval * 1000;
    for (;;) {
      const { status, text } = await gateway.get("/health");
      if (status !== 200) {
        return fail(
          `GET /health answers ${status}: ${text.slice(0, 120)}`,
          logCommand(subject.namespace),
        );
      }
      const { problems, seen } = await compareReplicas(subject, health.parse(JSON.parse(text)));
      if (problems.length === 0 || Date.now() >= deadline || signal.aborted) {
        return verdict(
          problems,
          seen,
          `kubectl -n ${modelNamespace} logs POD; network policies must let the gateway in; the gateway asks again at every check interval`,
        );
      }
      await sleep(POLL_MS);
    }
  },
};

/** The ready pods of the models next to what a gateway last found. */
async function compareReplicas(
  subject: Subject,
  found: z.infer<typeof health>,
): Promise<{ readonly problems: readonly string[]; readonly seen: string }> {
  const healthy = new Set(found.healthy_endpoints.map(({ model_id: id }) => id));
  const { config, modelNamespace } = subject;
  const asleep = await sleepers(subject);
  const all = [...healthy, ...found.unhealthy_endpoints.map(({ model_id: id }) => id)];
  const { items } = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace: modelNamespace });
  // An entry is named like the pod that it leads to; one without a pod is unhealthy by design.
  const models = new Set(all.map(modelOf));
  const running = items
    .filter(isReady)
    .map(({ metadata }) => metadata?.name ?? "")
    .filter((pod) => models.has(modelOf(pod)));
  return {
    seen: `${running.length} replicas, ${healthy.size} healthy entries${sleepersText(asleep)}`,
    problems: [
      ...(all.length === 0 ? ["the gateway has not checked any replica yet"] : []),
      ...[...models]
        .filter((model) => !running.some((pod) => modelOf(pod) === model) && !asleep.has(model))
        .map((model) => `${model} has no ready pod`),
      ...running
        .filter((pod) => all.includes(pod) && !healthy.has(pod))
        .map((pod) => `${pod} is ready, and the gateway's check of it fails`),
      ...running
        .filter((pod) => !all.includes(pod))
        .map((pod) => `${pod} has no entry in the routing: it gets no requests`),
    ],
  };
}

const completions: Check = {
  name: "Every model completes",
  run: async (subject) => {
    const problems: string[] = [];
    const { status: listed, text: why } = await subject.gateway.get("/v1/models");
    if (listed !== 200) {
      return fail(
        `GET /v1/models answers ${listed}: ${why.slice(0, 160)}`,
        `when it refuses the key, its pods started before the Secret changed: kubectl -n ${subject.namespace} rollout restart deployment/${GATEWAY}; otherwise ${logCommand(subject.namespace)}`,
      );
    }
    const models = await subject.gateway.models();
    const asleep = await sleepers(subject);
    // A request would wake it.
    const left = subject.disturb
      ? []
      : models.filter((model) => asleep.get(workloadOf(model)) === "asleep");
    const seen: string[] = [];
    for (const model of models.filter((each) => !left.includes(each))) {
      const { status, text, headers } = await fresh(subject, model);
      const sleeps = asleep.has(workloadOf(model));
      const byFallback = Number(headers.get("x-litellm-attempted-fallbacks") ?? 0) > 0;
      if (sleeps && status === 503 && headers.has("retry-after")) {
        seen.push(`${model} (wakes; asks to come back in ${headers.get("retry-after")} s)`);
      } else if (status !== 200) {
        problems.push(`${model} answers ${status}: ${text.slice(0, 160)}`);
      } else if (byFallback && !sleeps) {
        problems.push(`${model} was answered by its fallback ${headers.get("x-litellm-model-id")}`);
      } else {
        seen.push(
          byFallback ? `${model} (wakes; ${headers.get("x-litellm-model-id")} answers)` : model,
        );
      }
    }
    const notAsked =
      left.length === 0
        ? []
        : [`asleep, and not asked, which would wake them (--disturb): ${left.join(", ")}`];
    return models.length === 0
      ? fail("the gateway serves no model", "name one under models in the stack's configuration")
      : left.length === models.length
        ? skipped(notAsked.join(""))
        : verdict(
            problems,
            [seen.join(", "), ...notAsked].join("; "),
            "look at the model's pods and their log",
          );
  },
};

const cacheHit: Check = {
  name: "A repeated request comes from the cache",
  run: async (subject) => {
    const { gateway } = subject;
    const model = await awakeModel(subject);
    if (model === undefined) {
      return skipped(EVERY_MODEL_SLEEPS);
    }
    const prompt = `cache check ${randomUUID()}`;
    const first = await gateway.complete(model, prompt);
    const second = await gateway.complete(model, prompt);
    if (first.status !== 200 || second.status !== 200) {
      return fail(
        `${model} answers ${first.status}, then ${second.status}`,
        "mend the completion first",
      );
    }
    // The same answer, id included: a header alone also comes with an answer that was only looked up.
    return idOf(first.text) !== idOf(second.text)
      ? fail(
          "the second of two equal requests was not answered by the cache",
          "gateway.cache.enabled may be false; otherwise Redis is out of reach or full",
        )
      : pass("the second of two equal requests");
  },
};

const redis: Check = {
  name: "Redis is reachable",
  run: async (subject) => {
    const { status, text } = await subject.gateway.get("/cache/ping");
    return status === 200
      ? pass("the gateway can read and write it")
      : fail(
          `GET /cache/ping answers ${status}: ${text.slice(0, 120)}`,
          `${await whereRedisIs(subject)}; requests go on without it, uncached and balanced per pod`,
        );
  },
};

/** How to look at Redis: a managed one has nothing in the cluster. */
async function whereRedisIs({ config, namespace }: Subject): Promise<string> {
  const { items } = await config
    .makeApiClient(AppsV1Api)
    .listNamespacedStatefulSet({ namespace, labelSelector: projectSelector("redis") });
  return items.length === 0
    ? `${namespace} has no Redis of its own: see the managed cache's state and security group, then ${logCommand(namespace)}`
    : items
        .map(({ metadata }) => `kubectl -n ${namespace} describe pod ${metadata?.name}-0`)
        .join("; ");
}

/** What the gateway's own API tells. */
export const GATEWAY_CHECKS: readonly Check[] = [
  readiness,
  replicasHealthy,
  completions,
  cacheHit,
  redis,
];

/** The model of a replica, `<model>-<ordinal>`. */
function modelOf(replica: string): string {
  return replica.replace(/-\d+$/, "");
}

function idOf(answer: string): string {
  return z.object({ id: z.string() }).parse(JSON.parse(answer)).id;
}

/** A completion that no cache can answer. */
function fresh({ gateway }: Subject, model: string) {
  return gateway.complete(model, `check ${randomUUID()}`);
}
