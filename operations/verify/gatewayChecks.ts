import { randomUUID } from "node:crypto";
import { z } from "zod";
import { fail, pass, verdict, type Check, type Subject } from "./check";

const readiness: Check = {
  name: "Gateway answers",
  run: async ({ gateway }) => {
    const { status, text } = await gateway.get("/health/readiness");
    return status === 200
      ? pass(`${gateway.url} is ready`)
      : fail(
          `${gateway.url} answers ${status}: ${text.slice(0, 120)}`,
          "kubectl -n litellm logs deployment/litellm: mostly the database is out of reach",
        );
  },
};

const health = z.object({
  healthy_endpoints: z.array(
    z.object({ model_id: z.string().optional(), api_base: z.string().optional() }),
  ),
  unhealthy_endpoints: z.array(
    z.object({ model_id: z.string().optional(), api_base: z.string().optional() }),
  ),
});

const replicasHealthy: Check = {
  name: "Every model has a healthy replica",
  run: async ({ gateway }) => {
    const { status, text } = await gateway.get("/health");
    if (status !== 200) {
      return fail(`GET /health answers ${status}: ${text.slice(0, 120)}`, "see the gateway's log");
    }
    const { healthy_endpoints: healthy, unhealthy_endpoints: unhealthy } = health.parse(
      JSON.parse(text),
    );
    const base = (entry: { api_base?: string | undefined }) => entry.api_base ?? "";
    const model = (entry: { api_base?: string | undefined }) =>
      /-replicas|^$/.test(base(entry))
        ? (/\.(.+)-replicas\./.exec(base(entry))?.[1] ?? "")
        : base(entry);
    const served = new Set([...healthy, ...unhealthy].map(model));
    const problems = [...served]
      .filter((name) => !healthy.some((entry) => model(entry) === name))
      .map((name) => `${name}: no entry is healthy`);
    return verdict(
      problems,
      `${healthy.length} healthy entries, ${unhealthy.length} without a pod or unhealthy`,
      "kubectl -n vllm get pods; an entry for a replica that does not exist yet is unhealthy by design",
    );
  },
};

const completions: Check = {
  name: "Every model completes",
  run: async (subject) => {
    const problems: string[] = [];
    const models = await subject.gateway.models();
    for (const model of models) {
      const { status, text, headers } = await fresh(subject, model);
      if (status !== 200) {
        problems.push(`${model} answers ${status}: ${text.slice(0, 160)}`);
      } else if (Number(headers.get("x-litellm-attempted-fallbacks") ?? 0) > 0) {
        problems.push(`${model} was answered by its fallback ${headers.get("x-litellm-model-id")}`);
      }
    }
    return models.length === 0
      ? fail("the gateway serves no model", "name one under models in the stack's configuration")
      : verdict(problems, models.join(", "), "look at the model's pods and their log");
  },
};

const cacheHit: Check = {
  name: "A repeated request comes from the cache",
  run: async ({ gateway }) => {
    const [model] = await gateway.models();
    const prompt = `cache check ${randomUUID()}`;
    const first = await gateway.complete(model ?? "", prompt);
    const second = await gateway.complete(model ?? "", prompt);
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
  run: async ({ gateway }) => {
    const { status, text } = await gateway.get("/cache/ping");
    return status === 200
      ? pass("the gateway can read and write it")
      : fail(
          `GET /cache/ping answers ${status}: ${text.slice(0, 120)}`,
          "kubectl -n litellm get pod litellm-redis-master-0; requests go on without it, uncached and balanced per pod",
        );
  },
};

/** What the gateway's own API tells. */
export const GATEWAY_CHECKS: readonly Check[] = [
  readiness,
  replicasHealthy,
  completions,
  cacheHit,
  redis,
];

function idOf(answer: string): string {
  return z.object({ id: z.string() }).parse(JSON.parse(answer)).id;
}

/** A completion that no cache can answer. */
function fresh({ gateway }: Subject, model: string) {
  return gateway.complete(model, `check ${randomUUID()}`);
}
