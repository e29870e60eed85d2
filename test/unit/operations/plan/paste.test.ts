import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { DEFAULT_NODE_GROUPS } from "../../../../domain/neuron/nodeGroups";
import { stackConfiguration } from "../../../../operations/plan/paste";
import { RECOMMENDED } from "../../../../operations/plan/policies";
import { plannedModel } from "../../../../operations/plan/stack";
import { parsed, problemLines } from "../../../support/config";
import { QWEN } from "../../../support/models";

const printed = z.object({ config: z.record(z.string(), z.unknown()) });
const { slotUtilization, scaleUp, scaleDown } = RECOMMENDED;
const BEHAVIOUR = { slotUtilization, scaleUp, scaleDown };

/** What is printed for a stack, by key without the project. */
function pasted(
  found: { readonly minReplicas?: number; readonly headroom?: number; readonly target?: number },
  stack: Readonly<Record<string, unknown>> = {},
  maxReplicas = 2,
) {
  const { minReplicas = 1, headroom = 0, target = slotUtilization } = found;
  const text = stackConfiguration(
    {
      scaling: { ...BEHAVIOUR, slotUtilization: target },
      warmth: { minReplicas, maxReplicas, headroom },
    },
    { project: "p", stack: plannedModel(parsed(stack), QWEN) },
  );
  expect(text).not.toContain("&a1");
  return Object.fromEntries(
    Object.entries(printed.parse(parse(text)).config).map(([key, value]) => [
      key.replace(/^p:/, ""),
      value,
    ]),
  );
}

describe("the configuration to paste", () => {
  test("names model, bounds, target and behaviour, and turns them on", () => {
    expect(pasted({ target: 80 })).toEqual({
      autoscaling: { requests: "keda" },
      models: {
        [QWEN]: {
          autoscaling: {
            minReplicas: 1,
            maxReplicas: 2,
            requests: { ...BEHAVIOUR, slotUtilization: 80 },
          },
        },
      },
    });
    expect(pasted({}, { autoscaling: { requests: "keda" } })).not.toHaveProperty("autoscaling");
  });

  test("keeps what the plan did not look for", () => {
    const schedule = [{ timezone: "UTC", start: "0 8 * * *", end: "0 18 * * *", replicas: 2 }];
    const requests = { fallbackReplicas: 2, schedule, idleSeconds: 600, pollingSeconds: 2 };
    const stack = {
      autoscaling: { requests: "keda" },
      models: { [QWEN]: { autoscaling: { minReplicas: 0, requests } } },
    };
    const asked = (minReplicas: number) => pasted({ minReplicas }, stack).models;
    expect(asked(0)).toMatchObject({ [QWEN]: { autoscaling: { requests } } });
    expect(asked(1)).not.toHaveProperty([QWEN, "autoscaling", "requests", "idleSeconds"]);
  });

  test("names every node group where one gets headroom or more room, each without its defaults", () => {
    const { serving, compilation } = DEFAULT_NODE_GROUPS;
    expect(pasted({ headroom: 2 }, {}, 5).neuron).toEqual({
      nodeGroups: {
        serving: { ...serving, maxSize: 7, headroom: 2 },
        compilation,
      },
    });
  });

  test.each([
    ["as it is found without a stack's own", {}, {}, 2],
    ["with a minimum of 0", { minReplicas: 0 }, {}, 2],
    ["with headroom and more replicas than the groups have room for", { headroom: 4 }, {}, 12],
    [
      "of a stack on EKS with its own groups",
      { headroom: 1, minReplicas: 0 },
      {
        neuron: {
          nodeGroups: {
            spot: { instanceType: "inf2.xlarge", maxSize: 2, capacity: "spot", zones: ["a"] },
            build: { instanceType: "inf2.8xlarge", maxSize: 1, diskGiB: 200 },
          },
        },
        models: { [QWEN]: {} },
      },
      3,
    ],
  ])("is a configuration without a problem: %s", (_, found, stack, maxReplicas) => {
    expect(problemLines({ ...stack, ...pasted(found, stack, maxReplicas) })).toEqual([]);
  });
});
