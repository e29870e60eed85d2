/** What must hold of everything that keeps data, and of the nodes, in what production declares, whatever else changes. */
import { beforeAll, describe, expect, test } from "vitest";
import type { DeclaredResource } from "../../../local/render/resource";
import { declared, named, ofType, podOf } from "../../support/declared";
import { stackConfig } from "../../support/stackFile";

let prod: readonly DeclaredResource[];
beforeAll(async () => {
  prod = await declared("prod");
});

test("a database's certificate is checked against the root that the stack names, and against no other", async () => {
  const certificateAuthority =
    "-----BEGIN CERTIFICATE-----\nZXhhbXBsZQ==\n-----END CERTIFICATE-----\n";
  const stack = await declared("prod", {
    gateway: { database: { kind: "managed", certificateAuthority } },
  });
  expect(named(stack, "Secret credentials-litellm").inputs).toMatchObject({
    stringData: {
      DATABASE_URL: expect.stringMatching(
        /\?sslmode=require&sslaccept=strict&sslcert=\/app\/database-ca\/ca\.pem$/,
      ) as string,
    },
  });
  expect(named(stack, "ConfigMap gateway-database-ca").inputs).toMatchObject({
    metadata: { name: "litellm-database-ca" },
    data: { "ca.pem": certificateAuthority },
  });
  const { volumeMounts } = podOf(named(stack, "Deployment gateway")).containers[0] ?? {};
  expect(volumeMounts).toContainEqual({
    name: "litellm-database-ca",
    mountPath: "/app/database-ca",
    readOnly: true,
  });
});

