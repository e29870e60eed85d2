import { autoscaler, budget, container, deployment, METADATA } from "../fixtures";
import { LATER, type TestResource } from "../support";
import {
  RULE,
  REPLICAS,
  CONFLICTS,
  cpu,
  bare,
  kept,
  namespace,
  inside,
  renamed,
  reference,
  workload,
  template,
  second,
  replicas,
} from "./builders/targets";
import { bad, good, object, type Case } from "./case";

/** A reference to another stack, whose outputs are many. */
const others: TestResource = {
  type: "pulumi:pulumi:StackReference",
  name: "others",
  props: { name: "acme/platform/dev" },
};
const job = (apiVersion: string, kind: string) => reference({ apiVersion, kind, name: "web" });
const hpaList = (...items: TestResource[]): TestResource => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscalerList",
  name: "hpas",
  props: {
    items: items.map(({ props }) => ({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      ...props,
    })),
  },
});
const deploymentList = (...items: TestResource[]): TestResource => ({
  type: "kubernetes:apps/v1:DeploymentList",
  name: "deployments",
  props: {
    items: items.map(({ props }) => ({ apiVersion: "apps/v1", kind: "Deployment", ...props })),
  },
});
/** A second workload whose selector selects the pods of the first. */
const wide = deployment(
  {},
  {
    props: {
      metadata: { ...METADATA, name: "api" },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: { ...template(), metadata: { labels: { app: "web", part: "api" } } },
      },
    },
  },
);
const ofApi = second({
  props: {
    metadata: { ...METADATA, name: "second" },
    spec: {
      ...(second().props.spec as object),
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
    },
  },
});
const patch = (changes: Partial<TestResource>) =>
  object("apps/v1:DeploymentPatch", "web", replicas, changes);

