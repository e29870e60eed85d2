import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const DEV = stackConfig("dev")["llm-gateway:cluster"] as Record<string, unknown> & {
  readonly network: Record<string, unknown>;
};

const cluster = (changes: object) => ({ cluster: { ...DEV, ...changes } });
/** Two zones are those of the control plane; more have to be told apart. */
const network = (changes: object, controlPlaneZones?: readonly string[]) =>
  cluster({ network: { ...DEV.network, ...changes }, controlPlaneZones });
const nodeGroups = (changes: object) => ({
  ...cluster({}),
  neuron: {
    nodeGroups: {
      serving: { instanceType: "inf2.xlarge", maxSize: 4, ...changes },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
    },
  },
});
const managed = { gateway: { redis: { kind: "managed" } } };
const namedGroup = (name: string) => ({
  ...cluster({}),
  neuron: {
    nodeGroups: {
      [name]: { instanceType: "inf2.xlarge", maxSize: 4 },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
    },
  },
});
const existing = (privateSubnetIds: string[], cidr?: string, publicSubnetIds: string[] = []) =>
  cluster({
    network: {
      kind: "existing",
      vpcId: "vpc-1",
      zones: ["us-west-2a", "us-west-2b"],
      privateSubnetIds,
      publicSubnetIds,
      ...(cidr === undefined ? {} : { cidr }),
    },
  });

const ZONES = ["us-west-2a", "us-west-2b", "us-west-2c"];
/** A VPC that exists, with a zone that was appended after the cluster's creation. */
const threeZones = (publicSubnetIds: string[]) =>
  cluster({
    controlPlaneZones: ZONES.slice(0, 2),
    network: {
      kind: "existing",
      vpcId: "vpc-1",
      zones: ZONES,
      privateSubnetIds: ["subnet-1", "subnet-2", "subnet-3"],
      publicSubnetIds,
    },
  });

