import { autoscaler, budget, container, deployment, METADATA, utilization } from "../fixtures";
import { LATER, type TestResource } from "../support";
import { bad, good, object, type Case } from "./case";

const RULE = "autoscaler-target-requests";
const REPLICAS = "autoscaler-owns-replicas";
const CONFLICTS = "autoscaler-conflicts";
const cpu = { metrics: [utilization("cpu")] };
const bare = { containers: [container({ resources: {} })] };
const kept = budget();
const renamed = (
  resource: TestResource,
  metadata: object,
  changes: Partial<TestResource> = {},
) => ({
  ...resource,
  props: { ...resource.props, metadata },
  ...changes,
});
const reference = (scaleTargetRef: object, changes: Partial<TestResource> = {}) =>
  autoscaler({ ...cpu, scaleTargetRef }, changes);
const namespace: TestResource = {
  type: "kubernetes:core/v1:Namespace",
  name: "ns",
  props: { metadata: { name: "shop" } },
};
const autonamed: TestResource = { ...namespace, props: {} };
/** In a namespace that is the output of another resource, as in `namespace: ns.metadata.name`. */
const inside = (resource: TestResource, source = "ns"): TestResource => ({
  ...resource,
  props: {
    ...resource.props,
    metadata: { ...(resource.props.metadata as object), namespace: LATER },
  },
  dependsOn: { ...resource.dependsOn, metadata: [source] },
});
const workload = (type: string, name: string, spec: Record<string, unknown>) =>
  object(type, name, { spec });
const template = (podSpec: Record<string, unknown> = {}) => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [container()], ...podSpec },
});
const rollout = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "web" };
const leaders = { apiVersion: "leaderworkerset.x-k8s.io/v1", kind: "LeaderWorkerSet", name: "web" };
const fixed = (ignoreChanges: readonly string[]) =>
  deployment({}, { ignoreChanges }, { replicas: 3 });
const replicas = { spec: { replicas: 3 } };
const listed = (item: TestResource): TestResource => ({
  type: "kubernetes:apps/v1:DeploymentList",
  name: "list",
  props: { items: [{ apiVersion: "apps/v1", kind: "Deployment", ...item.props }] },
});
const gitHub = {
  providerProps: { kubeconfig: "apiVersion: v1\nclusters: [{cluster: {server: https://a}}]" },
};
const sameServer = {
  providerProps: { kubeconfig: '{"clusters":[{"cluster":{"server":"https://a"}}]}' },
};
const otherServer = { providerProps: { kubeconfig: "clusters: [{cluster: {server: https://b}}]" } };
const second = (changes: Record<string, unknown> = {}): TestResource => ({
  ...renamed(autoscaler(cpu), { ...METADATA, name: "second" }, { name: "second" }),
  ...changes,
});
const other = (
  labels: Record<string, string>,
  selector: Record<string, string>,
): TestResource[] => [
  deployment(
    {},
    {
      name: "api",
      props: {
        ...deployment().props,
        metadata: { ...METADATA, name: "api" },
        spec: {
          selector: { matchLabels: selector },
          template: { ...template(), metadata: { labels } },
        },
      },
    },
  ),
  second({
    props: {
      ...second().props,
      spec: {
        ...(second().props.spec as object),
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
      },
    },
  }),
  renamed(
    budget({ selector: { matchLabels: labels } }),
    { ...METADATA, name: "api" },
    { name: "api-pdb" },
  ),
];

