/** What shows that two declarations are of one object, and what that a value has several sources. */
import { expect, test } from "vitest";
import { bare, cpu, inside, kept, namespace, renamed } from "./corpus/builders/targets";
import { autoscaler, deployment, METADATA } from "./fixtures";
import { violations } from "./support";

const RULE = "autoscaler-target-requests";

test("two workloads of one name show that a Namespace's outputs are several: neither is taken for the target", async () => {
  const found = await violations([
    namespace,
    inside(deployment()),
    inside(deployment(bare, { name: "web-canary" })),
    inside(autoscaler(cpu)),
    inside(kept),
  ]);
  expect(found[RULE]).toBeUndefined();
  expect(found["autoscaler-undecided"]).toEqual([expect.stringContaining("could be any of")]);
});

test("an autoscaler that is declared twice does not rival itself", async () => {
  const twin = autoscaler(cpu, { name: "twin" });
  expect(await violations([deployment(), autoscaler(cpu), twin, kept])).toEqual({});
  const other = renamed(twin, { ...METADATA, name: "other" });
  expect(await violations([deployment(), autoscaler(cpu), other, kept])).toHaveProperty([
    "autoscaler-conflicts",
  ]);
});

test("two autoscalers whose names Pulumi makes up are two", async () => {
  const unnamed = (name: string) => renamed(autoscaler(cpu), { namespace: "shop" }, { name });
  expect(await violations([deployment(), unnamed("a"), unnamed("b"), kept])).toHaveProperty([
    "autoscaler-conflicts",
  ]);
});
