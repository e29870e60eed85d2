import { quantity } from "../resources/quantities";
import { at, entries, isGiven, isList, textOf, UNKNOWN, type Value } from "../resources/values";

/** Fields that the API knows, and the longest period of a policy: MaxPeriodSeconds of Kubernetes' own validation. */
const DIRECTIONS: readonly string[] = ["scaleUp", "scaleDown"];
const RULES: readonly string[] = [
  "stabilizationWindowSeconds",
  "selectPolicy",
  "policies",
  "tolerance",
];
const POLICY: readonly string[] = ["type", "value", "periodSeconds"];
const SELECTIONS: readonly string[] = ["Max", "Min", "Disabled"];
const TYPES: readonly string[] = ["Pods", "Percent"];
const LONGEST_PERIOD = 1800;

/**
 * What the API server refuses in the behavior of an autoscaler, as its validateScalingRules does, fields that it does not know, and a
 * behavior that never adds a pod.
 * @param longestWindow in seconds
 */
export function behaviorProblems(behavior: Value, longestWindow: number): string[] {
  return [
    ...unknownFields(behavior, DIRECTIONS, "behavior"),
    ...DIRECTIONS.flatMap((direction) =>
      rulesProblems(at(behavior, direction), `behavior.${direction}`, longestWindow),
    ),
    ...(at(behavior, "scaleUp", "selectPolicy") === "Disabled"
      ? ["behavior.scaleUp.selectPolicy is Disabled, so no pod is ever added; write Max or Min"]
      : []),
  ];
}

function unknownFields(value: Value, known: readonly string[], place: string): string[] {
  return entries(value)
    .filter(([field]) => !known.includes(field))
    .map(([field]) => {
      const near = known.find((name) => name.toLowerCase() === field.toLowerCase());
      return `${place}.${field} is no field of the API; write ${near ?? known.join(" or ")}`;
    });
}

function rulesProblems(rules: Value, place: string, longestWindow: number): string[] {
  const window = at(rules, "stabilizationWindowSeconds");
  const tolerance = at(rules, "tolerance");
  const policies = at(rules, "policies");
  const share = isKnown(tolerance) ? quantity(tolerance) : 0;
  return [
    ...unknownFields(rules, RULES, place),
    ...rangeProblems(window, `${place}.stabilizationWindowSeconds`, 0, longestWindow),
    ...choiceProblems(at(rules, "selectPolicy"), `${place}.selectPolicy`, SELECTIONS),
    ...(share === undefined || share < 0
      ? [`${place}.tolerance is no quantity of at least 0; write one, such as 0.05`]
      : []),
    ...(isList(policies) && policies.length === 0
      ? [`${place}.policies is empty; write a policy, or leave it out`]
      : []),
    ...(isList(policies) ? policies : []).flatMap((policy, index) =>
      policyProblems(policy, `${place}.policies[${index}]`),
    ),
  ];
}

function policyProblems(policy: Value, place: string): string[] {
  return [
    ...unknownFields(policy, POLICY, place),
    ...demanded(policy, place),
    ...choiceProblems(at(policy, "type"), `${place}.type`, TYPES),
    ...rangeProblems(at(policy, "value"), `${place}.value`, 1, Number.POSITIVE_INFINITY),
    ...rangeProblems(at(policy, "periodSeconds"), `${place}.periodSeconds`, 1, LONGEST_PERIOD),
  ];
}

function demanded(policy: Value, place: string): string[] {
  return POLICY.filter((field) => !isGiven(at(policy, field))).map(
    (field) => `${place}.${field} is missing; write it`,
  );
}

function choiceProblems(value: Value, place: string, choices: readonly string[]): string[] {
  return isKnown(value) && !choices.includes(textOf(value))
    ? [`${place} ${textOf(value)} is none of ${choices.join(", ")}; write one of them`]
    : [];
}

function rangeProblems(value: Value, place: string, least: number, most: number): string[] {
  if (!isKnown(value)) {
    return [];
  }
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return [`${place} is no whole number; write one`];
  }
  if (value < least) {
    return [`${place} ${value} is less than ${least}; raise it`];
  }
  return value > most ? [`${place} ${value} is more than ${most}; lower it`] : [];
}

function isKnown(value: Value): boolean {
  return isGiven(value) && value !== UNKNOWN;
}
