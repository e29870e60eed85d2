import { z } from "zod";
import { ADDON_NAMES } from "../eksAddons";
import { INTERFACE_ENDPOINTS } from "../interfaceEndpoints";
import { dnsLabel, ipv4Block } from "./fields";

const kubernetesVersion = z
  .string()
  .regex(/^1\.\d+$/, 'is no minor Kubernetes version; write for example "1.34"')
  .default("1.34")
  .describe("Minor Kubernetes version of the cluster");

const existingCluster = z.strictObject({
  kind: z.literal("existing"),
  context: z.string().min(1).describe("Context of the kubeconfig"),
  kubeconfig: z
    .string()
    .min(1)
    .optional()
    .describe("Path of the kubeconfig file. Default: KUBECONFIG, then ~/.kube/config"),
  kubernetesVersion,
});

const zones = z
  .array(
    z
      .string()
      .regex(
        /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
        "is no availability zone; write for example us-west-2a",
      ),
  )
  .min(2)
  .max(3)
  .describe("Availability zones; only ever append to them");

const subnetId = z.string().regex(/^subnet-[0-9a-f]+$/, "is no subnet id; write subnet-...");

const network = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("create").describe("create: a VPC of the stack's own"),
    cidr: z.string().default("10.0.0.0/16").describe("IPv4 block of the VPC, from /16 to /22"),
    zones,
    nat: z
      .enum(["single", "perZone"])
      .default("single")
      .describe("One NAT gateway, or one in each zone so that no zone depends on another"),
    interfaceEndpoints: z
      .array(z.enum(INTERFACE_ENDPOINTS))
      .default([])
      .describe("AWS services to reach without the internet; each costs by the hour and zone"),
    connectedCidrs: z
      .array(z.string())
      .default([])
      .describe("Blocks of networks that the VPC is connected with; none may overlap it"),
  }),
  z.strictObject({
    kind: z.literal("existing").describe("existing: a VPC that another stack owns"),
    vpcId: z.string().regex(/^vpc-[0-9a-f]+$/, "is no VPC id; write vpc-..."),
    zones,
    privateSubnetIds: z.array(subnetId).describe("One per zone, in the order of zones"),
    publicSubnetIds: z.array(subnetId).default([]),
    cidr: ipv4Block
      .optional()
      .describe("IPv4 block of the VPC; needed where a managed database or cache is used"),
  }),
]);

const addonVersion = (name: string) =>
  z
    .string()
    .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, "is no EKS add-on version; write vX.Y.Z-eksbuild.N")
    .describe(
      `Version of the EKS add-on: aws eks describe-addon-versions --kubernetes-version 1.34 --addon-name ${name}`,
    );

const chartVersion = (chart: string) =>
  z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "is no chart version; write X.Y.Z")
    .describe(`Version of the Helm chart: helm search repo ${chart}`);

const eksCluster = z.strictObject({
  kind: z.literal("eks"),
  name: dnsLabel.describe("Name of the EKS cluster"),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "is no AWS region; write for example us-west-2"),
  kubernetesVersion,
  network,
  publicAccessCidrs: z
    .array(ipv4Block)
    .default([])
    .describe("CIDRs that may reach the API endpoint from the internet; it is private when empty"),
  administratorRoleArns: z
    .array(
      z
        .string()
        .regex(
          /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/,
          "is no ARN of an IAM role; write arn:aws:iam::ACCOUNT:role/NAME",
        ),
    )
    .default([])
    .describe("IAM roles that administer the cluster, beside the one that creates it"),
  deletionProtection: z
    .boolean()
    .default(false)
    .describe("Guards cluster, artifact file system and managed stores against deletion"),
  addonVersions: z.strictObject(
    Object.fromEntries(ADDON_NAMES.map((name) => [name, addonVersion(name)])) as Record<
      (typeof ADDON_NAMES)[number],
      ReturnType<typeof addonVersion>
    >,
  ),
  chartVersions: z.strictObject({
    clusterAutoscaler: chartVersion("autoscaler/cluster-autoscaler"),
    loadBalancerController: chartVersion("eks/aws-load-balancer-controller"),
  }),
  systemNodes: z
    .strictObject({
      instanceType: z.string().default("m7i.large"),
      minSize: z.number().int().min(1).max(100).default(2),
      maxSize: z.number().int().min(1).max(100).default(5),
      amiRelease: z.string().default("1.34.4-20260403").describe("Release of the EKS AL2023 image"),
      diskGiB: z.number().int().min(20).max(16384).default(50),
    })
    .prefault({}),
});

/** Where the platform runs. */
export const clusterSchema = z.discriminatedUnion("kind", [existingCluster, eksCluster]);
