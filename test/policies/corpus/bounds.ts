import { autoscaler, budget, deployment } from "../fixtures";
import { LATER } from "../support";
import { BOUNDS, cpu, kept, queue, scaled } from "./builders/keda";
import { BUDGET } from "./builders/workloads";
import { bad, good, type Case } from "./case";

const bounded = (spec: Record<string, unknown>, triggers: object[] = [queue]) =>
  [deployment(), scaled({ ...spec, triggers }), kept] as const;
const scaledBudget = (minAvailable: unknown, spec: Record<string, unknown> = {}) =>
  [
    deployment(),
    autoscaler({ minReplicas: 2, maxReplicas: 5, ...spec }),
    budget({ maxUnavailable: undefined, minAvailable }),
  ] as const;
const keda = (minAvailable: unknown, spec: Record<string, unknown> = {}) =>
  [
    deployment(),
    scaled({ triggers: [queue], ...spec }),
    budget({ maxUnavailable: undefined, minAvailable }),
  ] as const;

const release = (namespace: string) => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "chart",
  props: { chart: "chart", namespace },
});

/** Bounds that contradict each other, and disruption budgets that contradict the bounds. */
export const BOUNDS_AND_BUDGETS: readonly Case[] = [
  good(
    "no budget beside a release of the namespace",
    "it may bring one that nobody sees",
    deployment(),
    autoscaler(),
    release("shop"),
  ),
  bad(
    BUDGET,
    "no budget beside a release elsewhere",
    "it installs into its namespace",
    deployment(),
    autoscaler(),
    release("monitoring"),
  ),
  bad(
    BOUNDS,
    "idle above 0",
    "KEDA supports 0 alone",
    ...bounded({ idleReplicaCount: 1, minReplicaCount: 2 }),
  ),
  bad(
    BOUNDS,
    "idle without a minimum",
    "that is 0 by default",
    ...bounded({ idleReplicaCount: 0, minReplicaCount: undefined }),
  ),
  good(
    "idle with a minimum of 0",
    "KEDA counts one that is written as 1",
    ...bounded({ idleReplicaCount: 0, minReplicaCount: 0 }),
  ),
  good(
    "idle with an unknown minimum",
    "it may be above",
    ...bounded({ idleReplicaCount: 0, minReplicaCount: LATER }),
  ),
  bad(
    BOUNDS,
    "to zero by memory alone",
    "no pod, no memory, no pod",
    ...bounded({ minReplicaCount: 0 }, [{ ...cpu, type: "memory" }]),
  ),
  bad(
    BOUNDS,
    "a minimum in words",
    "it is a whole number",
    deployment(),
    autoscaler({ minReplicas: "two" }),
    kept,
  ),
  bad(
    BOUNDS,
    "a maximum of a half",
    "it is a whole number",
    deployment(),
    autoscaler({ maxReplicas: 2.5 }),
    kept,
  ),
  bad(
    BOUNDS,
    "KEDA's minimum in words",
    "it is a whole number",
    ...bounded({ minReplicaCount: "two" }),
  ),

  ...[5, 6, "100%", 2, 4, "75%", "5"].map((minAvailable) =>
    bad(
      BUDGET,
      `two to five replicas, ${JSON.stringify(minAvailable)} available`,
      "with two replicas, at least, none may go",
      ...scaledBudget(minAvailable),
    ),
  ),
  ...[1, 0, "50%", "10%", LATER].map((minAvailable) =>
    good(
      `two to five replicas, ${minAvailable === LATER ? "unknown" : JSON.stringify(minAvailable)} available`,
      "one of two may go",
      ...scaledBudget(minAvailable),
    ),
  ),
  bad(
    BUDGET,
    "one replica, one available",
    "it may not go",
    ...scaledBudget(1, { minReplicas: undefined }),
  ),
  bad(
    BUDGET,
    "one replica, half of it available",
    "the API rounds up",
    ...scaledBudget("50%", { minReplicas: 1 }),
  ),
  bad(
    BUDGET,
    "no pod unavailable",
    "none may go",
    ...scaledBudget(undefined),
    budget({ maxUnavailable: "0%" }, { name: "second" }),
  ),
  good(
    "unknown bounds",
    "they may be higher",
    ...scaledBudget(2, { minReplicas: LATER, maxReplicas: LATER }),
  ),
  bad(
    BUDGET,
    "a maximum that the budget keeps",
    "none may ever go",
    ...scaledBudget(5, { minReplicas: LATER }),
  ),
  good(
    "KEDA from zero",
    "more than one run where there is work",
    ...keda(1, { minReplicaCount: 0 }),
  ),
  bad(BUDGET, "KEDA's minimum", "none may go", ...keda(2, { minReplicaCount: 2 })),
  bad(BUDGET, "KEDA's maximum", "none may ever go", ...keda(5, { minReplicaCount: 0 })),
  good(
    "a budget of other pods",
    "it keeps those",
    deployment(),
    autoscaler(),
    kept,
    budget(
      { maxUnavailable: undefined, minAvailable: 3, selector: { matchLabels: { app: "api" } } },
      { name: "api-pdb" },
    ),
  ),
];
