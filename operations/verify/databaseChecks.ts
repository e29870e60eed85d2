import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api } from "@kubernetes/client-node";
import { z } from "zod";
import { messageOf } from "../../domain/failure";
import { MIGRATIONS } from "../../domain/names";
import { DATABASE_WRITE_SECONDS } from "../../domain/timing";
import type { GatewayAnswer, GatewayClient } from "../stack/gatewayClient";
import { fail, pass, skipped, warn, type Finding } from "../stack/checklist";
import { logCommand, type Check, type Subject } from "./check";
import { awakeModel, EVERY_MODEL_SLEEPS } from "./sleepers";

const readiness = z.object({ db: z.string() });

const connected: Check = {
  name: "The database is connected, and migrated",
  run: async (subject) => {
    const { gateway, namespace } = subject;
    const { status, text } = await gateway.get("/health/readiness");
    const state = readiness.safeParse(json(text)).data?.db;
    if (status !== 200 || state !== "connected") {
      return fail(
        `the gateway says: ${state ?? `${status} ${text.slice(0, 120)}`}`,
        `kubectl -n ${namespace} get pods,events; for a managed database its state and security group; known keys are served meanwhile`,
      );
    }
    return migrated(subject);
  },
};

/** Whether the Job of the migrations ended well; one that somebody removed is no fault. */
async function migrated({ config, namespace }: Subject): Promise<Finding> {
  const { items } = await config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace });
  const job = items.find(({ metadata }) => metadata?.name === MIGRATIONS);
  if (job === undefined) {
    return warn(
      `connected; the Job ${MIGRATIONS} is gone, so nothing says that the schema is that of the image`,
      "pulumi refresh, then pulumi up, which runs it again",
    );
  }
  return (job.status?.succeeded ?? 0) > 0
    ? pass("connected, at the schema of the image")
    : fail(
        `connected; the Job ${MIGRATIONS} has not ended well`,
        `kubectl -n ${namespace} logs job/${MIGRATIONS}`,
      );
}

const made = z.object({ key: z.string(), token: z.string() });
const info = z.object({ info: z.object({ spend: z.number() }) });

/** What a client's key goes through. Other pods than the one that deletes it may know it for a while: that it is refused is not asked. */
const keyLife: Check = {
  name: "A key is made, served, charged and deleted",
  run: async (subject) => {
    const { gateway, namespace } = subject;
    const model = await awakeModel(subject);
    if (model === undefined) {
      return skipped(EVERY_MODEL_SLEEPS);
    }
    const created = await gateway.post("/key/generate", {
      key_alias: `verify-${randomUUID()}`,
      duration: "10m",
      max_budget: 1,
    });
    if (created.status !== 200) {
      return fail(`POST /key/generate ${said(created)}`, logCommand(namespace));
    }
    const { key, token } = made.parse(json(created.text));
    let finding: Finding;
    let deleted: GatewayAnswer;
    try {
      finding = await used(subject, model, gateway.withKey(key), token);
    } finally {
      deleted = await gateway.post("/key/delete", { keys: [token] });
    }
    return finding.status === "pass" && deleted.status !== 200
      ? fail(`POST /key/delete ${said(deleted)}`, logCommand(namespace))
      : finding;
  },
};

/** Of a key that is there: its completion, what it cost, and that it was written. */
async function used(
  subject: Subject,
  model: string,
  client: GatewayClient,
  token: string,
): Promise<Finding> {
  const { gateway, namespace, signal } = subject;
  const answer = await client.complete(model, `key check ${randomUUID()}`);
  if (answer.status !== 200) {
    return fail(`a completion with a new key ${said(answer)}`, logCommand(namespace));
  }
  const cost = Number(answer.headers.get("x-litellm-response-cost") ?? 0);
  if (!(cost > 0)) {
    return fail(
      `a completion of ${model} costs ${cost}: no budget will ever be used up`,
      "give the model a price: models.NAME.price in the stack's configuration (docs/keys.md)",
    );
  }
  const stranger = await gateway.withKey(`sk-${randomUUID()}`).get("/v1/models");
  if (stranger.status !== 401) {
    return fail(`a key that nobody made ${said(stranger)}`, "see that the master key is set");
  }
  // Pods write what was spent in batches; twice the time, for the first may have begun before.
  const deadline = Date.now() + 2 * DATABASE_WRITE_SECONDS * 1000 + 10_000;
  for (;;) {
    const { status, text } = await gateway.get(`/key/info?key=${token}`);
    const spend = status === 200 ? info.parse(json(text)).info.spend : 0;
    if (spend >= cost * 0.999) {
      return pass(`${model}: ${spend.toPrecision(3)} dollars, a stranger's key is a 401`);
    }
    if (Date.now() >= deadline || signal.aborted) {
      return fail(
        `a completion cost ${cost}, and the database says ${spend} for its key`,
        `${logCommand(namespace)}; PostgreSQL may be full or read-only`,
      );
    }
    await sleep(1000);
  }
}

/** What needs the gateway's database. */
export const DATABASE_CHECKS: readonly Check[] = [connected, keyLife];

function said({ status, text }: GatewayAnswer): string {
  return `answers ${status}: ${text.slice(0, 160)}`;
}

/** A page that is no JSON is none of the answers that a check knows. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return { unreadable: messageOf(error) };
  }
}
