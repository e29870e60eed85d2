import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseConfig } from "../../config/parse";
import { writtenSettings } from "../../domain/written";
import { REPOSITORY } from "../../local/control-plane/environment";

const FOLDER = join(REPOSITORY, "examples");
const stackFile = z.strictObject({
  config: z.record(z.string().startsWith("llm-gateway:"), z.unknown()),
});

const examples = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(join(FOLDER, name), "utf8"),
}));

/** The settings of a stack file as the engine hands them to the program: text, maps as JSON. */
function configOf(text: string) {
  const { config } = stackFile.parse(parse(text));
  const texts = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return parseConfig("llm-gateway", writtenSettings("llm-gateway", texts));
}

describe.each(examples)("the example $name", ({ name, text }) => {
  test("is a stack's file that the program takes without a problem", () => {
    expect(name).toMatch(/^Pulumi\.[a-z-]+\.yaml$/);
    expect(() => configOf(text)).not.toThrow();
  });

  test("begins with what it is for, and nothing but comments stands before the settings", () => {
    const [purpose = "", ...rest] = text.split("\n");
    expect(purpose).toMatch(/^# .+: for /);
    const comments = rest.slice(0, rest.indexOf("config:"));
    expect(comments.filter((line) => !line.startsWith("# "))).toEqual([]);
  });

  test("is listed in the README", () => {
    expect(readFileSync(join(REPOSITORY, "README.md"), "utf8")).toContain(`(examples/${name})`);
  });
});

test("the examples show a new cluster, managed stores and an existing cluster", () => {
  const shown = examples.map(({ name, text }) => {
    const { cluster, gateway, models } = configOf(text);
    const { database, redis } = gateway;
    return [name, cluster.kind, database.kind, redis.kind, Object.keys(models).length];
  });
  expect(shown).toEqual([
    ["Pulumi.existing-cluster.yaml", "existing", "inCluster", "inCluster", 1],
    ["Pulumi.managed-stores.yaml", "eks", "managed", "managed", 2],
    ["Pulumi.smallest.yaml", "eks", "inCluster", "inCluster", 1],
  ]);
});
