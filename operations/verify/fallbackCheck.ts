import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { skipped, verdict } from "../stack/checklist";
import { workloadOf, type Check, type Subject } from "./check";
import { whilePaused } from "./pausedScaling";
import { readRoutingConfig } from "./routingConfig";
import { sleepers } from "./sleepers";
import { REPLICA_START_MINUTES } from "../../domain/timing";

/** Longest wait for the last pod of a model to go, and for the first to be back: a model takes minutes to load. */
const GONE_SECONDS = 180;
const BACK_SECONDS = REPLICA_START_MINUTES * 60;
const POLL_MS = 1000;

/**
 * Takes all replicas of a model away and asks it: the fallback must answer. LiteLLM refuses clients that ask it to pretend, so
 * this disturbs, and runs only when it is asked for.
 */
export const fallbackWorks: Check = {
  name: "The fallback answers for a model without replicas",
  run: async (subject) => {
    if (!subject.disturb) {
      return skipped("it scales a model to 0 for a while; ask for it with --disturb");
    }
    const { router_settings: settings } = await readRoutingConfig(subject);
    const pairs = settings.fallbacks.flatMap((entry) => Object.entries(entry));
    if (pairs.length === 0) {
      return skipped("no fallback is configured (gateway.routing.fallbacks)");
    }
    const sleeping = await sleepers(subject);
    // A fallback that sleeps says when to come back, and is no fallback at that moment.
    const sleeps = (pair: (typeof pairs)[number]) =>
      pair[1].every((name) => sleeping.has(workloadOf(name)));
    const left = pairs.filter(sleeps).map(([from, to]) => `${from} to ${to.join(", ")}`);
    const notAsked =
      left.length === 0 ? "" : `not asked, for the fallback sleeps: ${left.join("; ")}`;
    if (left.length === pairs.length) {
      return skipped(notAsked);
    }
    const problems: string[] = [];
    const asked = pairs.filter((pair) => !sleeps(pair));
    for (const [from, to] of asked) {
      const ask = async () => {
        const { status, headers, text } = await subject.gateway.complete(
          from,
          `fallback check ${Date.now()}`,
        );
        const replica = headers.get("x-litellm-model-id") ?? "unknown";
        const expected = to.some((name) => replica.startsWith(`${workloadOf(name)}-`));
        return status === 200 && expected
          ? undefined
          : `${from} without replicas answers ${status} by ${replica}: ${text.slice(0, 120)}`;
      };
      // KEDA would give a model its replicas back at once.
      const problem = await whilePaused(subject, workloadOf(from), () =>
        withoutReplicas(subject, from, ask),
      );
      if (problem !== undefined) {
        problems.push(problem);
      }
    }
    return verdict(
      problems,
      [
        ...asked.map(([from, to]) => `${from} to ${to.join(", ")}`),
        ...(notAsked === "" ? [] : [notAsked]),
      ].join("; "),
      "see gateway.routing.fallbacks in the stack's configuration and the health of the other model",
    );
  },
};

/** Runs `work` while the model's StatefulSet has no replica, and gives it back what it had whatever happens. */
async function withoutReplicas<T>(
  { config, modelNamespace, signal }: Subject,
  model: string,
  work: () => Promise<T>,
): Promise<T> {
  const apps = config.makeApiClient(AppsV1Api);
  const target = { name: workloadOf(model), namespace: modelNamespace };
  const before = (await apps.readNamespacedStatefulSet(target)).spec?.replicas ?? 1;
  const scale = (replicas: number) =>
    apps.patchNamespacedStatefulSetScale(
      { ...target, body: { spec: { replicas } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  const until = async (seconds: number, holds: (ready: number) => boolean) => {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const { status } = await apps.readNamespacedStatefulSet(target);
      if (holds(status?.readyReplicas ?? 0)) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(`${target.name} has ${status?.readyReplicas ?? 0} pods after ${seconds} s`);
      }
      if (signal.aborted) {
        throw new Error(`interrupted; ${target.name} is given its ${before} replicas back`);
      }
      await sleep(POLL_MS);
    }
  };
  // An autoscaler leaves a workload with 0 replicas alone.
  await scale(0);
  try {
    await until(GONE_SECONDS, (ready) => ready === 0);
    return await work();
  } finally {
    await scale(before);
    await until(BACK_SECONDS, (ready) => ready >= before);
  }
}
