/** An update whose database cannot be migrated, with LiteLLM and PostgreSQL as processes. */
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  DATABASE,
  GATEWAY,
  POSTGRESQL,
  POSTGRESQL_PORT,
  STORE_PASSWORD_KEY,
} from "../../domain/names";
import { localConfig, startPlatform, type TestPlatform } from "../support/cluster";
import { MIGRATIONS } from "../support/edits/edit";
import { Recorder } from "../support/engine";
import { addressOf } from "../support/gateway";
import { QWEN } from "../support/models";

const NAMESPACE = "litellm";
const IMAGE = "ghcr.io/berriai/litellm-non_root:v1.106.3";
const UNFINISHED = "20990101000000_of_the_next_version";

/** One pod of each kind, and another image of the gateway. */
const settings = (image: object = {}) => ({
  "llm-gateway:models": { [QWEN]: { autoscaling: { maxReplicas: 1 } } },
  "llm-gateway:gateway": { autoscaling: { minReplicas: 1, maxReplicas: 1 }, ...image },
});

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startPlatform(localConfig, { processes: true });
  await platform.configure(settings());
  await platform.stack.up();
});
afterAll(() => platform.close());

/** Runs a statement as the gateway's role. */
async function query(statement: string): Promise<void> {
  const core = platform.config.makeApiClient(CoreV1Api);
  const [pod, secret] = await Promise.all([
    core.readNamespacedPod({ name: `${POSTGRESQL}-0`, namespace: NAMESPACE }),
    core.readNamespacedSecret({ name: POSTGRESQL, namespace: NAMESPACE }),
  ]);
  const client = new Client({
    host: addressOf(pod),
    port: POSTGRESQL_PORT,
    user: DATABASE,
    database: DATABASE,
    password: Buffer.from(secret.data?.[STORE_PASSWORD_KEY] ?? "", "base64").toString(),
  });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function imageOfGateway(): Promise<string | undefined> {
  const { spec } = await platform.config
    .makeApiClient(AppsV1Api)
    .readNamespacedDeployment({ name: GATEWAY, namespace: NAMESPACE });
  return spec?.template.spec?.containers[0]?.image;
}

test("migrations that fail end the update with what LiteLLM wrote last, before a pod of the gateway is touched", async () => {
  const before = await imageOfGateway();
  // A migration of which nobody knows whether it was done: its runner was killed.
  await query(
    `INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ('unfinished', '0', '${UNFINISHED}')`,
  );
  await platform.configure(settings({ image: IMAGE }));
  const recorder = new Recorder();
  await expect(platform.stack.up({ onEvent: recorder.onEvent })).rejects.toThrow();
  expect(recorder.errors()).toContain("Migration completion could not be verified");
  expect(recorder.errors()).toContain(UNFINISHED);
  expect(recorder.errors()).toContain("Repeated restarts alone will not resolve this state.");
  expect(recorder.errors()).toContain("BackoffLimitExceeded");
  expect(await imageOfGateway()).toBe(before);
});

test("once the database is mended, the next update runs them again and rolls the gateway", async () => {
  await query(
    `UPDATE "_prisma_migrations" SET rolled_back_at = now() WHERE migration_name = '${UNFINISHED}'`,
  );
  const recorder = new Recorder();
  await platform.stack.up({ onEvent: recorder.onEvent });
  expect(recorder.resources("replace")).toEqual([MIGRATIONS]);
  expect(await imageOfGateway()).toBe(IMAGE);
});