/** Which namespace, kind and object is meant. */
export const SAMENESS: readonly Case[] = [
  good(
    "two namespaces of another stack",
    "a stack reference has many outputs; which one is meant is not known",
    others,
    inside(deployment(bare), "others"),
    inside(autoscaler(cpu), "others"),
    inside(kept, "others"),
  ),
  bad(
    RULE,
    "one Namespace beside another stack",
    "labels may come from anywhere, the namespace comes from the Namespace",
    namespace,
    others,
    { ...inside(deployment(bare)), dependsOn: { metadata: ["ns", "others"] } },
    { ...inside(autoscaler(cpu)), dependsOn: { metadata: ["others", "ns"] } },
    inside(kept),
  ),
  good(
    "two Namespaces in one value",
    "either may be meant",
    namespace,
    { ...namespace, name: "ns2", props: { metadata: { name: "shop-2" } } },
    { ...inside(deployment(bare)), dependsOn: { metadata: ["ns", "ns2"] } },
    { ...inside(autoscaler(cpu)), dependsOn: { metadata: ["ns", "ns2"] } },
    inside(kept),
  ),
  good(
    "a name made from a Namespace's",
    "it need not be the Namespace's own",
    namespace,
    renamed(deployment(), { name: "web", namespace: "shop-canary" }),
    inside(autoscaler(cpu)),
    renamed(kept, { name: "pdb", namespace: "shop-canary" }),
  ),
  bad(
    RULE,
    "unknown namespace of one provider",
    "both take it from there",
    renamed(deployment(bare), { name: "web" }, { providerProps: { namespace: LATER } }),
    renamed(autoscaler(cpu), { name: "hpa" }, { providerProps: { namespace: LATER } }),
    renamed(kept, { name: "pdb" }, { providerProps: { namespace: LATER } }),
  ),

  ...(
    [
      ["Volcano's Job", "batch.volcano.sh/v1alpha1", "Job", { tasks: [] }],
      ["Kruise's Rollout", "rollouts.kruise.io/v1beta1", "Rollout", { workloadRef: {} }],
      ["someone's Deployment", "example.org/v1", "Deployment", { template: template(bare) }],
      ["a kind called toString", "example.org/v1", "toString", {}],
      ["a kind called constructor", "example.org/v1", "constructor", {}],
    ] as const
  ).map(([what, apiVersion, kind, spec]) =>
    good(
      what,
      "another group's kind is another kind, and this one is not known",
      workload(`${apiVersion}:${kind}`, "web", spec),
      job(apiVersion, kind),
    ),
  ),
  good(
    "Rollout of someone's Deployment",
    "Kubernetes' own of the same name has other pods",
    deployment(bare),
    workload("argoproj.io/v1alpha1:Rollout", "web", {
      workloadRef: { apiVersion: "example.org/v1", kind: "Deployment", name: "web" },
    }),
    job("argoproj.io/v1alpha1", "Rollout"),
  ),
  good(
    "an absent Rollout of Kruise's",
    "an operator may make it",
    job("rollouts.kruise.io/v1beta1", "Rollout"),
  ),
  bad(
    RULE,
    "Argo's Rollout beside Kruise's",
    "the group tells them apart",
    workload("argoproj.io/v1alpha1:Rollout", "web", { template: template(bare) }),
    object("rollouts.kruise.io/v1beta1:Rollout", "web", {}, { name: "kruise" }),
    job("argoproj.io/v1alpha1", "Rollout"),
    kept,
  ),
  bad(
    RULE,
    "Kruise's CloneSet without request",
    "its template is a Deployment's",
    workload("apps.kruise.io/v1alpha1:CloneSet", "web", { template: template(bare) }),
    job("apps.kruise.io/v1alpha1", "CloneSet"),
    kept,
  ),
  good(
    "labels called like methods",
    "they are labels",
    deployment(),
    autoscaler(cpu),
    kept,
    renamed(
      budget({ selector: { matchLabels: { constructor: "x", toString: "y" } } }),
      { ...METADATA, name: "odd" },
      { name: "odd-pdb" },
    ),
  ),

  bad(
    CONFLICTS,
    "one selector, two workloads of one list",
    "the items of a list are objects of their own",
    deploymentList(deployment(), wide),
    autoscaler(cpu),
    ofApi,
    kept,
  ),
  bad(
    CONFLICTS,
    "two autoscalers of one list",
    "the items of a list are objects of their own",
    deployment(),
    hpaList(autoscaler(cpu), second()),
    kept,
  ),
  good(
    "an autoscaler read with get beside its declaration",
    "one object",
    deployment(),
    autoscaler(cpu),
    { ...autoscaler(cpu), name: "read", read: true },
    kept,
  ),

  good(
    "replicas by a patch that ignores changes",
    "updates leave them alone",
    deployment(),
    patch({ ignoreChanges: ["spec.replicas"] }),
    autoscaler(cpu),
    kept,
  ),
  bad(
    REPLICAS,
    "replicas by a patch of a target that ignores changes",
    "the patch has options of its own",
    deployment({}, { ignoreChanges: ["spec.replicas"] }),
    patch({}),
    autoscaler(cpu),
    kept,
  ),
  bad(
    REPLICAS,
    "replicas of a target whose patch ignores changes",
    "the target has options of its own",
    deployment({}, {}, { replicas: 2 }),
    patch({ ignoreChanges: ["spec.replicas"] }),
    autoscaler(cpu),
    kept,
  ),
  good(
    "replicas of both, both ignored",
    "each has its option",
    deployment({}, { ignoreChanges: ["spec"] }, { replicas: 2 }),
    patch({ ignoreChanges: ["spec.replicas"] }),
    autoscaler(cpu),
    kept,
  ),
  good(
    "a patch of a foreign workload that ignores changes",
    "updates leave them alone",
    patch({ ignoreChanges: ["spec.replicas"] }),
    autoscaler(cpu),
    kept,
  ),
  bad(
    REPLICAS,
    "a patch of a foreign workload",
    "every update sets them back",
    object("apps/v1:DeploymentPatch", "web", {
      spec: { replicas: 2, template: { spec: { containers: [container()] } } },
    }),
    autoscaler(cpu),
    kept,
  ),
];