describe("a cluster on AWS", () => {
  test.each([
    [
      "chart values that leave the platform's own alone",
      cluster({ chartValues: { clusterAutoscaler: { rbac: { pspEnabled: false } } } }),
      cluster({ chartValues: { clusterAutoscaler: { rbac: { serviceAccount: { name: "x" } } } } }),
      /chartValues\.clusterAutoscaler\.rbac\.serviceAccount\.name = "x": is the platform's/,
    ],
    [
      "chart values that keep the maps of the platform's own",
      cluster({ chartValues: { loadBalancerController: { serviceAccount: { annotations: {} } } } }),
      cluster({ chartValues: { loadBalancerController: { serviceAccount: null } } }),
      /chartValues\.loadBalancerController\.serviceAccount = null: is the platform's: serviceAccount\.name/,
    ],
    [
      "chart values of KEDA that leave its namespaces alone",
      cluster({ chartValues: { keda: { logging: { operator: { level: "debug" } } } } }),
      cluster({ chartValues: { keda: { watchNamespace: "" } } }),
      /chartValues\.keda\.watchNamespace = "": is the platform's/,
    ],
    [
      "a KEDA of the stack's own",
      { ...cluster({}), autoscaling: { requests: "off", keda: { namespace: "keda" } } },
      { ...cluster({}), autoscaling: { keda: { namespace: "team", labels: { app: "k" } } } },
      /autoscaling\.keda\.namespace = "team": is of a KEDA that a cluster of kind existing has/,
    ],
    [
      "a known kind",
      cluster({}),
      cluster({ kind: "gke" }),
      /cluster\.kind = "gke": must be one of existing, eks/,
    ],
    [
      "known keys",
      cluster({}),
      cluster({ nam: "x" }),
      /cluster\.nam: is not a known key; did you mean "name"\?/,
    ],
    [
      "a block with room",
      network({ cidr: "10.0.0.0/22" }),
      network({ cidr: "10.0.0.0/24" }),
      /network\.cidr = "10\.0\.0\.0\/24": .*write one from \/16 to \/22/,
    ],
    [
      "a block that overlaps nothing it is connected with",
      network({ connectedCidrs: ["10.11.0.0/16"] }),
      network({ connectedCidrs: ["10.0.0.0/8"] }),
      /connectedCidrs\.0 = "10\.0\.0\.0\/8": overlaps the VPC's 10\.10\.0\.0\/16/,
    ],
    [
      "distinct zones",
      network({ zones: ["us-west-2a", "us-west-2c"] }),
      network({ zones: ["us-west-2a", "us-west-2a"] }),
      /zones\.1 = "us-west-2a": is named twice/,
    ],
    [
      "zones of its region",
      network({ zones: ["us-west-2b", "us-west-2c"] }),
      network({ zones: ["us-west-2a", "eu-west-1b"] }),
      /zones\.1 = "eu-west-1b": is not in region us-west-2/,
    ],
    [
      "the zones of a control plane's creation, where the last of three may have come later",
      network({ zones: ZONES }, ZONES.slice(0, 2)),
      network({ zones: ZONES }),
      /cluster\.controlPlaneZones: is missing; .*\[us-west-2a, us-west-2b, us-west-2c\], or without/,
    ],
    [
      "a control plane in zones of the network",
      network({ zones: ZONES }, ZONES),
      network({}, ["us-west-2a", "us-west-2c"]),
      /controlPlaneZones\.1 = "us-west-2c": is not a zone of the network; use us-west-2a, us-west-2b/,
    ],
    [
      "a control plane in distinct zones",
      network({}, ["us-west-2b", "us-west-2a"]),
      network({}, ["us-west-2b", "us-west-2b"]),
      /controlPlaneZones\.1 = "us-west-2b": is named twice/,
    ],
    [
      "a control plane in two zones at least",
      network({}, undefined),
      network({}, ["us-west-2a"]),
      /controlPlaneZones = \["us-west-2a"\]: /,
    ],
    [
      "public subnets by zone, where the control plane has some of the zones",
      threeZones(["subnet-a", "subnet-b", "subnet-c"]),
      threeZones(["subnet-a", "subnet-b"]),
      /publicSubnetIds = .*: has 2 subnets for 3 zones; write one per zone/,
    ],
    [
      "a subnet per zone of a VPC that exists",
      existing(["subnet-1", "subnet-2"]),
      existing(["subnet-1"]),
      /privateSubnetIds = \["subnet-1"\]: has 1 subnets for 2 zones; write one per zone/,
    ],
    [
      "node groups in its zones",
      nodeGroups({ zones: ["us-west-2b"] }),
      nodeGroups({ zones: ["us-west-2c"] }),
      /nodeGroups\.serving\.zones = "us-west-2c": is not a zone of the network; use us-west-2a, us-west-2b/,
    ],
    [
      "node group sizes in order",
      nodeGroups({ minSize: 4 }),
      nodeGroups({ minSize: 5 }),
      /nodeGroups\.serving\.minSize = 5: is more than maxSize 4/,
    ],
    [
      "system node sizes in order",
      cluster({ systemNodes: { minSize: 2, maxSize: 2 } }),
      cluster({ systemNodes: { minSize: 3, maxSize: 2 } }),
      /systemNodes\.minSize = 3: is more than maxSize 2/,
    ],
    [
      "every add-on at an exact version",
      cluster({ addonVersions: { coredns: "v1.14.3-eksbuild.16" } }),
      cluster({ addonVersions: { coredns: "latest" } }),
      /addonVersions\.coredns = "latest": is no EKS add-on version; write vX\.Y\.Z-eksbuild\.N/,
    ],
    [
      "system nodes of its Kubernetes version",
      cluster({ systemNodes: { amiRelease: "1.36.4-20260917" } }),
      cluster({ systemNodes: { amiRelease: "1.35.6-20260625" } }),
      /systemNodes\.amiRelease = "1\.35\.6-20260625": is no image of Kubernetes 1\.36; leave it out, or write 1\.36\.2-20260625/,
    ],
    [
      "an address block for managed stores in a VPC that exists",
      { ...existing(["subnet-1", "subnet-2"], "10.0.0.0/16"), ...managed },
      { ...existing(["subnet-1", "subnet-2"]), ...managed },
      /cluster\.network\.cidr: is missing; gateway\.redis is managed/,
    ],
    [
      "a group that takes its on-demand instances from a reservation",
      nodeGroups({ capacityReservationId: "cr-0123456789abcdef0" }),
      nodeGroups({ capacityReservationId: "cr-0123456789abcdef0", capacity: "spot" }),
      /serving\.capacityReservationId = "cr-0123456789abcdef0": cannot be used with spot capacity, .*; leave it out, or write capacity: on-demand/,
    ],
    [
      "Neuron groups that are not called as the system nodes",
      namedGroup("systems"),
      namedGroup("system"),
      /neuron\.nodeGroups\.system: is the name of the nodes of cluster\.systemNodes; write another, such as system-neuron/,
    ],
    [
      "names of groups that leave room for what the provider adds",
      namedGroup("g".repeat(36)),
      namedGroup("g".repeat(37)),
      /neuron\.nodeGroups\.g+: is a name of 37 characters, which EKS has no room for; write up to 36/,
    ],
    [
      "a name that the name of its cache has room for",
      { ...cluster({ name: "c".repeat(34) }), ...managed },
      { ...cluster({ name: "c".repeat(35) }), ...managed },
      /cluster\.name = "c+": makes c+-cache the name of gateway\.redis, and ElastiCache takes 40 characters; write a name of up to 34/,
    ],
    [
      "a long name where the cache is in the cluster",
      cluster({ name: "c".repeat(54) }),
      { ...cluster({ name: "c".repeat(55) }), gateway: { database: { kind: "managed" } } },
      /cluster\.name = "c+": makes c+-database the name of gateway\.database, and Amazon RDS takes 63 characters; write a name of up to 54/,
    ],
    [
      "two dashes in its name where no managed store has them too",
      cluster({ name: "a--b" }),
      { ...cluster({ name: "a--b" }), ...managed },
      /cluster\.name = "a--b": makes a--b-cache .*takes no two dashes in a row; write one/,
    ],
    [
      "each subnet of a VPC that exists once",
      existing(["subnet-1", "subnet-2"]),
      existing(["subnet-1", "subnet-1"]),
      /network\.privateSubnetIds\.1 = "subnet-1": is privateSubnetIds\.0 already; write another subnet/,
    ],
    [
      "public subnets beside the private ones",
      existing(["subnet-1", "subnet-2"], undefined, ["subnet-3", "subnet-4"]),
      existing(["subnet-1", "subnet-2"], undefined, ["subnet-3", "subnet-2"]),
      /network\.publicSubnetIds\.1 = "subnet-2": is privateSubnetIds\.1 already/,
    ],
    [
      "a database that starts within its limit",
      { ...cluster({}), gateway: { database: { kind: "managed", storageGiB: 100 } } },
      { ...cluster({}), gateway: { database: { kind: "managed", storageGiB: 101 } } },
      /gateway\.database\.storageGiB = 101: is more than maxStorageGiB 100/,
    ],
  ])("has %s", (_what, fine, caught, message) => {
    expect(problemLines(fine)).toEqual([]);
    expect(problemLines(caught).join("\n")).toMatch(message);
  });
});

test("managed stores need a cluster on AWS", () => {
  expect(problemLines({ gateway: { database: { kind: "managed" } } }).join("\n")).toMatch(
    /gateway\.database\.kind = "managed": needs a cluster of kind eks, this one is existing; write inCluster/,
  );
});
