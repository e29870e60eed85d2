import { stackConfig } from "../stackFile";

/** One edit of the deployed dev stack, and the resources that a preview of it must name, as `type name`. */
export interface Edit {
  /** The row of the table in docs/upgrade.md that speaks of it, as the first column has it. */
  readonly row: string;
  /** What is edited here, where the row speaks of more. */
  readonly edit: string;
  /** Settings that take the place of the stack's, by their keys. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** The rule of the policy pack that refuses it unless its parameters allow it: it is previewed without the pack. */
  readonly refusedBy?: string;
  readonly create?: readonly string[];
  readonly update?: readonly string[];
  readonly replace?: readonly string[];
  readonly remove?: readonly string[];
}

export const QWEN = "qwen3-8b-fp8-neuron";
export const LLAMA = "llama-3-1-8b-int8-neuron";
export const CLUSTER = "llm-gateway:cluster";
export const NEURON = "llm-gateway:neuron";
export const GATEWAY = "llm-gateway:gateway";
export const MODELS = "llm-gateway:models";

const DEV = stackConfig("dev");

/** A setting of the dev stack with `changes` laid over it, one level deep. */
export function withChanges(key: string, changes: object): Record<string, unknown> {
  return { [key]: { ...(DEV[key] as object), ...changes } };
}

/** The Neuron groups of the dev stack, the serving one with `changes`. */
export function servingGroup(changes: object): Record<string, unknown> {
  return withChanges(NEURON, {
    nodeGroups: {
      serving: { instanceType: "inf2.xlarge", maxSize: 2, ...changes },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
    },
  });
}

export const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
export const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const ADDON = "aws:eks/addon:Addon";
export const CONTROL_PLANE = "aws:eks/cluster:Cluster platform-eksCluster";
export const AUTOSCALER_CHART =
  "kubernetes:helm.sh/v3:Release platform-controllers-cluster-autoscaler";
/** KEDA from its chart, in the order of types and names. */
export const KEDA_RESOURCES: readonly string[] = [
  "kubernetes:core/v1:Namespace keda-namespace",
  "kubernetes:helm.sh/v3:Release keda-chart",
  ...["adapter", "namespace-deny", "operator"].map(
    (policy) => `kubernetes:networking.k8s.io/v1:NetworkPolicy keda-${policy}`,
  ),
  "llm-gateway:addons:Keda keda",
];
export const GATEWAY_ROLL = "kubernetes:apps/v1:Deployment gateway";
export const MIGRATIONS = "kubernetes:batch/v1:Job gateway-migrations";
export const GATEWAY_SERVICE = "kubernetes:core/v1:Service gateway-service";
export const ROUTING = "kubernetes:core/v1:ConfigMap gateway-routing-config";
export const SERVERS = `kubernetes:apps/v1:StatefulSet ${QWEN}`;
export const SERVER_SERVICE = `kubernetes:core/v1:Service ${QWEN}-service`;
export const ARTIFACT = `kubernetes:batch/v1:Job ${QWEN}-artifact`;
export const DEVICE_PLUGIN = "kubernetes:apps/v1:DaemonSet neuron-device-plugin";

/** The dev stack's model, whose autoscaler sleeps, with `changes`. */
export const model = ({
  autoscaling = {},
  ...changes
}: {
  readonly autoscaling?: object;
  readonly [setting: string]: unknown;
}) => ({ [MODELS]: { [QWEN]: { autoscaling: { minReplicas: 0, ...autoscaling }, ...changes } } });
export const gateway = (changes: object) => ({ [GATEWAY]: changes });
export const network = (changes: object) => {
  const cluster = DEV[CLUSTER] as { readonly network: object };
  return withChanges(CLUSTER, { network: { ...cluster.network, ...changes } });
};

/** Everything that the stack has for a model with a chat template. */
export function modelResources(name: string): string[] {
  return [
    `kubernetes:apps/v1:StatefulSet ${name}`,
    `${SCALED} ${name}-autoscaler`,
    `kubernetes:batch/v1:Job ${name}-artifact`,
    `kubernetes:core/v1:ConfigMap ${name}-chat-template`,
    `kubernetes:core/v1:Service ${name}-replicas`,
    `kubernetes:core/v1:Service ${name}-service`,
    `kubernetes:policy/v1:PodDisruptionBudget ${name}-disruption`,
    `llm-gateway:autoscaling:RequestAutoscaler ${name}-autoscaler`,
    `llm-gateway:vllm:ModelServer ${name}`,
  ];
}
