import type { Deployment } from "@pulumi/pulumi/automation";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { deployedState } from "../support/deployedState";
import { KEDA_RESOURCES, SCALED } from "../support/edits/edit";
import { openStack, Recorder, type TestStack } from "../support/engine";
import { LLAMA, QWEN } from "../support/models";
import { stackConfig } from "../support/stackFile";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup platform-logs";

const API_RULE = (cidr: string) =>
  `aws:ec2/securityGroupRule:SecurityGroupRule platform-api-from-${cidr}`;

const VOLUMES = ["postgresql", "redis"].map(
  (store) => `kubernetes:core/v1:PersistentVolumeClaimPatch gateway-${store}-volume`,
);

const MIGRATIONS = "kubernetes:batch/v1:Job gateway-migrations";
const MIGRATIONS_TRAFFIC =
  "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-migrations-traffic";
/** What a new database begins with: a role of the gateway's own, and an administrator's password. */
const DATABASE_INIT = "kubernetes:core/v1:ConfigMap gateway-postgresql-init";
const ADMINISTRATOR = "random:index/randomPassword:RandomPassword credentials-postgresql-admin";

/** What scales in each stack. */
const SCALING: Readonly<Record<string, readonly string[]>> = {
  local: ["gateway", LLAMA, QWEN],
  dev: ["gateway", QWEN],
  prod: ["gateway", LLAMA, QWEN],
};

/** What scales on requests, in place of {@link autoscalersOf}. */
const scaledObjectsOf = (stack: string) => [
  "kubernetes:core/v1:Service gateway-signals",
  ...(SCALING[stack] ?? []).flatMap((name) => [
    `${SCALED} ${name}-autoscaler`,
    `llm-gateway:autoscaling:RequestAutoscaler ${name}-autoscaler`,
  ]),
];
/** The autoscalers of version 0.1: KEDA takes over what they have made, and makes it anew when they go (docs/upgrade.md). */
const autoscalersOf = (stack: string) =>
  (SCALING[stack] ?? []).flatMap((name) => [
    `kubernetes:autoscaling/v2:HorizontalPodAutoscaler ${name}-autoscaler`,
    `llm-gateway:autoscaling:Autoscaler ${name}-autoscaler`,
  ]);

/**
 * What today's program makes beside the resources that a stack of version 0.1 has, by stack, as `type name`. A new resource
 * belongs here; one that was renamed or moved needs an alias instead.
 */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  // The volumes' patches: what grows a store's volume.
  local: [MIGRATIONS, DATABASE_INIT, ...VOLUMES, MIGRATIONS_TRAFFIC, ADMINISTRATOR],
  // Log groups: where EKS and RDS have made theirs, docs/upgrade.md says how the stack takes them over.
  dev: [
    LOG_GROUP,
    API_RULE("10.10.0.0/16"),
    MIGRATIONS,
    DATABASE_INIT,
    ...KEDA_RESOURCES,
    ...VOLUMES,
    MIGRATIONS_TRAFFIC,
    ADMINISTRATOR,
  ],
  prod: [
    "aws:acm/certificate:Certificate platform-name",
    "aws:acm/certificateValidation:CertificateValidation platform-name",
    "aws:cloudwatch/logGroup:LogGroup platform-database-logs",
    LOG_GROUP,
    API_RULE("10.20.0.0/16"),
    "aws:route53/record:Record platform-name-alias",
    "aws:route53/record:Record platform-name-proof",
    MIGRATIONS,
    ...KEDA_RESOURCES,
    MIGRATIONS_TRAFFIC,
    "llm-gateway:cluster:PublishedName platform-name",
    // The ends of the snapshots' names.
    "random:index/randomId:RandomId platform-cache-snapshot",
    "random:index/randomId:RandomId platform-database-snapshot",
    ADMINISTRATOR,
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
  test("keeps every resource but its autoscalers: a preview replaces what is known to be harmless, and deletes nothing else", async () => {
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
      deleted: recorder.resources("delete").sort(),
      // Default providers are the engine's own.
      created: recorder
        .resources("create")
        .filter((created) => !/^pulumi:providers:\w+ default/.test(created))
        .sort(),
    }).toEqual({
      replaced: REPLACED[name],
      deleted: autoscalersOf(name).sort(),
      created: [...(ADDED[name] ?? []), ...scaledObjectsOf(name)].sort(),
    });
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
test("administrators that version 0.1 named by their places keep their entries", async () => {
  const config = stackConfig("dev");
  const arns = ["first", "second"].map((name) => `arn:aws:iam::123456789012:role/${name}`);
  const cluster = { ...(config["llm-gateway:cluster"] as object), administratorRoleArns: arns };
  open = await openStack({
    stack: "dev",
    config: { ...config, "llm-gateway:cluster": cluster },
    recordHelmReleases: true,
  });
  const state = deployedState("dev", "llm-gateway");
  await open.stack.importStack(withAdministrators(state, arns));
  const recorder = new Recorder();
  await open.stack.preview({ onEvent: recorder.onEvent });
  expect(recorder.errors()).toBe("");
  const entries = (...operations: string[]) =>
    recorder.resources(...operations).filter((resource) => resource.includes(":eks/access"));
  expect(entries("same", "update")).toHaveLength(4);
  expect(entries("create", "replace", "delete")).toEqual([]);
});

const recordedState = z.object({ resources: z.array(z.record(z.string(), z.unknown())) });

/** A state with the entries and associations that the `eks` component made of `accessEntries` in version 0.1. */
function withAdministrators(state: Deployment, arns: readonly string[]): Deployment {
  const { resources } = recordedState.parse(state.deployment);
  const cluster = resources.find(({ type }) => type === "eks:index:Cluster");
  const key = resources.find(({ type }) => type === "aws:kms/key:Key");
  const added = arns.flatMap((principalArn, place) => {
    const component = String(cluster?.urn);
    const type = "aws:eks/accessEntry:AccessEntry";
    const child = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
    const name = `platform-administrator-${place}`;
    const [path = ""] = component.split("::platform");
    const clusterName = "llm-gateway-dev";
    const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
    const entry = { clusterName, principalArn };
    const association = { ...entry, policyArn, accessScope: { type: "cluster" } };
    const made = (urn: string, parent: string, ofType: string, inputs: object) => ({
      urn,
      type: ofType,
      parent,
      custom: true,
      id: urn,
      provider: key?.provider,
      inputs,
      outputs: inputs,
    });
    const urn = `${path}$${type}::${name}`;
    return [
      made(urn, component, type, entry),
      made(`${path}$${type}$${child}::${name}-admin`, urn, child, association),
    ];
  });
  const deployment = { ...(state.deployment as object), resources: [...resources, ...added] };
  return { ...state, deployment };
}