describe("data", () => {
  test("is encrypted where it lies", () => {
    expect(named(prod, "aws.efs.FileSystem platform-artifacts").inputs.encrypted).toBe(true);
    expect(named(prod, "aws.rds.Instance platform-database").inputs.storageEncrypted).toBe(true);
    expect(named(prod, "eks.Cluster platform").inputs.encryptionConfigKeyArn).toBe(
      "<aws.kms.Key platform-secrets.arn>",
    );
    expect(named(prod, "StorageClass workspace-block").inputs).toMatchObject({
      parameters: { encrypted: "true" },
    });
    for (const { inputs } of ofType(prod, "LaunchTemplate")) {
      expect(inputs).toMatchObject({ blockDeviceMappings: [{ ebs: { encrypted: "true" } }] });
    }
  });

  test("travels over TLS alone, between the gateway and managed stores", () => {
    const cache = named(prod, "aws.elasticache.ReplicationGroup platform-cache").inputs;
    expect(cache).toMatchObject({
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
    });
    expect(named(prod, "aws.rds.ParameterGroup platform-database").inputs.parameters).toEqual([
      { name: "rds.force_ssl", value: "1" },
    ]);
    expect(named(prod, "Secret credentials-litellm").inputs).toMatchObject({
      stringData: {
        DATABASE_URL: expect.stringMatching(/\?sslmode=require$/) as string,
        REDIS_URL: expect.stringMatching(/rediss:\/\//) as string,
      },
    });
  });

  test.each([
    [{ storageGiB: 50, maxStorageGiB: 50 }, undefined],
    [{ storageGiB: 50, maxStorageGiB: 80 }, 80],
  ])("of RDS grows by itself where %j has room alone", async (sizes, most) => {
    const stack = await declared("prod", { gateway: { database: { kind: "managed", ...sizes } } });
    const { inputs } = named(stack, "aws.rds.Instance platform-database");
    expect(inputs.allocatedStorage).toBe(50);
    expect(inputs.maxAllocatedStorage).toBe(most);
  });

  test.each([
    ["17", true],
    ["17.6", false],
  ])("of RDS %s moves to a newer minor version by itself: %s", async (engineVersion, moves) => {
    const stack = await declared("prod", {
      gateway: { database: { kind: "managed", engineVersion } },
    });
    const { inputs } = named(stack, "aws.rds.Instance platform-database");
    expect(inputs).toMatchObject({ engineVersion, autoMinorVersionUpgrade: moves });
  });

  test("of a cache stays at the version that is written, for a downgrade would replace it", () => {
    expect(named(prod, "aws.elasticache.ReplicationGroup platform-cache").inputs).toMatchObject({
      engineVersion: "8.0",
      autoMinorVersionUpgrade: false,
    });
  });

  test("of production survives a destroy, and a lost database leaves a snapshot", () => {
    const kept = [
      "eks.Cluster platform",
      "aws.efs.FileSystem platform-artifacts",
      "aws.rds.Instance platform-database",
      "aws.elasticache.ReplicationGroup platform-cache",
    ];
    for (const label of kept) {
      expect(named(prod, label).options.protect, label).toBe(true);
    }
    expect(named(prod, "aws.rds.Instance platform-database").inputs).toMatchObject({
      deletionProtection: true,
      skipFinalSnapshot: false,
      deleteAutomatedBackups: false,
    });
  });
});

describe("what is removed leaves a copy, whether it was protected or not:", () => {
  const cluster = (changes: object) => ({
    cluster: { ...(stackConfig("prod")["llm-gateway:cluster"] as object), ...changes },
  });
  const DATABASE = "aws.rds.Instance platform-database";
  const CACHE = "aws.elasticache.ReplicationGroup platform-cache";

  test.each([true, false])(
    "managed stores, with deletionProtection %s",
    async (deletionProtection) => {
      const stack = await declared("prod", cluster({ deletionProtection }));
      expect(named(stack, DATABASE).inputs).toMatchObject({
        deletionProtection,
        skipFinalSnapshot: false,
        deleteAutomatedBackups: false,
        finalSnapshotIdentifier:
          "llm-gateway-prod-database-final-<random.RandomId platform-database-snapshot.hex>",
      });
      expect(named(stack, CACHE).inputs).toMatchObject({
        finalSnapshotIdentifier:
          "llm-gateway-prod-cache-final-<random.RandomId platform-cache-snapshot.hex>",
      });
    },
  );

  test("managed stores, but for what the stack says of them, protected as before", async () => {
    const stack = await declared("prod", {
      gateway: {
        database: { kind: "managed", finalSnapshot: false, keepAutomatedBackups: false },
        redis: { kind: "managed", finalSnapshot: false },
      },
    });
    const database = named(stack, DATABASE).inputs;
    expect(database).toMatchObject({
      deletionProtection: true,
      skipFinalSnapshot: true,
      deleteAutomatedBackups: true,
    });
    expect(database).not.toHaveProperty("finalSnapshotIdentifier");
    expect(named(stack, CACHE).inputs).not.toHaveProperty("finalSnapshotIdentifier");
  });

  test("the name of a snapshot is new for every store, and within AWS's 255 characters", async () => {
    const stack = await declared("prod", cluster({ name: "c".repeat(34) }));
    for (const label of ["platform-database-snapshot", "platform-cache-snapshot"]) {
      expect(named(stack, `random.RandomId ${label}`).inputs).toMatchObject({
        byteLength: 4,
        keepers: { store: expect.stringMatching(/^c{34}-(database|cache)$/) as string },
      });
    }
  });

  test.each(["prod", "dev"])("volumes of %s", async (name) => {
    const stack = await declared(name);
    for (const { inputs, options } of ofType(stack, "StorageClass")) {
      expect(inputs).toMatchObject({ reclaimPolicy: "Retain", allowVolumeExpansion: true });
      // Kubernetes cannot change it in place, and a class of the same name cannot stand beside the old one.
      expect(options).toMatchObject({
        deleteBeforeReplace: true,
        replaceOnChanges: expect.arrayContaining(["reclaimPolicy"]) as unknown,
      });
    }
  });

  test.each(["prod", "dev"])("the file system of the artifacts of %s", async (name) => {
    const files = named(await declared(name), "aws.efs.FileSystem platform-artifacts");
    expect(files.options.retainOnDelete).toBe(true);
  });

  test("nothing in volumes, where the stack says so", async () => {
    const remove = { reclaimPolicy: "Delete" };
    const stack = await declared("dev", { storage: { block: remove, shared: remove } });
    for (const { inputs } of ofType(stack, "StorageClass")) {
      expect(inputs.reclaimPolicy).toBe("Delete");
    }
    const files = named(stack, "aws.efs.FileSystem platform-artifacts");
    expect(files.options).not.toHaveProperty("retainOnDelete");
  });
});

describe("a volume in the cluster", () => {
  test.each(["postgresql", "redis"])("of %s grows without another StatefulSet", async (store) => {
    const kind = store === "redis" ? "redis" : "database";
    const stack = await declared("dev", {
      gateway: { [kind]: { kind: "inCluster", storage: "40Gi" } },
    });
    const set = named(stack, `StatefulSet gateway-${store}`);
    expect(set.options.ignoreChanges).toEqual(["spec.volumeClaimTemplates"]);
    const claim = named(stack, `PersistentVolumeClaimPatch gateway-${store}-volume`);
    const { name } = set.inputs.metadata as { readonly name: string };
    expect(claim.inputs).toMatchObject({
      metadata: {
        name: `data-${name}-0`,
        namespace: "litellm",
        // The provider would wait five minutes for a bound claim to be pending, and fail.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: { resources: { requests: { storage: "40Gi" } } },
    });
    // A claim cannot be without a request: giving the field back would be refused.
    expect(claim.options.retainOnDelete).toBe(true);
  });
});

describe("a node", () => {
  test("keeps its role from the pods on it", () => {
    for (const { inputs } of ofType(prod, "LaunchTemplate")) {
      expect(inputs.metadataOptions).toMatchObject({
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
    }
  });
});
