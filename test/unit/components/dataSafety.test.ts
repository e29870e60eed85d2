/** What must hold of everything that keeps data, and of the nodes, in what production declares, whatever else changes. */
import { beforeAll, describe, expect, test } from "vitest";
import type { DeclaredResource } from "../../../local/render/resource";
import { declared, named, ofType } from "../../support/declared";

let prod: readonly DeclaredResource[];
beforeAll(async () => {
  prod = await declared("prod");
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
      stringData: { DATABASE_URL: expect.stringMatching(/\?sslmode=require$/) as string },
    });
    const config = named(prod, "ConfigMap gateway-routing-config").inputs;
    // Once for the router, once for the cache.
    expect(JSON.stringify(config).split("ssl: true")).toHaveLength(3);
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
