import { CoreV1Api } from "@kubernetes/client-node";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPlatform, type TestPlatform } from "../support/cluster";
import { EDITS } from "../support/edits";
import { CLUSTER, GATEWAY, withChanges } from "../support/edits/edit";
import { changesOf, expectedOf, previewOf } from "../support/edits/preview";
import { Recorder } from "../support/engine";
import { ORDER } from "./order";
import { DependencyGraph, RemovalTrace } from "../support/order";
import { stackConfig } from "../support/stackFile";

let platform: TestPlatform;

beforeAll(async () => {
  // The charts of its controllers are not to be had without a network.
  platform = await startPlatform(() => stackConfig("dev"), { recordHelmReleases: true });
  await platform.configure();
  await platform.stack.up(platform.checked);
});
afterAll(() => platform.close());

test("a preview of the deployed stack, its cluster known, changes nothing and has no violation", async () => {
  const recorder = await previewOf(platform, { changes: {} });
  expect(recorder.violations()).toEqual([]);
  expect(recorder.resources("create", "update", "replace", "delete")).toEqual([]);
});

const ROLES = ["first", "second"].map((name) => `arn:aws:iam::123456789012:role/ops/${name}`);
const entry = (name: string) => [
  `aws:eks/accessEntry:AccessEntry platform-123456789012-role/ops/${name}`,
  `aws:eks/accessPolicyAssociation:AccessPolicyAssociation platform-123456789012-role/ops/${name}-admin`,
];

describe.concurrent("an edit changes exactly what it must:", () => {
  test.each(EDITS)("$edit", async (edit) => {
    const recorder = await previewOf(platform, edit);
    expect(recorder.violations()).toEqual([]);
    expect(changesOf(recorder)).toEqual(expectedOf(edit));
  });
});

test("who administers the cluster is known by name: the first of two goes, and nothing else", async () => {
  await platform.configure(withChanges(CLUSTER, { administratorRoleArns: ROLES }));
  const made = new Recorder();
  await platform.stack.up({ ...platform.checked, onEvent: made.onEvent });
  expect(made.resources("create")).toEqual([...entry("first"), ...entry("second")].sort());
  const recorder = await previewOf(platform, {
    changes: withChanges(CLUSTER, { administratorRoleArns: ROLES.slice(1) }),
  });
  expect(recorder.resources("delete")).toEqual(entry("first"));
  expect(recorder.resources("create", "update", "replace")).toEqual([]);
});

test("a smaller volume is refused before anything changes, for what is in it would not fit", async () => {
  await expect(
    previewOf(platform, {
      changes: { [GATEWAY]: { database: { kind: "inCluster", storage: "10Gi" } } },
    }),
  ).rejects.toThrow(/field can not be less than/);
});

test("the engine knows what must be there first, by dependencies and not by luck", async () => {
  const exported: { deployment: unknown } = await platform.stack.exportStack();
  const graph = new DependencyGraph(exported.deployment);
  for (const [later, earlier] of ORDER) {
    const missing = earlier.filter((resource) => !graph.waitsFor(later, resource));
    expect({ [later]: missing }).toEqual({ [later]: [] });
  }
});

test("destroying goes the other way, leaves nothing in the state, and keeps the volumes", async () => {
  const events: EngineEvent[] = [];
  await platform.stack.destroy({ onEvent: (event) => events.push(event) });
  const trace = new RemovalTrace(events);
  for (const [later, earlier] of ORDER) {
    const tooSoon = earlier.filter((resource) => !trace.goneBefore(later, resource));
    expect({ [later]: tooSoon }).toEqual({ [later]: [] });
  }
  const exported: { deployment: unknown } = await platform.stack.exportStack();
  expect((exported.deployment as { resources?: unknown[] }).resources ?? []).toEqual([]);
  const { items } = await platform.config.makeApiClient(CoreV1Api).listPersistentVolume();
  expect(items.map(({ spec }) => spec?.claimRef?.name).sort()).toEqual([
    "data-litellm-postgresql-0",
    "data-litellm-redis-master-0",
    "model-artifacts",
  ]);
  await platform.stack.up(platform.checked);
});
