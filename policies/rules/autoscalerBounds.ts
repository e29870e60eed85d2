import {
  autoscalersIn,
  behaviorOf,
  isAutoscaler,
  readAutoscaler,
  type Autoscaler,
} from "../autoscaling/autoscaler";
import { behaviorProblems } from "../autoscaling/behavior";
import { triggersOf } from "../autoscaling/triggers";
import { atLeast, integer, type Settings } from "../factory/parameters";
import { rule } from "../factory/rule";
import { at, isList, UNKNOWN, type Value } from "../resources/values";

const parameters = {
  highestMaximum: integer(
    "Highest maximum that is not taken for a slip of the pen.",
    100,
    atLeast(1),
  ),
  longestWindowSeconds: integer(
    "Longest stabilization window; Kubernetes accepts 3600.",
    3600,
    atLeast(0),
  ),
};

/** Bounds that contradict each other or that nobody meant. */
export const autoscalerBounds = rule({
  name: "autoscaler-bounds",
  description: "The bounds and windows of an autoscaler make sense.",
  severity: "medium",
  tags: ["kubernetes", "autoscaling", "keda"],
  remediationSteps: "Write a minimum of at least 1 that is not above the maximum.",
  url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior",
  parameters,
  resource: (resource, settings, report) => {
    for (const object of resource.objects.filter(isAutoscaler)) {
      const autoscaler = readAutoscaler(object);
      for (const problem of [
        ...wholeNumbers(autoscaler),
        ...bounds(autoscaler),
        ...highest(autoscaler, settings),
        ...behaviorProblems(behaviorOf(autoscaler), settings.longestWindowSeconds),
      ]) {
        report(`${object.name}: ${problem}`);
      }
    }
  },
  // Each part may be right by itself: what a patch makes of the bounds, the whole shows.
  stack: ({ objects }, settings, report) => {
    for (const autoscaler of autoscalersIn(objects)) {
      const { object } = autoscaler;
      const patched = objects.declarationsOf(object).length > 1;
      for (const problem of patched
        ? [...bounds(autoscaler), ...highest(autoscaler, settings)]
        : []) {
        report(`${object.name}, as it is patched: ${problem}`, object.urn);
      }
    }
  },
});

function bounds(autoscaler: Autoscaler): string[] {
  return autoscaler.source === "keda" ? kedaBounds(autoscaler) : horizontalBounds(autoscaler);
}

const FIELDS = {
  kubernetes: ["minReplicas", "maxReplicas"],
  keda: ["minReplicaCount", "maxReplicaCount", "idleReplicaCount"],
} as const;

function wholeNumbers({ object, source }: Autoscaler): string[] {
  return FIELDS[source].flatMap((field) => {
    const value = at(object.props, "spec", field);
    const whole =
      value === undefined || value === null || value === UNKNOWN || Number.isInteger(value);
    return whole ? [] : [`${field} is no whole number; write one`];
  });
}

function horizontalBounds({ object, least, most }: Autoscaler): string[] {
  const problems: string[] = [];
  if (typeof least === "number" && least < 0) {
    problems.push(`minReplicas is ${least}; write 1 or more`);
  } else if (least === 0 && !hasExternalSignal(object.props)) {
    problems.push(`minReplicas is 0; write 1 or more, scaling to zero needs external metrics`);
  }
  if (typeof least === "number" && typeof most === "number" && least > most) {
    problems.push(`minReplicas ${least} is more than maxReplicas ${most}; swap or mend them`);
  }
  if ((most === undefined || most === null) && !object.kubernetes.patch) {
    problems.push("maxReplicas is missing; write the most replicas that the nodes can hold");
  } else if (typeof most === "number" && most < 1) {
    problems.push(`maxReplicas is ${most}; write 1 or more`);
  }
  return problems;
}

/** Whether a metric can tell without any pod that one is needed; unknown ones may. */
function hasExternalSignal(props: Value): boolean {
  const metrics = at(props, "spec", "metrics");
  return (
    metrics === UNKNOWN ||
    (isList(metrics) &&
      metrics.some((metric) => {
        const type = metric === UNKNOWN ? UNKNOWN : at(metric, "type");
        return type === UNKNOWN || type === "External" || type === "Object";
      }))
  );
}

function kedaBounds({ object, least, most }: Autoscaler): string[] {
  const problems: string[] = [];
  const spec = at(object.props, "spec");
  const idle = at(spec, "idleReplicaCount");
  if (typeof least === "number" && typeof most === "number" && least > most) {
    problems.push(
      `minReplicaCount ${least} is more than maxReplicaCount ${most}; swap or mend them`,
    );
  }
  if (typeof most === "number" && most < 1) {
    problems.push(`maxReplicaCount is ${most}; write 1 or more`);
  }
  for (const field of ["cooldownPeriod", "initialCooldownPeriod"]) {
    const seconds = at(spec, field);
    if (typeof seconds === "number" && seconds < 0) {
      problems.push(`${field} is ${seconds}; write seconds, 0 or more`);
    }
  }
  problems.push(...idleProblems(idle, at(spec, "minReplicaCount")));
  const types = triggersOf(spec).map(({ trigger }) => at(trigger, "type"));
  const resources = types.every((type) => type === "cpu" || type === "memory");
  if (least === 0 && types.length > 0 && resources) {
    problems.push(
      "minReplicaCount is 0, but cpu and memory triggers cannot see that a pod is needed; write minReplicaCount: 1, or add another trigger",
    );
  }
  return problems;
}

/** KEDA takes no other idle count than 0, and counts a minimum of 0 that is written as 1, one that is not as 0. */
function idleProblems(idle: Value, least: Value): string[] {
  if (typeof idle !== "number") {
    return [];
  }
  if (idle !== 0) {
    return [`idleReplicaCount is ${idle}, and KEDA supports 0 alone; write 0 or leave it out`];
  }
  return least === undefined || least === null
    ? [
        "idleReplicaCount 0 is not below minReplicaCount, which is 0 by default; write a minimum of 1 or more",
      ]
    : [];
}

function highest({ most, source }: Autoscaler, settings: Settings<typeof parameters>): string[] {
  const field = source === "keda" ? "maxReplicaCount" : "maxReplicas";
  return typeof most === "number" && most > settings.highestMaximum
    ? [
        `${field} ${most} is more than ${settings.highestMaximum}; lower it, or raise highestMaximum of this policy`,
      ]
    : [];
}
