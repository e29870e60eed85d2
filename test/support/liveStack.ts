/** A live stack in which everything is right, for tests of `verify` that make one thing wrong. */
import { z } from "zod";
import { SIGNALS_PORT, SIGNALS_SERVICE } from "../../domain/gatewaySignals";
import { MIGRATIONS, POSTGRESQL, REDIS, VLLM_PORT } from "../../domain/names";
import type { Finding } from "../../operations/stack/checklist";
import { GatewayClient, type GatewayAnswer } from "../../operations/stack/gatewayClient";
import type { PodPages } from "../../operations/stack/podPage";
import type { Check } from "../../operations/verify/check";
import { serveKubernetes, type KubernetesObjects } from "./kubernetesApi";
import { SCALING_OBJECTS, SCALING_PATHS, scrape } from "./scaledStack";
import {
  answer,
  autoscaler,
  COST,
  GATEWAY_NAMESPACE,
  health,
  MADE_KEY,
  MADE_TOKEN,
  MODEL_NAMESPACE,
  modelPods,
  named,
  PATHS,
  pod,
  podSlice,
  REPLICAS,
  routing,
  slice,
} from "./liveObjects";

/** A live stack; tests change what they want wrong. */
export interface LiveStack {
  readonly objects: KubernetesObjects;
  /** Answers to `GET` by path; several are given in turn, the last one for ever. */
  readonly gets: Record<string, GatewayAnswer[]>;
  /** Answers to `POST` by path. */
  readonly posts: Record<string, GatewayAnswer>;
  /** What somebody gets with a key that nobody made. */
  stranger: GatewayAnswer;
  complete: (model: string, prompt: string) => GatewayAnswer;
  /** A page of a pod. */
  page: PodPages;
  /** Ready replicas by model. */
  readonly ready: Record<string, number>;
  /** What becomes of a model's ready replicas at each look, once it was scaled. */
  settle: (ready: number, wanted: number) => number;
  /** Whether KEDA does what an annotation says. */
  pausing: boolean;
  disturb: boolean;
  interrupted: boolean;
}

export type Change = (stack: LiveStack) => void;

/** What happened: the finding, and patches and completions in order, with the model's ready replicas at that time. */
export interface Verified {
  readonly finding: Finding;
  readonly events: readonly string[];
  /** Ready replicas by model when the check had ended. */
  readonly ready: Readonly<Record<string, number>>;
}

class StubGateway extends GatewayClient {
  public constructor(
    private readonly stack: LiveStack,
    private readonly onComplete: (model: string) => void,
  ) {
    super("http://gateway.test", "key");
  }

  public override get(path: string): Promise<GatewayAnswer> {
    const answers = this.stack.gets[path] ?? [];
    const next = answers.length > 1 ? answers.shift() : answers[0];
    return Promise.resolve(next ?? answer(404, "no such path"));
  }

  public override post(path: string): Promise<GatewayAnswer> {
    return Promise.resolve(this.stack.posts[path] ?? answer(404, "no such path"));
  }

  public override withKey(key: string): GatewayClient {
    return key === MADE_KEY ? this : new Stranger(this.stack);
  }

  public override complete(model: string, prompt: string): Promise<GatewayAnswer> {
    this.onComplete(model);
    return Promise.resolve(this.stack.complete(model, prompt));
  }
}

/** A client with a key that nobody made. */
class Stranger extends GatewayClient {
  public constructor(private readonly stack: LiveStack) {
    super("http://gateway.test", "stranger");
  }

  public override get(): Promise<GatewayAnswer> {
    return Promise.resolve(this.stack.stranger);
  }
}

