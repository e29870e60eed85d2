/** What is said of the bounds and the behavior of an autoscaler, and what to write instead: word by word. */
import { describe, expect, test } from "vitest";
import { behaviorProblems } from "../../policies/autoscaling/behavior";
import { UNKNOWN, type Value } from "../../policies/resources/values";
import { cpu, queue, scaled } from "./corpus/builders/keda";
import { autoscaler, utilization } from "./fixtures";
import { LATER, violations, type TestResource } from "./support";

const RULE = "autoscaler-bounds";
const said = async (resource: TestResource) =>
  ((await violations([resource], { only: [RULE] }))[RULE] ?? []).map((text) =>
    text.replace(/^\w+ shop\/[\w-]+: /, ""),
  );

describe("the bounds of a HorizontalPodAutoscaler", () => {
  const external = { type: "External", external: { metric: { name: "n" } } };

  test.each<[Record<string, unknown>, string[]]>([
    [{ minReplicas: -1 }, ["minReplicas is -1; write 1 or more"]],
    [
      { minReplicas: 0 },
      ["minReplicas is 0; write 1 or more, scaling to zero needs external metrics"],
    ],
    [{ minReplicas: 0, metrics: [external] }, []],
    [{ minReplicas: 0, metrics: [utilization("cpu"), external] }, []],
    [{ minReplicas: 0, metrics: [{ ...external, type: "Object" }] }, []],
    [{ minReplicas: 0, metrics: LATER }, []],
    [{ minReplicas: 0, metrics: [LATER] }, []],
    [{ minReplicas: 0, metrics: [{ type: LATER }] }, []],
    [
      { minReplicas: 3, maxReplicas: 2 },
      ["minReplicas 3 is more than maxReplicas 2; swap or mend them"],
    ],
    [{ minReplicas: 2, maxReplicas: 2 }, []],
    [
      { maxReplicas: undefined },
      ["maxReplicas is missing; write the most replicas that the nodes can hold"],
    ],
    [
      { maxReplicas: 0 },
      [
        "minReplicas 1 is more than maxReplicas 0; swap or mend them",
        "maxReplicas is 0; write 1 or more",
      ],
    ],
    [
      { maxReplicas: 101 },
      ["maxReplicas 101 is more than 100; lower it, or raise highestMaximum of this policy"],
    ],
    [{ maxReplicas: 100 }, []],
    [{ minReplicas: 1.5 }, ["minReplicas is no whole number; write one"]],
    [{ maxReplicas: "5" }, ["maxReplicas is no whole number; write one"]],
  ])("%j", async (spec, expected) => {
    expect(await said(autoscaler(spec))).toEqual(expected);
  });
});

describe("the bounds of a ScaledObject", () => {
  const SUPPORTED = "and KEDA supports 0 alone; write 0 or leave it out";
  const RESOURCES =
    "minReplicaCount is 0, but cpu and memory triggers cannot see that a pod is needed; write minReplicaCount: 1, or add another trigger";

  test.each<[Record<string, unknown>, string[]]>([
    [{ triggers: [queue] }, []],
    [{ triggers: [queue], minReplicaCount: 0 }, []],
    [{ triggers: [cpu], minReplicaCount: 0 }, [RESOURCES]],
    [{ triggers: [cpu, queue], minReplicaCount: 0 }, []],
    [
      { triggers: [queue], minReplicaCount: 3, maxReplicaCount: 2 },
      ["minReplicaCount 3 is more than maxReplicaCount 2; swap or mend them"],
    ],
    [
      { triggers: [queue], minReplicaCount: undefined, maxReplicaCount: 0 },
      ["maxReplicaCount is 0; write 1 or more"],
    ],
    [
      { triggers: [queue], maxReplicaCount: 101 },
      ["maxReplicaCount 101 is more than 100; lower it, or raise highestMaximum of this policy"],
    ],
    [
      { triggers: [queue], minReplicaCount: 0.5 },
      ["minReplicaCount is no whole number; write one"],
    ],
    [
      { triggers: [queue], cooldownPeriod: -1, initialCooldownPeriod: -2 },
      [
        "cooldownPeriod is -1; write seconds, 0 or more",
        "initialCooldownPeriod is -2; write seconds, 0 or more",
      ],
    ],
    [{ triggers: [queue], cooldownPeriod: 0 }, []],
    [
      { triggers: [queue], idleReplicaCount: 1, minReplicaCount: 2 },
      [`idleReplicaCount is 1, ${SUPPORTED}`],
    ],
    [{ triggers: [queue], idleReplicaCount: 0, minReplicaCount: 2 }, []],
    [
      { triggers: [queue], idleReplicaCount: 0, minReplicaCount: undefined },
      [
        "idleReplicaCount 0 is not below minReplicaCount, which is 0 by default; write a minimum of 1 or more",
      ],
    ],
  ])("%j", async (spec, expected) => {
    expect(await said(scaled(spec))).toEqual(expected);
  });
});

