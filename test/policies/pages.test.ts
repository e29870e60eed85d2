import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { policies, RULES } from "../../policies/pack";
import { pageHead, pageParameters } from "../support/policyPage";
import { violations, type TestResource } from "./support";

const REPOSITORY = join(__dirname, "..", "..");
const PAGES = join(REPOSITORY, "docs", "policies");

const program = z.object({
  resources: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.record(z.string(), z.unknown()).default({}),
      options: z.object({ protect: z.boolean().optional() }).default({}),
    }),
  ),
});

/** The resources of a Pulumi program in YAML. */
function resourcesIn(yaml: string, stack: string): TestResource[] {
  return Object.entries(program.parse(parse(yaml)).resources).map(([name, resource]) => ({
    type: resource.type,
    name,
    props: resource.properties,
    protect: resource.options.protect ?? false,
    stack,
  }));
}

/** The text of a section. */
function section(page: string, title: string): string {
  return page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
}

function example(page: string, title: string): string {
  return /```yaml\n([\s\S]*?)```/.exec(section(page, title))?.[1] ?? "";
}

test("every rule has its page, and every page its rule", () => {
  const names = RULES.map(({ definition }) => `${definition.name}.md`).sort();
  expect(readdirSync(PAGES).sort()).toEqual(names);
});

test("the link that the engine gets for a rule leads to the rule's page", () => {
  const links = policies().map(({ name, url = "" }) => [url, `docs/policies/${name}.md`] as const);
  expect(links.filter(([url, page]) => url !== page)).toEqual([]);
  expect(links.filter(([url]) => !existsSync(join(REPOSITORY, url)))).toEqual([]);
});

describe.each(RULES.map((rule) => ({ rule, name: rule.definition.name })))(
  "the page of $name",
  ({ rule, name }) => {
    const page = readFileSync(join(PAGES, `${name}.md`), "utf8");

    test("says what the rule's metadata says", () => {
      expect(page.startsWith(`${pageHead(rule)}\n`)).toBe(true);
      expect(section(page, "Parameters").trim()).toBe(pageParameters(rule));
      expect(section(page, "Mend")).toContain(rule.definition.remediationSteps);
      expect(section(page, "Why").trim().length).toBeGreaterThan(80);
    });

    test("has an example that the rule reports, and one that it does not", async () => {
      const judge = async (title: string) =>
        (await violations(resourcesIn(example(page, title), "prod")))[name] ?? [];
      expect(await judge("Fails")).not.toEqual([]);
      expect(await judge("Mend")).toEqual([]);
    });
  },
);
