import { z } from "zod";
import type { AddonName } from "../eksAddons";
import { DEFAULT_KUBERNETES_VERSION, EKS_RELEASES, type EksRelease } from "../eksReleases";
import { SUPPORT_TYPES } from "../eksSupport";
import { INTERFACE_ENDPOINTS } from "../interfaceEndpoints";
import { LOG_RETENTION_DAYS } from "../logGroups";
import { principalProblem } from "../principals";
import { DEFAULT_SYSTEM_INSTANCE_TYPE, systemInstanceTypeProblem } from "../systemInstanceType";
import {
  distinct,
  dnsLabel,
  ipv4Block,
  judgedBy,
  nodeGroupFields,
  optional,
  type Settings,
} from "./fields";

const kubernetesVersion = z
  .string()
  .regex(
    /^1\.\d+$/,
    `is no minor Kubernetes version; write for example "${DEFAULT_KUBERNETES_VERSION}"`,
  )
  .default(DEFAULT_KUBERNETES_VERSION)
  .describe("Minor Kubernetes version of the cluster, 1.x");

const existingCluster = z.strictObject({
  kind: z.literal("existing").describe("existing: a cluster that somebody else made"),
  context: z.string().min(1).describe("Context of the kubeconfig"),
  kubeconfig: optional(
    z.string().min(1),
    "Path of the kubeconfig file",
    "KUBECONFIG, then ~/.kube/config",
  ),
  kubernetesVersion,
});

const zoneNames = z
  .array(
    z
      .string()
      .regex(
        /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
        "is no availability zone; write for example us-west-2a",
      ),
  )
  .min(2)
  .max(3);

const zones = zoneNames.describe(
  "Availability zones by name; only ever append to them. One that is appended later serves nodes and stores: see controlPlaneZones",
);

const subnetId = z.string().regex(/^subnet-[0-9a-f]+$/, "is no subnet id; write subnet-...");

const connectedCidrs = z
  .array(ipv4Block)
  .default([])
  .describe(
    "IPv4 blocks of networks that the VPC is connected with (VPN, transit gateway, peering), whose machines may reach the API endpoint; none wider than a /8, none that overlaps it",
  );

const network = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("create").describe("create: a VPC of the stack's own"),
    cidr: ipv4Block.default("10.0.0.0/16").describe("IPv4 block of the VPC, from /16 to /22"),
    zones,
    nat: z
      .enum(["single", "perZone"])
      .default("single")
      .describe("One NAT gateway, or one in each zone so that no zone depends on another"),
    interfaceEndpoints: z
      .array(z.enum(INTERFACE_ENDPOINTS))
      .superRefine(distinct())
      .default([])
      .describe("AWS services to reach without the internet; each costs by the hour and zone"),
    connectedCidrs,
  }),
  z.strictObject({
    kind: z.literal("existing").describe("existing: a VPC that another stack owns"),
    vpcId: z
      .string()
      .regex(/^vpc-[0-9a-f]+$/, "is no VPC id; write vpc-...")
      .describe("Id of the VPC, vpc-..."),
    zones,
    privateSubnetIds: z
      .array(subnetId)
      .describe("Ids of the private subnets, one per zone, in the order of zones"),
    publicSubnetIds: z
      .array(subnetId)
      .default([])
      .describe("Ids of the public subnets, for load balancers with a public address"),
    cidr: optional(
      ipv4Block,
      "IPv4 block of the VPC, whose machines may reach the API endpoint; needed where a managed database or cache is used, too",
      "unknown: no managed store can be used, and the API endpoint lets in nodes, pods and connectedCidrs alone",
    ),
    connectedCidrs,
  }),
]);

/** Versions of the default Kubernetes version: what a stack names none of, and editors show. */
const RELEASE: EksRelease | undefined = EKS_RELEASES[DEFAULT_KUBERNETES_VERSION];

const addonVersion = (name: AddonName) =>
  z
    .string()
    .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, "is no EKS add-on version; write vX.Y.Z-eksbuild.N")
    .default(RELEASE?.addons[name] ?? "")
    .describe(
      `Version of the EKS add-on, by default as domain/eksReleases.ts has it for kubernetesVersion: aws eks describe-addon-versions --kubernetes-version ${DEFAULT_KUBERNETES_VERSION} --addon-name ${name}`,
    );

const chartVersion = (controller: keyof EksRelease["charts"], chart: string) =>
  z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "is no chart version; write X.Y.Z")
    .default(RELEASE?.charts[controller] ?? "")
    .describe(
      `Version of the Helm chart, by default as domain/eksReleases.ts has it for kubernetesVersion: helm search repo ${chart}`,
    );

const chartValues = (controller: string) =>
  z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      `Values for the chart of ${controller}, laid over the platform's own as Helm does: maps merge, lists are replaced`,
    );

