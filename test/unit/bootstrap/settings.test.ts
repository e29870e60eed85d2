import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseSettings, previewReadsSecrets } from "../../../bootstrap/settings";
import { ConfigError } from "../../../config/rules/problems";
import { REPOSITORY } from "../../../local/control-plane/environment";

const GOOD = {
  accountId: "123456789012",
  region: "us-west-2",
  stateBucket: "example-state",
  github: { repository: "owner/name" },
  environments: { dev: { clusterName: "llm-gateway-dev" } },
};

/** The lines of the message for the good settings with a change. */
function problems(change: Readonly<Record<string, unknown>>): string[] {
  try {
    parseSettings("llm-gateway-bootstrap", { ...GOOD, ...change });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.message.split("\n").slice(1);
    }
    throw error;
  }
}

describe("the settings of the bootstrap", () => {
  test("are those of the example", () => {
    const text = readFileSync(join(REPOSITORY, "bootstrap", "Pulumi.example.yaml"), "utf8");
    const { config } = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(text));
    const written = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.split(":")[1] ?? "", value]),
    );
    const { environments } = parseSettings("llm-gateway-bootstrap", written);
    expect(environments).toEqual({
      dev: { clusterName: "llm-gateway-dev", production: false, hostedZoneIds: [] },
      prod: { clusterName: "llm-gateway-prod", production: true, hostedZoneIds: [] },
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["no account", { accountId: undefined }, "llm-gateway-bootstrap:accountId: is missing"],
    [
      "an account without its leading zero",
      { accountId: "12345" },
      'llm-gateway-bootstrap:accountId = "12345": is no AWS account; write its 12 digits',
    ],
    ["a zone for a region", { region: "us-west-2a" }, 'region = "us-west-2a": is no region'],
    [
      "another partition",
      { region: "cn-north-1" },
      'region = "cn-north-1": is no region of the aws',
    ],
    [
      "a bucket's URL",
      { stateBucket: "s3://state" },
      'stateBucket = "s3://state": is no bucket name',
    ],
    [
      "a repository's URL",
      { github: { repository: "https://github.com/owner/name" } },
      "github.repository",
    ],
    [
      "an identity provider of another account",
      {
        github: {
          repository: "owner/name",
          oidcProviderArn:
            "arn:aws:iam::999999999999:oidc-provider/token.actions.githubusercontent.com",
        },
      },
      "github.oidcProviderArn",
    ],
    ["no environment", { environments: {} }, "environments: is empty; name each stack"],
    [
      "an environment's name with a capital",
      { environments: { Dev: { clusterName: "a" } } },
      'environments.Dev = "Dev": as a name, must be a stack',
    ],
    [
      "a misspelt key",
      { environments: { dev: { clusterName: "a", prod: true } } },
      "environments.dev.prod: is not a known key",
    ],
    [
      "two environments of one cluster",
      { environments: { dev: { clusterName: "a" }, prod: { clusterName: "a" } } },
      'environments.prod.clusterName = "a": is another environment\'s, too',
    ],
    [
      "what is no hosted zone",
      { environments: { dev: { clusterName: "a", hostedZoneIds: ["example.com"] } } },
      "environments.dev.hostedZoneIds.0",
    ],
  ])("refuse %s with its path", (_what, change, line) => {
    const found = problems(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(line);
  });

  test.each([
    [{}, true],
    [{ production: true }, false],
    [{ production: true, previewReadsSecrets: true }, true],
    [{ previewReadsSecrets: false }, false],
  ])("let the preview of %o read secrets: %s", (written, expected) => {
    const { environments } = parseSettings("llm-gateway-bootstrap", {
      ...GOOD,
      environments: { dev: { clusterName: "a", ...written } },
    });
    expect(Object.values(environments).map(previewReadsSecrets)).toEqual([expected]);
  });

  test("tell all mistakes at once", () => {
    expect(problems({ region: "x", accountId: "1", environments: {} })).toHaveLength(3);
  });
});
