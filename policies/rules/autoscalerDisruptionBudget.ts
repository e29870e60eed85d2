import type { StackValidationPolicy } from "@pulumi/policy";
import { findTarget, isAutoscaler, nameOf } from "../resources/autoscalers";
import { namespaceOf, same, type Inventory, type StackObject } from "../resources/inventory";
import { at, entries, isList, UNKNOWN, type Value } from "../resources/values";

/** A workload that scales is a workload that nodes are drained under: it needs a disruption budget. */
export function autoscalerDisruptionBudget(inventory: Inventory): StackValidationPolicy {
  return {
    name: "autoscaler-disruption-budget",
    description: "A PodDisruptionBudget covers the pods of every HorizontalPodAutoscaler's target.",
    enforcementLevel: "mandatory",
    validateStack: (args, report) => {
      const objects = inventory.objects(args);
      const budgets = objects.filter(({ kubernetes }) => kubernetes.kind === "PodDisruptionBudget");
      for (const autoscaler of objects.filter(isAutoscaler)) {
        const search = findTarget(autoscaler, objects);
        if (
          search.state === "found" &&
          budgets.every((budget) => covers(budget, search.target) === false)
        ) {
          report(
            `${nameOf(search.target)} scales with ${nameOf(autoscaler)} but no PodDisruptionBudget selects its pods; add one with maxUnavailable: 1 and the same labels`,
            search.target.urn,
          );
        }
      }
    },
  };
}

/** Whether the budget selects the workload's pods; UNKNOWN when a label of either is. */
function covers(budget: StackObject, workload: StackObject): boolean | typeof UNKNOWN {
  if (budget.provider !== workload.provider) {
    return false;
  }
  const selector = at(budget.props, "spec", "selector");
  const labels = at(workload.props, "spec", "template", "metadata", "labels");
  const checks = [
    same(namespaceOf(budget), namespaceOf(workload)),
    selector === UNKNOWN || labels === UNKNOWN ? UNKNOWN : selects(selector, labels),
  ];
  if (checks.includes(false)) {
    return false;
  }
  return checks.includes(UNKNOWN) ? UNKNOWN : true;
}

function selects(selector: Value, labels: Value): boolean | typeof UNKNOWN {
  if (selector === undefined || selector === null) {
    return false;
  }
  const checks: (boolean | typeof UNKNOWN)[] = entries(at(selector, "matchLabels")).map(
    ([key, value]) => same(value, at(labels, key)),
  );
  const expressions = at(selector, "matchExpressions");
  if (isList(expressions)) {
    checks.push(...expressions.map((expression) => holds(expression, labels)));
  } else if (expressions === UNKNOWN) {
    checks.push(UNKNOWN);
  }
  if (checks.includes(false)) {
    return false;
  }
  return checks.includes(UNKNOWN) ? UNKNOWN : true;
}

function holds(expression: Value, labels: Value): boolean | typeof UNKNOWN {
  const key = at(expression, "key");
  const operator = at(expression, "operator");
  const values = at(expression, "values");
  if (typeof key !== "string" || operator === UNKNOWN || values === UNKNOWN) {
    return UNKNOWN;
  }
  const label = at(labels, key);
  if (label === UNKNOWN) {
    return UNKNOWN;
  }
  const listed = isList(values) && values.includes(label);
  switch (operator) {
    case "In":
      return listed;
    case "NotIn":
      return !listed;
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return UNKNOWN;
  }
}