/** Which workload an autoscaler scales. */
export const TARGETS: readonly Case[] = [
  bad(RULE, "absent", "nothing has the name", autoscaler(cpu), kept),
  bad(
    RULE,
    "another namespace",
    "a reference stays in its namespace",
    renamed(deployment(), { name: "web", namespace: "other" }),
    autoscaler(cpu),
    kept,
  ),
  bad(
    RULE,
    "another kind",
    "a StatefulSet is no Deployment",
    deployment({}, { type: "kubernetes:apps/v1:StatefulSet" }),
    autoscaler(cpu),
    kept,
  ),
  bad(
    RULE,
    "no API group",
    "the API server demands one",
    deployment(),
    reference({ kind: "Deployment", name: "web" }),
    kept,
  ),
  bad(
    RULE,
    "apiVersion v1",
    "the API server demands a group",
    deployment(),
    reference({ apiVersion: "v1", kind: "Deployment", name: "web" }),
    kept,
  ),
  bad(
    RULE,
    "a DaemonSet",
    "it has no scale subresource",
    deployment({}, { type: "kubernetes:apps/v1:DaemonSet" }),
    reference({ apiVersion: "apps/v1", kind: "DaemonSet", name: "web" }),
    kept,
  ),
  bad(
    RULE,
    "a CronJob",
    "it has no scale subresource",
    reference({ apiVersion: "batch/v1", kind: "CronJob", name: "web" }),
  ),
  good(
    "a ReplicaSet",
    "it has a scale subresource",
    deployment({}, { type: "kubernetes:apps/v1:ReplicaSet" }),
    reference({ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web" }),
    kept,
  ),
  good(
    "the default namespace",
    "both name none",
    renamed(deployment(), { name: "web" }),
    renamed(autoscaler(cpu), { name: "hpa" }),
    renamed(kept, { name: "pdb" }),
  ),
  good(
    "namespace of the provider",
    "it stands for what is not written",
    renamed(deployment(), { name: "web" }, { providerProps: { namespace: "shop" } }),
    autoscaler(cpu, { providerProps: { namespace: "shop" } }),
    { ...kept, providerProps: { namespace: "shop" } },
  ),

  good(
    "namespace as Output",
    "both are in the same one",
    namespace,
    inside(deployment()),
    inside(autoscaler(cpu)),
    inside(kept),
  ),
  bad(
    RULE,
    "namespace as Output, no request",
    "both are in the same one",
    namespace,
    inside(deployment(bare)),
    inside(autoscaler(cpu)),
    inside(kept),
  ),
  bad(
    RULE,
    "generated namespace, no request",
    "its name is unknown, and the same",
    autonamed,
    inside(deployment(bare)),
    inside(autoscaler(cpu)),
    inside(kept),
  ),
  bad(
    RULE,
    "namespace as Output beside a text",
    "the declared name resolves it",
    namespace,
    deployment(bare),
    inside(autoscaler(cpu)),
    kept,
  ),
  good(
    "names as Outputs",
    "the reference was computed from the workload",
    deployment(),
    reference(
      { apiVersion: "apps/v1", kind: "Deployment", name: LATER },
      { dependsOn: { spec: ["web"] } },
    ),
    kept,
  ),
  bad(
    RULE,
    "names as Outputs, no request",
    "the reference was computed from the workload",
    deployment(bare),
    reference(
      { apiVersion: "apps/v1", kind: "Deployment", name: LATER },
      { dependsOn: { spec: ["web"] } },
    ),
    kept,
  ),
  bad(
    RULE,
    "generated name, literal reference",
    "Pulumi adds random characters",
    renamed(deployment(), { namespace: "shop" }),
    autoscaler(cpu),
    kept,
  ),
  good(
    "generated name, referred to",
    "the reference was computed from the workload",
    renamed(deployment(), { namespace: "shop" }),
    reference(
      { apiVersion: "apps/v1", kind: "Deployment", name: LATER },
      { dependsOn: { spec: ["web"] } },
    ),
    kept,
  ),

  good(
    "a second provider for the cluster",
    "the kubeconfigs name one server",
    { ...deployment(), provider: "a", ...gitHub },
    autoscaler(cpu, { provider: "b", ...sameServer }),
    { ...kept, provider: "a", ...gitHub },
  ),
  bad(
    RULE,
    "a second provider, no request",
    "the kubeconfigs name one server",
    { ...deployment(bare), provider: "a", ...gitHub },
    autoscaler(cpu, { provider: "b", ...sameServer }),
    { ...kept, provider: "a", ...gitHub },
  ),
  bad(
    RULE,
    "another cluster",
    "the kubeconfigs name two servers",
    { ...deployment(), provider: "a", ...gitHub },
    autoscaler(cpu, { provider: "b", ...otherServer }),
    { ...kept, provider: "a", ...gitHub },
  ),
  good(
    "default providers of two SDK versions",
    "both take the kubeconfig of the machine",
    { ...deployment(), provider: "default_4_1_0", providerProps: { version: "4.1.0" } },
    autoscaler(cpu, { provider: "default_4_2_0", providerProps: { version: "4.2.0" } }),
    { ...kept, provider: "default_4_2_0", providerProps: { version: "4.2.0" } },
  ),
  good(
    "unknown second provider",
    "it may be the same cluster",
    { ...deployment(), provider: "a", providerProps: { kubeconfig: LATER } },
    autoscaler(cpu, { provider: "b", providerProps: { kubeconfig: LATER } }),
    kept,
  ),
  good(
    "same names on two clusters",
    "each has its own",
    { ...deployment(), provider: "a" },
    { ...deployment(bare), provider: "b", name: "web-b" },
    autoscaler(cpu, { provider: "a" }),
    { ...kept, provider: "a" },
  ),

  good(
    "Rollout",
    "its template is a Deployment's",
    workload("argoproj.io/v1alpha1:Rollout", "web", { template: template() }),
    reference(rollout),
    kept,
  ),
  bad(
    RULE,
    "Rollout without request",
    "its template is a Deployment's",
    workload("argoproj.io/v1alpha1:Rollout", "web", { template: template(bare) }),
    reference(rollout),
    kept,
  ),
  bad(
    RULE,
    "Rollout of a Deployment",
    "the pods are those of the Deployment",
    deployment(bare),
    workload("argoproj.io/v1alpha1:Rollout", "web", {
      workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    }),
    reference(rollout),
    kept,
  ),
  good(
    "LeaderWorkerSet",
    "the leaders are measured",
    workload("leaderworkerset.x-k8s.io/v1:LeaderWorkerSet", "web", {
      leaderWorkerTemplate: { leaderTemplate: template(), workerTemplate: template(bare) },
    }),
    reference(leaders),
    kept,
  ),
  bad(
    RULE,
    "LeaderWorkerSet without request",
    "without leaders' template the workers' is taken",
    workload("leaderworkerset.x-k8s.io/v1:LeaderWorkerSet", "web", {
      leaderWorkerTemplate: { workerTemplate: template(bare) },
    }),
    reference(leaders),
    kept,
  ),
  good(
    "unknown custom kind",
    "nobody here knows its pods",
    workload("example.org/v1:Fleet", "web", { size: 1 }),
    reference({ apiVersion: "example.org/v1", kind: "Fleet", name: "web" }),
  ),
  good(
    "custom kind that is not here",
    "an operator may make it",
    reference({ apiVersion: "example.org/v1", kind: "Fleet", name: "web" }),
  ),
  good(
    "beside a Helm release",
    "it may have the target",
    { type: "kubernetes:helm.sh/v3:Release", name: "chart", props: { chart: "web" } },
    autoscaler(cpu),
  ),
  good("in a list", "its items are objects", listed(deployment()), autoscaler(cpu), kept),
  bad(
    RULE,
    "in a list, no request",
    "its items are objects",
    listed(deployment(bare)),
    autoscaler(cpu),
    kept,
  ),
  good(
    "read with get",
    "live replicas are not the program's",
    { ...deployment({}, {}, { replicas: 4 }), read: true },
    autoscaler(cpu),
    kept,
  ),

  bad(
    REPLICAS,
    "fixed replicas",
    "every update sets them back",
    deployment({}, {}, replicas.spec),
    autoscaler(cpu),
    kept,
  ),
  ...[
    "spec.replicas",
    'spec["replicas"]',
    '["spec"]["replicas"]',
    "spec",
    "*",
    "spec.*",
    'spec["*"]',
  ].map((path) =>
    good(`ignoring ${path}`, "updates leave replicas alone", fixed([path]), autoscaler(cpu), kept),
  ),
  ...["metadata", "spec.template", "spec.replicasets", "status.replicas"].map((path) =>
    bad(
      REPLICAS,
      `ignoring ${path}`,
      "that is another property",
      fixed([path]),
      autoscaler(cpu),
      kept,
    ),
  ),
  bad(
    REPLICAS,
    "replicas by a patch",
    "it fixes them as well",
    deployment(),
    object("apps/v1:DeploymentPatch", "web", replicas),
    autoscaler(cpu),
    kept,
  ),

  bad(
    CONFLICTS,
    "two on one workload",
    "AmbiguousSelector stops both",
    deployment(),
    autoscaler(cpu),
    second(),
    kept,
  ),
  bad(
    CONFLICTS,
    "one selector, two workloads",
    "each selects the other's pods",
    deployment(),
    autoscaler(cpu),
    kept,
    ...other({ app: "web", part: "api" }, { app: "web" }),
  ),
  good(
    "two workloads",
    "each has a label of its own",
    deployment(),
    autoscaler(cpu),
    kept,
    ...other({ app: "api" }, { app: "api" }),
  ),
  bad(
    CONFLICTS,
    "VPA on the same resource",
    "it changes what shares are measured of",
    deployment(),
    autoscaler(cpu),
    kept,
    workload("autoscaling.k8s.io/v1:VerticalPodAutoscaler", "web", {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    }),
  ),
  good(
    "VPA that only recommends",
    "it changes nothing",
    deployment(),
    autoscaler(cpu),
    kept,
    workload("autoscaling.k8s.io/v1:VerticalPodAutoscaler", "web", {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      updatePolicy: { updateMode: "Off" },
    }),
  ),
  good(
    "VPA of another resource",
    "shares of CPU stay",
    deployment(),
    autoscaler(cpu),
    kept,
    workload("autoscaling.k8s.io/v1:VerticalPodAutoscaler", "web", {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      resourcePolicy: {
        containerPolicies: [{ containerName: "*", controlledResources: ["memory"] }],
      },
    }),
  ),
];
