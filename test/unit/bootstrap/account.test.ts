/** The bootstrap's own program under the engine's mocks: where its resources are made. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { REPOSITORY } from "../../../local/control-plane/environment";

const PROVIDER = "pulumi:providers:aws";
const PROJECT = "llm-gateway-bootstrap";

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string;
}
const made: Made[] = [];

const example = z.object({ config: z.record(z.string(), z.unknown()) });

beforeAll(async () => {
  const text = readFileSync(join(REPOSITORY, "bootstrap", "Pulumi.example.yaml"), "utf8");
  const { config } = example.parse(parse(text));
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        const given = inputs as Record<string, unknown>;
        made.push({ type, name, inputs: given, provider });
        return { id: `${name}-id`, state: { ...given, arn: `arn:${name}`, keyId: name } };
      },
      call: () => ({}),
    },
    PROJECT,
    "account",
  );
  await import("../../../bootstrap/index");
  await pulumi.runtime.disconnect();
});

test("nothing is made in another account than the one that is written", () => {
  const providers = made.filter(({ type }) => type === PROVIDER);
  expect(providers).toHaveLength(1);
  expect(providers[0]?.inputs).toMatchObject({
    allowedAccountIds: '["123456789012"]',
    region: "us-west-2",
  });
});

test("everything of AWS is made by that provider, and none by the credentials that are there", () => {
  const resources = made.filter(({ type }) => type.startsWith("aws:"));
  expect(resources.length).toBeGreaterThan(10);
  expect(resources.filter(({ provider }) => !provider.includes(`${PROVIDER}::account::`))).toEqual(
    [],
  );
});
