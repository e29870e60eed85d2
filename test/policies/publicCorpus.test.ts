/**
 * The pack over public stacks: rendered charts, samples and linters' test data. They are not part of this repository; the test
 * reads them from the file that LLM_GATEWAY_POLICY_CORPUS names, and is skipped without one.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { violations, type TestResource } from "./support";
import { expectedProblems, type Manifest } from "./corpus/oracle";

const FILE = process.env.LLM_GATEWAY_POLICY_CORPUS ?? "";

interface PublicStack {
  readonly id: string;
  readonly docs: readonly Manifest[];
}

/** A manifest as a Pulumi program would declare it. */
function declared(manifest: Manifest, index: number): TestResource {
  const { apiVersion, kind, ...props } = manifest;
  const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return { type: `kubernetes:${version}:${kind}`, name: `${kind}-${index}`, props };
}

describe.skipIf(!existsSync(FILE))("over public stacks", { timeout: 300_000 }, () => {
  const stacks = existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, "utf8")) as readonly PublicStack[])
    : [];

  test("the main rule reports each autoscaler that lacks requests, and no other", async () => {
    const wrong: string[] = [];
    let reports = 0;
    for (const { id, docs } of stacks) {
      const found = await violations(docs.map(declared), { only: ["autoscaler-target-requests"] });
      const messages = found["autoscaler-target-requests"] ?? [];
      const about = (name: string) =>
        messages.some((message) => message.includes("requests") && message.includes(name));
      for (const { autoscaler, lacks } of expectedProblems(docs)) {
        reports += lacks ? 1 : 0;
        if (about(autoscaler) !== lacks) {
          wrong.push(
            `${id}: ${autoscaler}: ${lacks ? "missed" : "false alarm"}: ${messages.join("; ")}`,
          );
        }
      }
    }
    console.log(`${stacks.length} public stacks, ${reports} autoscalers without requests`);
    expect(wrong).toEqual([]);
    expect(reports).toBeGreaterThan(30);
  });

  test("no rule fails on any of them", async () => {
    for (const { docs } of stacks) {
      await expect(violations(docs.map(declared))).resolves.toBeTypeOf("object");
    }
  });
});
