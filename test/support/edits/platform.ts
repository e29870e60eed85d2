import {
  type Edit,
  CLUSTER,
  withChanges,
  NODE_GROUP,
  ADDON,
  CONTROL_PLANE,
  AUTOSCALER_CHART,
  GATEWAY_ROLL,
  MIGRATIONS,
  ROUTING,
  gateway,
  network,
} from "./edit";

const ENDPOINT = "`cluster.publicAccessCidrs`, `cluster.network.connectedCidrs`";
const STORE_KIND = "`gateway.database.kind`, `gateway.redis.kind`";

function inClusterStore(kind: string): string[] {
  return [
    `kubernetes:apps/v1:StatefulSet gateway-${kind}`,
    `kubernetes:core/v1:PersistentVolumeClaimPatch gateway-${kind}-volume`,
    `kubernetes:core/v1:Service gateway-${kind}-service`,
    `kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-${kind}-clients`,
    `kubernetes:policy/v1:PodDisruptionBudget gateway-${kind}-disruption`,
    `llm-gateway:litellm:Store gateway-${kind}`,
  ];
}

/** Edits of control plane, network and stores. */
export const PLATFORM_EDITS: readonly Edit[] = [
  {
    row: "`cluster.kubernetesVersion`",
    edit: "another minor version: the way back, which EKS refuses, names what the way on does",
    changes: withChanges(CLUSTER, { kubernetesVersion: "1.35" }),
    update: [
      ...["addons-aws-efs-csi-driver", "addons-coredns", "kube-proxy"].map(
        (addon) => `${ADDON} platform-${addon}`,
      ),
      CONTROL_PLANE,
      ...["compilation", "serving", "system"].map((group) => `${NODE_GROUP} platform-${group}`),
      AUTOSCALER_CHART,
    ],
  },
  {
    row: "`cluster.supportType`",
    edit: "EKS may upgrade the control plane at the end of standard support",
    changes: withChanges(CLUSTER, { supportType: "STANDARD" }),
    update: [CONTROL_PLANE],
  },
  {
    row: "`cluster.addonVersions`",
    edit: "an add-on moves to another build",
    changes: withChanges(CLUSTER, { addonVersions: { coredns: "v1.14.3-eksbuild.24" } }),
    update: [`${ADDON} platform-addons-coredns`],
  },
  {
    row: "`cluster.chartVersions`, `cluster.chartValues`",
    edit: "a controller gets a value of one's own",
    changes: withChanges(CLUSTER, { chartValues: { clusterAutoscaler: { extraArgs: { v: 5 } } } }),
    update: [AUTOSCALER_CHART],
  },
  {
    row: ENDPOINT,
    edit: "an address of the internet may reach the API endpoint",
    changes: withChanges(CLUSTER, { publicAccessCidrs: ["198.18.7.0/24"] }),
    update: [CONTROL_PLANE],
  },
  {
    row: ENDPOINT,
    edit: "machines of a connected network may reach the API endpoint",
    changes: network({ connectedCidrs: ["10.99.0.0/16"] }),
    create: ["aws:ec2/securityGroupRule:SecurityGroupRule platform-api-from-10.99.0.0/16"],
  },
  {
    row: "`cluster.administratorRoleArns`, `cluster.viewerRoleArns`",
    edit: "a role may look into the cluster",
    changes: withChanges(CLUSTER, { viewerRoleArns: ["arn:aws:iam::123456789012:role/ops/look"] }),
    create: [
      "aws:eks/accessEntry:AccessEntry platform-123456789012-role/ops/look",
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation platform-123456789012-role/ops/look-view",
    ],
  },
  {
    row: "`cluster.deletionProtection`",
    edit: "the stack is protected",
    changes: withChanges(CLUSTER, { deletionProtection: true }),
    update: [CONTROL_PLANE],
  },
  {
    row: "`cluster.network.nat`",
    edit: "each zone gets a NAT gateway",
    changes: network({ nat: "perZone" }),
    create: [
      "aws:ec2/eip:Eip platform-network-nat-1",
      "aws:ec2/natGateway:NatGateway platform-network-nat-1",
      "aws:ec2/route:Route platform-network-private-1-internet",
      "aws:ec2/routeTable:RouteTable platform-network-private-1",
    ],
    update: [
      "aws:ec2/routeTableAssociation:RouteTableAssociation platform-network-private-1",
      "aws:ec2/vpcEndpoint:VpcEndpoint platform-network-s3",
    ],
  },
  {
    row: "`cluster.network.interfaceEndpoints`",
    edit: "an AWS service is reached without the internet",
    changes: network({ interfaceEndpoints: ["autoscaling"] }),
    create: [
      "aws:ec2/securityGroup:SecurityGroup platform-network-endpoints",
      "aws:ec2/vpcEndpoint:VpcEndpoint platform-network-autoscaling",
    ],
  },
  {
    row: "a zone appended to `cluster.network.zones`",
    edit: "a zone is appended",
    changes: network({ zones: ["us-west-2a", "us-west-2b", "us-west-2c"] }),
    create: [
      "aws:ec2/routeTableAssociation:RouteTableAssociation platform-network-private-2",
      "aws:ec2/routeTableAssociation:RouteTableAssociation platform-network-public-2",
      "aws:ec2/subnet:Subnet platform-network-private-2",
      "aws:ec2/subnet:Subnet platform-network-public-2",
      "aws:efs/mountTarget:MountTarget platform-artifacts-2",
    ],
    // The control plane stays in the zones of its creation. EKS cannot change the subnets of a node group: new groups come before the
    // old ones go.
    replace: ["compilation", "serving", "system"].map((group) => `${NODE_GROUP} platform-${group}`),
  },
  {
    row: STORE_KIND,
    edit: "the cache becomes a managed one",
    changes: gateway({ redis: { kind: "managed" } }),
    create: [
      "aws:ec2/securityGroup:SecurityGroup platform-cache",
      "aws:elasticache/parameterGroup:ParameterGroup platform-cache",
      "aws:elasticache/replicationGroup:ReplicationGroup platform-cache",
      "aws:elasticache/subnetGroup:SubnetGroup platform-cache",
      "llm-gateway:cluster:ManagedCache platform-cache",
      "random:index/randomId:RandomId platform-cache-snapshot",
    ],
    update: [
      GATEWAY_ROLL,
      "kubernetes:core/v1:Secret credentials-litellm",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-traffic",
    ],
    // The volume of the old cache stays: Kubernetes keeps the claims of a StatefulSet.
    remove: inClusterStore("redis"),
  },
  {
    row: STORE_KIND,
    edit: "the database becomes a managed one",
    changes: gateway({ database: { kind: "managed" } }),
    create: [
      "aws:cloudwatch/logGroup:LogGroup platform-database-logs",
      "aws:ec2/securityGroup:SecurityGroup platform-database",
      "aws:rds/instance:Instance platform-database",
      "aws:rds/parameterGroup:ParameterGroup platform-database",
      "aws:rds/subnetGroup:SubnetGroup platform-database",
      "llm-gateway:cluster:ManagedDatabase platform-database",
      "random:index/randomId:RandomId platform-database-snapshot",
    ],
    replace: [MIGRATIONS],
    update: [
      GATEWAY_ROLL,
      // It takes fewer connections.
      ROUTING,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-migrations-traffic",
      "kubernetes:core/v1:Secret credentials-litellm",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-traffic",
    ],
    remove: [
      ...inClusterStore("postgresql"),
      "kubernetes:core/v1:ConfigMap gateway-postgresql-init",
    ],
  },
  {
    row: "`storage` of an in-cluster store",
    edit: "the cache gets a larger volume",
    changes: gateway({ redis: { kind: "inCluster", storage: "16Gi" } }),
    update: ["kubernetes:core/v1:PersistentVolumeClaimPatch gateway-redis-volume"],
  },
  {
    row: "`storage` of an in-cluster store",
    edit: "the database gets a larger volume",
    changes: gateway({ database: { kind: "inCluster", storage: "40Gi" } }),
    update: ["kubernetes:core/v1:PersistentVolumeClaimPatch gateway-postgresql-volume"],
  },
  {
    row: "`cluster.logs.create: false`",
    edit: "the log groups are left to AWS",
    changes: withChanges(CLUSTER, { logs: { create: false } }),
    update: ["aws:kms/key:Key platform-secrets"],
    remove: ["aws:cloudwatch/logGroup:LogGroup platform-logs"],
  },
  {
    row: "`cluster.logs.retentionDays`",
    edit: "the logs are kept longer",
    changes: withChanges(CLUSTER, { logs: { retentionDays: 365 } }),
    update: ["aws:cloudwatch/logGroup:LogGroup platform-logs"],
  },
];