describe("the behavior of an autoscaler", () => {
  const policy = { type: "Pods", value: 1, periodSeconds: 60 };
  const up = (rules: Value): Value => ({ scaleUp: rules });
  const U = "behavior.scaleUp";

  test.each<[Value, string[]]>([
    [undefined, []],
    [UNKNOWN, []],
    [up({ policies: [policy], selectPolicy: "Min", stabilizationWindowSeconds: 0 }), []],
    [up({ policies: [{ ...policy, type: "Percent", periodSeconds: 1800 }], tolerance: 0 }), []],
    [up({ policies: UNKNOWN, selectPolicy: UNKNOWN, tolerance: UNKNOWN }), []],
    [{ scaleDown: { selectPolicy: "Disabled" } }, []],
    [{ ScaleUp: {} }, ["behavior.ScaleUp is no field of the API; write scaleUp"]],
    [{ up: {} }, ["behavior.up is no field of the API; write scaleUp or scaleDown"]],
    [
      up({ window: 1 }),
      [
        `${U}.window is no field of the API; write stabilizationWindowSeconds or selectPolicy or policies or tolerance`,
      ],
    ],
    [
      up({ policies: [{ ...policy, period: 1 }] }),
      [`${U}.policies[0].period is no field of the API; write type or value or periodSeconds`],
    ],
    [
      up({ stabilizationWindowSeconds: -1 }),
      [`${U}.stabilizationWindowSeconds -1 is less than 0; raise it`],
    ],
    [
      up({ stabilizationWindowSeconds: 301 }),
      [`${U}.stabilizationWindowSeconds 301 is more than 300; lower it`],
    ],
    [
      up({ stabilizationWindowSeconds: 0.5 }),
      [`${U}.stabilizationWindowSeconds is no whole number; write one`],
    ],
    [
      up({ selectPolicy: "Most" }),
      [`${U}.selectPolicy Most is none of Max, Min, Disabled; write one of them`],
    ],
    [
      up({ selectPolicy: "Disabled" }),
      [`${U}.selectPolicy is Disabled, so no pod is ever added; write Max or Min`],
    ],
    [
      up({ tolerance: -1 }),
      [`${U}.tolerance is no quantity of at least 0; write one, such as 0.05`],
    ],
    [
      up({ tolerance: "some" }),
      [`${U}.tolerance is no quantity of at least 0; write one, such as 0.05`],
    ],
    [up({ policies: [] }), [`${U}.policies is empty; write a policy, or leave it out`]],
    [
      up({ policies: [policy, {}] }),
      ["type", "value", "periodSeconds"].map(
        (field) => `${U}.policies[1].${field} is missing; write it`,
      ),
    ],
    [
      up({ policies: [{ type: "Share", value: 0, periodSeconds: 1801 }] }),
      [
        `${U}.policies[0].type Share is none of Pods, Percent; write one of them`,
        `${U}.policies[0].value 0 is less than 1; raise it`,
        `${U}.policies[0].periodSeconds 1801 is more than 1800; lower it`,
      ],
    ],
  ])("%#", (behavior, expected) => {
    expect(behaviorProblems(behavior, 300)).toEqual(expected);
  });
});
