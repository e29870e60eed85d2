import { autoscalersIn, type Autoscaler } from "../autoscaling/autoscaler";
import { podsOf } from "../autoscaling/pods";
import { findTarget } from "../autoscaling/target";
import { rule } from "../factory/rule";
import type { KubernetesObject, Resource } from "../resources/resource";
import { SelectorIndex } from "../resources/selectors";
import { at, textOf, type Value } from "../resources/values";

/** A workload that scales is a workload that nodes are drained under: it needs a disruption budget. */
export const autoscalerDisruptionBudget = rule({
  name: "autoscaler-disruption-budget",
  description:
    "A PodDisruptionBudget covers the pods of every autoscaler's target, and lets a node be drained.",
  severity: "medium",
  tags: ["kubernetes", "autoscaling", "availability"],
  remediationSteps: "Add a PodDisruptionBudget with maxUnavailable: 1 and the labels of the pods.",
  url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
  resource: (resource, _settings, report) => {
    for (const budget of budgetsOf(resource)) {
      const blocked = blocks(at(budget.props, "spec"));
      if (blocked !== undefined) {
        report(
          `${budget.name}: ${blocked} lets no pod be evicted, so no node under one can be drained; write maxUnavailable: 1`,
        );
      }
    }
  },
  stack: ({ objects }, _settings, report) => {
    const budgets = new SelectorIndex<KubernetesObject>();
    for (const budget of objects.ofKind("PodDisruptionBudget", "policy")) {
      budgets.add(budget, at(budget.props, "spec", "selector"));
    }
    for (const autoscaler of autoscalersIn(objects)) {
      const search = findTarget(autoscaler, objects);
      if (search.state !== "found" || search.partial || !search.target.resource.declared) {
        continue;
      }
      const { target } = search;
      const pods = podsOf(target, objects);
      if (pods.state !== "known") {
        continue;
      }
      const covering = budgets
        .selecting(pods.labels)
        .filter(({ item }) => objects.together(item, target) !== false);
      // A Helm release may bring one that the engine does not see.
      if (covering.length === 0 && !objects.hasOpaque(target)) {
        report(
          `${target.name} scales with ${autoscaler.object.name} but no PodDisruptionBudget selects its pods; add one with maxUnavailable: 1 and the same labels`,
          target.urn,
        );
      }
      for (const { item, certain } of covering) {
        const blocked = certain ? blocksScaled(at(item.props, "spec"), autoscaler) : undefined;
        if (blocked !== undefined && objects.together(item, target) === true) {
          report(`${item.name}: ${blocked}; write maxUnavailable: 1`, item.urn);
        }
      }
    }
  },
});

function budgetsOf(resource: Resource): readonly KubernetesObject[] {
  return resource.objects.filter(
    ({ kubernetes }) => kubernetes.group === "policy" && kubernetes.kind === "PodDisruptionBudget",
  );
}

/** What of a budget forbids every eviction; undefined when nothing does. */
function blocks(spec: Value): string | undefined {
  const [most, least] = [at(spec, "maxUnavailable"), at(spec, "minAvailable")];
  if (most === 0 || most === "0" || most === "0%") {
    return `maxUnavailable: ${most}`;
  }
  return least === "100%" ? "minAvailable: 100%" : undefined;
}

/** How a budget blocks drains with the replicas that an autoscaler gives; the eviction API rounds percentages up. */
function blocksScaled(spec: Value, { object, least, most }: Autoscaler): string | undefined {
  const available = at(spec, "minAvailable");
  const blocksAt = (replicas: Value) =>
    typeof replicas === "number" &&
    replicas > 0 &&
    available !== "100%" &&
    neededOf(available, replicas) >= replicas;
  const said = `minAvailable: ${textOf(available)}`;
  if (blocksAt(most)) {
    return `${said} lets no pod be evicted with the ${counted(most)} that ${object.name} gives at most`;
  }
  return blocksAt(least)
    ? `${said} lets no pod be evicted with the ${counted(least)} that ${object.name} gives at least, so no node under one can be drained while little is asked`
    : undefined;
}

function counted(replicas: Value): string {
  return replicas === 1 ? "1 replica" : `${textOf(replicas)} replicas`;
}

/** How many pods a budget keeps of so many; none where that is unknown. */
function neededOf(available: Value, replicas: number): number {
  const percent = typeof available === "string" ? /^(\d+)%$/.exec(available)?.[1] : undefined;
  if (percent !== undefined) {
    return Math.ceil((Number(percent) * replicas) / 100);
  }
  const number = typeof available === "string" ? Number(available) : available;
  return typeof number === "number" && Number.isFinite(number) ? number : 0;
}