const logs = z
  .strictObject({
    create: z
      .boolean()
      .default(true)
      .describe(
        "Make the log groups of control plane and managed database, encrypted with the cluster's key, before these make them without an end; false leaves them to EKS and RDS",
      ),
    retentionDays: z
      .literal(LOG_RETENTION_DAYS)
      .default(90)
      .describe("How long log events are kept, days"),
  })
  .prefault({});

/** Who is let into the cluster. */
const principal = z.string().superRefine(judgedBy(principalProblem));

const systemNodes = z
  .strictObject({
    instanceType: z
      .string()
      .superRefine(judgedBy(systemInstanceTypeProblem))
      .default(DEFAULT_SYSTEM_INSTANCE_TYPE)
      .describe(
        "EC2 instance type of the nodes of everything that needs no Neuron device; of x86_64, which the image is for",
      ),
    minSize: z.number().int().min(1).max(100).default(2).describe("Least nodes of the group"),
    maxSize: z.number().int().min(1).max(100).default(5).describe("Most nodes of the group"),
    ...nodeGroupFields({ image: "EKS AL2023 image", disk: { least: 20, usual: 50 } }),
  })
  .prefault({});

const eksCluster = z.strictObject({
  kind: z.literal("eks").describe("eks: a cluster that the stack makes on AWS"),
  name: dnsLabel().describe("Name of the EKS cluster, which the names of its resources start with"),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "is no AWS region; write for example us-west-2")
    .refine(
      (region) => !/^(cn|us-gov|us-iso[a-z]*|eu-iso[a-z]*|eusc)-/.test(region),
      "is of another partition, whose ARNs the program does not write; write a region of the partition aws, such as us-west-2",
    )
    .describe("AWS region of everything, for example us-west-2"),
  kubernetesVersion,
  supportType: z
    .enum(SUPPORT_TYPES)
    .default("EXTENDED")
    .describe(
      "EXTENDED: at the end of standard support the version stays, at a higher price (docs/costs.md); STANDARD: EKS then upgrades the control plane by itself",
    ),
  network,
  controlPlaneZones: optional(
    zoneNames,
    "Zones of the control plane, among network.zones: those of the cluster's creation, for EKS takes no subnet of another zone and wants each of these kept",
    "both of network.zones; must be written where that has three",
  ),
  publicAccessCidrs: z
    .array(ipv4Block)
    .default([])
    .describe(
      "IPv4 blocks that may reach the API endpoint from the internet, as seen from outside; it is private to the VPC and connectedCidrs when empty",
    ),
  administratorRoleArns: z
    .array(principal)
    .default([])
    .describe("IAM roles or users that administer the cluster, beside the one that creates it"),
  viewerRoleArns: z
    .array(principal)
    .default([])
    .describe(
      "IAM roles or users that read everything in the cluster, Secrets included: those of previews and of checks",
    ),
  deletionProtection: z
    .boolean()
    .default(false)
    .describe("Guards cluster, artifact file system and managed stores against deletion"),
  logs,
  addonVersions: z
    .strictObject({
      "vpc-cni": addonVersion("vpc-cni"),
      "kube-proxy": addonVersion("kube-proxy"),
      coredns: addonVersion("coredns"),
      "eks-pod-identity-agent": addonVersion("eks-pod-identity-agent"),
      "aws-ebs-csi-driver": addonVersion("aws-ebs-csi-driver"),
      "aws-efs-csi-driver": addonVersion("aws-efs-csi-driver"),
      "metrics-server": addonVersion("metrics-server"),
      "eks-node-monitoring-agent": addonVersion("eks-node-monitoring-agent"),
    } satisfies Record<AddonName, unknown>)
    .prefault({}),
  chartVersions: z
    .strictObject({
      clusterAutoscaler: chartVersion("clusterAutoscaler", "autoscaler/cluster-autoscaler"),
      loadBalancerController: chartVersion(
        "loadBalancerController",
        "eks/aws-load-balancer-controller",
      ),
      keda: chartVersion("keda", "kedacore/keda"),
    })
    .prefault({}),
  chartValues: z
    .strictObject({
      clusterAutoscaler: chartValues("Cluster Autoscaler"),
      loadBalancerController: chartValues("AWS Load Balancer Controller"),
      keda: chartValues("KEDA"),
    })
    .prefault({}),
  systemNodes,
});

/** Where the platform runs. */
export const clusterSchema = z.discriminatedUnion("kind", [existingCluster, eksCluster]);

/** A cluster that somebody else made. */
export type ExistingClusterSettings = Settings<typeof existingCluster>;
/** A cluster that the stack makes on AWS. */
export type EksClusterSettings = Settings<typeof eksCluster>;
/** Where the platform runs. */
export type ClusterSettings = Settings<typeof clusterSchema>;
/** The VPC of the cluster: one to make, or one that another stack owns. */
export type NetworkSettings = EksClusterSettings["network"];
/** A VPC of the stack's own. */
export type CreatedNetworkSettings = Extract<NetworkSettings, { readonly kind: "create" }>;
/** The nodes of everything that needs no Neuron device. */
export type SystemNodes = EksClusterSettings["systemNodes"];
