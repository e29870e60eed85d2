import { afterEach, describe, expect, test } from "vitest";
import { deployedState } from "../support/deployedState";
import { openStack, Recorder, type TestStack } from "../support/engine";
import { LLAMA, QWEN } from "../support/models";
import { stackConfig } from "../support/stackFile";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup platform-logs";

const VOLUMES = ["postgresql", "redis"].map(
  (store) => `kubernetes:core/v1:PersistentVolumeClaimPatch gateway-${store}-volume`,
);

/**
 * What today's program makes beside the resources that a stack of version 0.1 has, by stack, as `type name`. A new resource
 * belongs here; one that was renamed or moved needs an alias instead.
 */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  // What grows a store's volume.
  local: VOLUMES,
  // Log groups: where EKS and RDS have made theirs, docs/upgrade.md says how the stack takes them over.
  dev: [LOG_GROUP, ...VOLUMES],
  prod: [
    "aws:cloudwatch/logGroup:LogGroup platform-database-logs",
    LOG_GROUP,
    // The ends of the snapshots' names.
    "random:index/randomId:RandomId platform-cache-snapshot",
    "random:index/randomId:RandomId platform-database-snapshot",
  ],
};

const CLASSES = ["block", "shared"].map(
  (kind) => `kubernetes:storage.k8s.io/v1:StorageClass workspace-${kind}`,
);

const artifactJob = (model: string) => `kubernetes:batch/v1:Job ${model}-artifact`;

/**
 * What it replaces on purpose, by stack, none of which takes data or a running server away: a model's Job, since `main` became a commit
 * and with it another artifact, which is compiled beside the one that is served; the storage classes, templates of volumes to come, which
 * cannot be told in place to keep them.
 */
const REPLACED: Readonly<Record<string, readonly string[]>> = {
  local: [artifactJob(LLAMA), artifactJob(QWEN)],
  dev: [artifactJob(QWEN), ...CLASSES],
  prod: [artifactJob(LLAMA), artifactJob(QWEN), ...CLASSES],
};

let open: TestStack | undefined;
afterEach(() => open?.close());

describe.each(Object.keys(ADDED))("stack %s, deployed by version 0.1,", (name) => {
  test("keeps every resource: a preview replaces what is known to be harmless, and deletes nothing", async () => {
    // The recorded stacks had a token, which dev gets from its user.
    const config = { ...stackConfig(name), "llm-gateway:huggingFaceToken": "token-of-a-test" };
    open = await openStack({ stack: name, config, recordHelmReleases: true });
    await open.stack.importStack(deployedState(name, "llm-gateway"));
    const recorder = new Recorder();
    await open.stack.preview({ onEvent: recorder.onEvent });
    expect(recorder.errors()).toBe("");
    expect(recorder.resources("same", "update").length).toBeGreaterThan(50);
    expect({
      replaced: [
        ...new Set(recorder.resources("replace", "create-replacement", "delete-replaced")),
      ],
      deleted: recorder.resources("delete"),
      // Default providers are the engine's own.
      created: recorder
        .resources("create")
        .filter((created) => !/^pulumi:providers:\w+ default/.test(created)),
    }).toEqual({ replaced: REPLACED[name], deleted: [], created: ADDED[name] });
  });
});

test("log groups that EKS and RDS have made are taken over by pulumi import, as docs/upgrade.md says", async () => {
  const config = { ...stackConfig("prod"), "llm-gateway:huggingFaceToken": "token-of-a-test" };
  open = await openStack({ stack: "prod", config, recordHelmReleases: true });
  const { stack, project } = open;
  await stack.importStack(deployedState("prod", "llm-gateway"));
  const platform = "urn:pulumi:prod::llm-gateway::llm-gateway:cluster:EksPlatform";
  const adopt = (name: string, group: string, parent: string) =>
    project.capture([
      ...["import", "--protect=false", "--generate-code=false", "--yes"],
      ...["aws:cloudwatch/logGroup:LogGroup", name, group],
      ...["--provider", `aws=${platform}$pulumi:providers:aws::aws`],
      ...["--parent", `parent=${platform}$${parent}`],
    ]);
  await adopt(
    "platform-logs",
    "/aws/eks/llm-gateway-prod/cluster",
    "llm-gateway:cluster:Cluster::platform",
  );
  await adopt(
    "platform-database-logs",
    "/aws/rds/instance/llm-gateway-prod-database/postgresql",
    "llm-gateway:cluster:ManagedDatabase::platform-database",
  );
  const recorder = new Recorder();
  await stack.preview({ onEvent: recorder.onEvent });
  const groups = (...operations: string[]) =>
    recorder.resources(...operations).filter((name) => name.includes(":LogGroup "));
  expect(groups("create", "replace", "delete")).toEqual([]);
  expect(groups("update", "same")).toHaveLength(2);
});
