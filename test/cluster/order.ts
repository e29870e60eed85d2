import { QWEN } from "../support/models";

const SERVICE = "kubernetes:core/v1:Service gateway-service";
const BALANCERS = "kubernetes:helm.sh/v3:Release platform-controllers-load-balancer-controller";
const SCALER = "kubernetes:helm.sh/v3:Release platform-controllers-cluster-autoscaler";
const KEDA = "kubernetes:helm.sh/v3:Release keda-chart";
const SYSTEM = "aws:eks/nodeGroup:NodeGroup platform-system";
const SERVING = "aws:eks/nodeGroup:NodeGroup platform-serving";
const MIGRATIONS = "kubernetes:batch/v1:Job gateway-migrations";
const identity = (account: string) => [
  `aws:eks/podIdentityAssociation:PodIdentityAssociation platform-${account}`,
  `aws:iam/rolePolicy:RolePolicy platform-${account}`,
  `aws:iam/role:Role platform-${account}`,
  "aws:eks/addon:Addon platform-addons-eks-pod-identity-agent",
];
const nodesComeAfter = [
  ...["private-0", "public"].map(
    (table) => `aws:ec2/route:Route platform-network-${table}-internet`,
  ),
  ...["private-0", "private-1"].map(
    (subnet) => `aws:ec2/routeTableAssociation:RouteTableAssociation platform-network-${subnet}`,
  ),
  ...[
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
  ].map((policy) => `aws:iam/rolePolicyAttachment:RolePolicyAttachment platform-nodes-${policy}`),
  "aws:eks/addon:Addon platform-vpc-cni",
];

/** Made before, and removed after, in the dev stack: what a resource needs while it starts, and while it ends. */
export const ORDER: readonly (readonly [later: string, earlier: readonly string[]])[] = [
  // The load balancer belongs to its controller, which takes it away when the Service goes.
  [SERVICE, [BALANCERS, SYSTEM, "kubernetes:core/v1:Namespace workspace-gateway"]],
  ["kubernetes:core/v1:Namespace workspace-gateway", [BALANCERS]],
  [BALANCERS, [SYSTEM, ...identity("aws-load-balancer-controller")]],
  // KEDA has rights in both namespaces, and reaches the API server by its policies alone.
  [
    KEDA,
    [
      "kubernetes:core/v1:Namespace workspace-gateway",
      "kubernetes:core/v1:Namespace workspace-models",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy keda-operator",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy keda-adapter",
    ],
  ],
  // What scales an object by KEDA's definitions comes after them, and is finalized by its operator.
  ["kubernetes:apps/v1:Deployment gateway", [KEDA]],
  [`kubernetes:apps/v1:StatefulSet ${QWEN}`, [KEDA]],
  [SCALER, [SYSTEM, ...identity("cluster-autoscaler")]],
  [SYSTEM, nodesComeAfter],
  [SERVING, nodesComeAfter],
  [
    "aws:ec2/natGateway:NatGateway platform-network-nat-0",
    [
      "aws:ec2/internetGateway:InternetGateway platform-network-internet",
      "aws:ec2/route:Route platform-network-public-internet",
    ],
  ],
  [
    "aws:ec2/eip:Eip platform-network-nat-0",
    ["aws:ec2/internetGateway:InternetGateway platform-network-internet"],
  ],
  // A claim ends with its driver's help, a mount in a pod with its target's.
  [
    "kubernetes:core/v1:PersistentVolumeClaim models-artifacts",
    [
      "aws:eks/addon:Addon platform-addons-aws-efs-csi-driver",
      "aws:efs/mountTarget:MountTarget platform-artifacts-1",
    ],
  ],
  [
    "kubernetes:apps/v1:StatefulSet gateway-postgresql",
    ["aws:eks/addon:Addon platform-addons-aws-ebs-csi-driver", SYSTEM],
  ],
  [`kubernetes:apps/v1:StatefulSet ${QWEN}`, [SERVING]],
  // The database is migrated once it answers, by the address and password that the gateway has, and before the first pod needs it.
  [
    MIGRATIONS,
    [
      "kubernetes:apps/v1:StatefulSet gateway-postgresql",
      "kubernetes:core/v1:Secret credentials-litellm",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-migrations-traffic",
    ],
  ],
  ["kubernetes:apps/v1:Deployment gateway", [MIGRATIONS]],
  [
    "aws:eks/cluster:Cluster platform-eksCluster",
    ["aws:cloudwatch/logGroup:LogGroup platform-logs"],
  ],
];