function good(): LiveStack {
  const gateway = GATEWAY_NAMESPACE;
  const models = MODEL_NAMESPACE;
  const completions = new Map<string, GatewayAnswer>();
  const ready: Record<string, number> = { a: REPLICAS, b: REPLICAS };
  return {
    objects: {
      [PATHS.pods(gateway)]: [
        pod("gateway-1", "gateway"),
        pod("gateway-2", "gateway", { node: "node-2" }),
        pod("redis-0", "redis"),
        // Nothing of the platform: whatever state it is in.
        { metadata: { name: "other" }, status: { phase: "Pending" } },
      ],
      [PATHS.pods(models)]: [
        ...modelPods.map((name) => pod(name, "server", { namespace: models })),
        pod("artifact", "artifact", {
          namespace: models,
          containers: [{ name: "build" }],
          status: { phase: "Succeeded" },
        }),
        pod("leaving", "server", {
          namespace: models,
          status: {},
          more: { deletionTimestamp: "2026-11-25T00:00:00Z" },
        }),
      ],
      ...SCALING_OBJECTS(),
      [PATHS.services(gateway)]: [named("litellm", "gateway"), { metadata: { name: "other" } }],
      [PATHS.services(models)]: [named("a", "server"), named("b", "server")],
      [PATHS.slices(gateway)]: [
        slice("litellm", true, false),
        podSlice(SIGNALS_SERVICE, SIGNALS_PORT, "gateway-1", "gateway-2"),
      ],
      [PATHS.slices(models)]: [
        podSlice("a", VLLM_PORT, "a-0", "a-1", "a-2"),
        slice("b", false),
        podSlice("b", VLLM_PORT, "b-0", "b-1", "b-2"),
      ],
      [PATHS.autoscalers(gateway)]: [autoscaler("litellm-hpa")],
      [PATHS.autoscalers(models)]: [autoscaler("a-hpa"), autoscaler("b-hpa")],
      [PATHS.metrics]: [{ metadata: { name: "gateway-1" }, containers: [] }],
      [PATHS.routing]: routing(),
      [PATHS.jobs]: [{ metadata: { name: MIGRATIONS }, status: { succeeded: 1 } }],
      [PATHS.stores]: [named(POSTGRESQL, "postgresql"), named(REDIS, "redis")],
    },
    gets: {
      "/health/readiness": [answer(200, { status: "healthy", db: "connected" })],
      [`/key/info?key=${MADE_TOKEN}`]: [answer(200, { info: { spend: COST } })],
      "/health": [health()],
      "/v1/models": [answer(200, { data: [{ id: "vllm/a" }, { id: "vllm/b" }] })],
      "/cache/ping": [answer(200, "healthy")],
    },
    posts: {
      "/key/generate": answer(200, { key: MADE_KEY, token: MADE_TOKEN }),
      "/key/delete": answer(200, {}),
    },
    stranger: answer(401, "unknown key"),
    complete: (model, prompt) => {
      const own = model.replace("vllm/", "");
      const by = ready[own] === 0 ? "b" : own;
      const cached = completions.get(`${model} ${prompt}`);
      const fresh = answer(
        200,
        { id: `id-${completions.size}` },
        {
          "x-litellm-model-id": `${by}-1`,
          "x-litellm-response-cost": String(COST),
          "x-litellm-attempted-fallbacks": by === own ? "0" : "1",
        },
      );
      completions.set(`${model} ${prompt}`, cached ?? fresh);
      return cached ?? fresh;
    },
    page: scrape,
    ready,
    settle: (now, wanted) => now + Math.sign(wanted - now),
    pausing: true,
    disturb: true,
    interrupted: false,
  };
}

const scaled = z.object({ spec: z.object({ replicas: z.number() }) });

const annotated = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string().nullable()) }),
});

/** What KEDA does when somebody pauses it, or takes that back. */
function pauseModel({ objects, pausing }: LiveStack, model: string, body: unknown): string {
  const value = annotated.parse(body).metadata.annotations["autoscaling.keda.sh/paused"];
  const path = SCALING_PATHS.scaledObjects(MODEL_NAMESPACE);
  const list = z
    .array(
      z
        .object({
          metadata: z.object({ name: z.string() }).loose(),
          status: z.object({ conditions: z.array(z.unknown()) }).loose(),
        })
        .loose(),
    )
    .parse(objects[path]);
  objects[path] = list.map((each) =>
    each.metadata.name === model && pausing
      ? {
          ...each,
          status: {
            ...each.status,
            conditions: [
              ...each.status.conditions,
              { type: "Paused", status: value === "true" ? "True" : "False" },
            ],
          },
        }
      : each,
  );
  return value === "true" ? `${model} paused` : `${model} goes on`;
}

/** Runs one check on a good stack with a change. What it throws is a failure, as the checklist has it. */
export async function verified(check: Check, change: Change = () => undefined): Promise<Verified> {
  const stack = good();
  change(stack);
  const events: string[] = [];
  const wanted: Record<string, number> = {};
  const statefulSets = () => {
    for (const [model, ready] of Object.entries(stack.ready)) {
      stack.objects[PATHS.statefulSet(model)] = {
        spec: { replicas: wanted[model] ?? REPLICAS },
        status: { readyReplicas: ready },
      };
    }
  };
  const api = await serveKubernetes(stack.objects, {
    onGet: (path) => {
      for (const [model, replicas] of Object.entries(wanted)) {
        if (path === PATHS.statefulSet(model)) {
          stack.ready[model] = stack.settle(stack.ready[model] ?? 0, replicas);
        }
      }
      statefulSets();
    },
    onPatch: (path, body) => {
      if (path.startsWith(SCALING_PATHS.scaledObjects(MODEL_NAMESPACE))) {
        events.push(pauseModel(stack, path.split("/").at(-1) ?? "", body));
        return;
      }
      const model = path.split("/").at(-2) ?? "";
      wanted[model] = scaled.parse(body).spec.replicas;
      events.push(`${model} scaled to ${wanted[model]}`);
    },
  });
  const gateway = new StubGateway(stack, (model) => {
    const own = model.replace("vllm/", "");
    events.push(`${own} asked with ${stack.ready[own]} replicas`);
  });
  const interruption = new AbortController();
  if (stack.interrupted) {
    interruption.abort();
  }
  try {
    const finding = await check.run({
      config: api.config,
      namespace: GATEWAY_NAMESPACE,
      modelNamespace: MODEL_NAMESPACE,
      gateway,
      page: (pod, path) => stack.page(pod, path),
      disturb: stack.disturb,
      signal: interruption.signal,
    });
    return { finding, events, ready: stack.ready };
  } catch (error) {
    return {
      finding: { status: "fail", seen: error instanceof Error ? error.message : String(error) },
      events,
      ready: stack.ready,
    };
  } finally {
    await api.close();
  }
}
