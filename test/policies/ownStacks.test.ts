/** The pack over what this repository declares: its own stacks are good ones, which no rule of one resource may refuse. */
import { describe, expect, test } from "vitest";
import { declared } from "../support/declared";
import { violations } from "./support";

/** Needs options that the declaration does not record. */
const WITHOUT = ["aws-production-protected", "aws-tags-present"];

describe("the stack", { timeout: 120_000 }, () => {
  test.each(["local", "dev", "prod"])("%s passes", async (stack) => {
    const resources = (await declared(stack))
      .filter(({ component }) => !component)
      .map(({ type, name, inputs }) => ({ type, name, props: { ...inputs } }));
    const found = await violations(resources);
    expect(resources.length).toBeGreaterThan(20);
    expect(
      Object.entries(found).filter(
        ([rule]) => !rule.startsWith("autoscaler-") && !WITHOUT.includes(rule),
      ),
    ).toEqual([]);
  });
});
