import { autoscaler, budget, container, deployment, METADATA, utilization } from "../../fixtures";
import { LATER, type TestResource } from "../../support";
import { object } from "../case";

export const RULE = "autoscaler-target-requests";
export const REPLICAS = "autoscaler-owns-replicas";
export const CONFLICTS = "autoscaler-conflicts";
export const cpu = { metrics: [utilization("cpu")] };
export const bare = { containers: [container({ resources: {} })] };
export const kept = budget();
export const renamed = (
  resource: TestResource,
  metadata: object,
  changes: Partial<TestResource> = {},
) => ({
  ...resource,
  props: { ...resource.props, metadata },
  ...changes,
});
export const reference = (scaleTargetRef: object, changes: Partial<TestResource> = {}) =>
  autoscaler({ ...cpu, scaleTargetRef }, changes);
export const namespace: TestResource = {
  type: "kubernetes:core/v1:Namespace",
  name: "ns",
  props: { metadata: { name: "shop" } },
};
export const autonamed: TestResource = { ...namespace, props: {} };
/** In a namespace that is the output of another resource, as in `namespace: ns.metadata.name`. */
export const inside = (resource: TestResource, source = "ns"): TestResource => ({
  ...resource,
  props: {
    ...resource.props,
    metadata: { ...(resource.props.metadata as object), namespace: LATER },
  },
  dependsOn: { ...resource.dependsOn, metadata: [source] },
});
export const workload = (type: string, name: string, spec: Record<string, unknown>) =>
  object(type, name, { spec });
export const template = (podSpec: Record<string, unknown> = {}) => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [container()], ...podSpec },
});
export const rollout = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "web" };
export const leaders = {
  apiVersion: "leaderworkerset.x-k8s.io/v1",
  kind: "LeaderWorkerSet",
  name: "web",
};
export const fixed = (ignoreChanges: readonly string[]) =>
  deployment({}, { ignoreChanges }, { replicas: 3 });
export const replicas = { spec: { replicas: 3 } };
export const listed = (item: TestResource): TestResource => ({
  type: "kubernetes:apps/v1:DeploymentList",
  name: "list",
  props: { items: [{ apiVersion: "apps/v1", kind: "Deployment", ...item.props }] },
});
export const gitHub = {
  providerProps: { kubeconfig: "apiVersion: v1\nclusters: [{cluster: {server: https://a}}]" },
};
export const sameServer = {
  providerProps: { kubeconfig: '{"clusters":[{"cluster":{"server":"https://a"}}]}' },
};
export const otherServer = {
  providerProps: { kubeconfig: "clusters: [{cluster: {server: https://b}}]" },
};
export const second = (changes: Record<string, unknown> = {}): TestResource => ({
  ...renamed(autoscaler(cpu), { ...METADATA, name: "second" }, { name: "second" }),
  ...changes,
});
export const other = (
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
