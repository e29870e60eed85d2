import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { REPOSITORY } from "../../local/control-plane/environment";
import { openStack, Recorder, type TestStack } from "../support/engine";

const open: TestStack[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

const CONFIG = {
  "llm-gateway:accountId": "123456789012",
  "llm-gateway:region": "us-west-2",
  "llm-gateway:stateBucket": "example-state",
  "llm-gateway:github": { repository: "owner/name" },
  "llm-gateway:environments": {
    dev: { clusterName: "llm-gateway-dev" },
    prod: { clusterName: "llm-gateway-prod", production: true },
  },
};

/** The bootstrap program; the project of the test has the repository's name, which its keys are read under. */
async function bootstrap(config: Readonly<Record<string, unknown>>): Promise<TestStack> {
  const stack = await openStack({
    stack: "account",
    program: join(REPOSITORY, "bootstrap"),
    config,
  });
  open.push(stack);
  return stack;
}

describe("the bootstrap program", () => {
  test("makes bucket, keys, identity provider and roles, names them in its outputs, and a second run changes nothing", async () => {
    const { stack } = await bootstrap(CONFIG);
    const recorder = new Recorder();
    await stack.preview({ onEvent: recorder.onEvent });
    expect(recorder.errors()).toBe("");
    expect(recorder.resources("create")).toEqual(
      expect.arrayContaining([
        "aws:s3/bucket:Bucket state",
        "aws:kms/alias:Alias prod",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider github",
        "aws:iam/role:Role dev-deploy",
        "aws:iam/role:Role prod-preview",
      ]),
    );
    const { outputs } = await stack.up();
    expect(outputs.access?.value).toMatchObject({
      dev: {
        backendUrl: "s3://example-state/dev?region=us-west-2",
        secretsProvider: "awskms://alias/llm-gateway-dev?region=us-west-2",
      },
    });
    const again = await stack.preview({ expectNoChanges: true });
    expect(again.changeSummary.create).toBeUndefined();
  });

  test("refuses settings that are wrong before it declares anything", async () => {
    const { stack } = await bootstrap({ ...CONFIG, "llm-gateway:region": "us-west-2a" });
    const recorder = new Recorder();
    await expect(stack.preview({ onEvent: recorder.onEvent })).rejects.toThrow();
    expect(recorder.errors()).toContain('llm-gateway:region = "us-west-2a": is no region');
    expect(recorder.resources("create").filter((name) => name.startsWith("aws"))).toEqual([]);
  });
});
