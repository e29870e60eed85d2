/** Faults of an AWS account, one at a time, through the AWS SDK itself. */
import { describe, expect, test } from "vitest";
import { succeeded } from "../../../../operations/stack/checklist";
import {
  EXISTING_NETWORK,
  NAME,
  OTHER_PATCH,
  RELEASE,
  SERVING_RELEASE,
  VERSION,
  addonVersions,
  preflight,
  quota,
  set,
  type Fault,
} from "../../../support/preflight";

const FAULTS: readonly Fault[] = [
  [
    "credentials that have expired",
    ({ account }) => {
      account.refused["sts:GetCallerIdentity"] = {
        code: "ExpiredToken",
        message: "The security token included in the request is expired",
      };
    },
    "AWS credentials",
    "The security token included in the request is expired",
    "aws sso login, or take the role anew",
  ],
  [
    "keys that do not exist, or a region that is not switched on",
    ({ account }) => {
      account.refused["sts:GetCallerIdentity"] = {
        code: "InvalidClientTokenId",
        message: "The security token included in the request is invalid",
      };
    },
    "AWS credentials",
    "The security token included in the request is invalid",
    "aws account enable-region --region-name us-west-2",
  ],
  [
    "an identity that may not read",
    ({ account }) => {
      account.refused["eks:DescribeAddonVersions"] = {
        code: "AccessDeniedException",
        message: "User: me is not authorized to perform: eks:DescribeAddonVersions",
      };
    },
    "EKS has each add-on version",
    "not authorized to perform: eks:DescribeAddonVersions",
    "give the identity the permissions of the preflight (docs/aws.md)",
  ],
  [
    "a Kubernetes version that EKS no longer offers",
    ({ account }) => {
      account.clusterVersions = [];
    },
    "EKS has the Kubernetes version",
    `EKS does not offer Kubernetes ${VERSION}`,
    set("cluster.kubernetesVersion", "1.N"),
  ],
  [
    "a Kubernetes version in extended support, which the stack does without",
    ({ account, cluster }) => {
      cluster.supportType = "STANDARD";
      account.clusterVersions = [
        { version: VERSION, status: "EXTENDED_SUPPORT", endOfStandardSupport: "2026-07-29" },
      ];
    },
    "EKS has the Kubernetes version",
    `Kubernetes ${VERSION} is in extended support`,
    set("cluster.kubernetesVersion", "1.N"),
  ],
  [
    "an add-on version that does not exist",
    ({ account }) => {
      account.addons.coredns = { [VERSION]: ["v1.99.9-eksbuild.1"] };
    },
    "EKS has each add-on version",
    `coredns has no ${addonVersions.coredns} for Kubernetes ${VERSION}`,
    set("cluster.addonVersions.coredns", "v1.99.9-eksbuild.1"),
  ],
  [
    "an add-on that is not offered for the Kubernetes version",
    ({ account }) => {
      account.addons["metrics-server"] = {};
    },
    "EKS has each add-on version",
    `EKS has no add-on metrics-server for Kubernetes ${VERSION}`,
    "aws eks describe-addon-versions --addon-name metrics-server",
  ],
  [
    "a Neuron node image that the region does not have",
    ({ account }) => {
      account.parameters = Object.fromEntries(
        Object.entries(account.parameters).filter(([name]) => !name.includes("/neuron/")),
      );
    },
    "Node images exist",
    `neuron.nodeGroups.serving.amiRelease: us-west-2 has no image of ${SERVING_RELEASE}`,
    `aws ssm get-parameters-by-path --recursive --path /aws/service/eks/optimized-ami/${VERSION}/amazon-linux-2023/x86_64/neuron`,
  ],
  [
    "a release with the patch version of another day",
    ({ account }) => {
      for (const name of Object.keys(account.parameters)) {
        if (name.endsWith("release_version") && name.includes("/standard/")) {
          account.parameters[name] = OTHER_PATCH;
        }
      }
    },
    "Node images exist",
    `cluster.systemNodes.amiRelease ${RELEASE}: the image of that day is ${OTHER_PATCH}`,
    set("cluster.systemNodes.amiRelease", OTHER_PATCH),
  ],
  [
    "a zone that the account does not have",
    ({ account }) => {
      account.zones = account.zones.filter(({ name }) => name !== "us-west-2b");
    },
    "Zones can hold the cluster",
    "the account has no zone us-west-2b",
    set("cluster.network.zones[1]", "us-west-2c"),
  ],
  [
    "a zone that EKS puts no control plane in",
    ({ account }) => {
      account.zones = account.zones.map((zone) =>
        zone.name === "us-west-2a" ? { ...zone, id: "usw1-az2" } : zone,
      );
    },
    "Zones can hold the cluster",
    "EKS has no control planes in us-west-2a (usw1-az2)",
    set("cluster.network.zones[0]", "us-west-2c"),
  ],
  [
    "a zone without the instance type",
    ({ account }) => {
      account.offerings["inf2.xlarge"] = ["us-west-2b"];
    },
    "Zones offer the instance types",
    "us-west-2a has no inf2.xlarge (serving)",
    set("neuron.nodeGroups.serving.zones[0]", "us-west-2b"),
  ],
  [
    "a region without the instance type",
    ({ account }) => {
      delete account.offerings["inf2.8xlarge"];
    },
    "Zones offer the instance types",
    "us-west-2 has no inf2.8xlarge",
    set("neuron.nodeGroups.compilation.instanceType", "TYPE"),
  ],
  [
    "no Inf quota, as in a new account",
    ({ account }) => {
      delete account.quotas["L-1945791B"];
      account.defaultQuotas["L-1945791B"] = 0;
    },
    "vCPU quotas are large enough",
    "Running On-Demand Inf instances: 0 vCPUs, 40 needed",
    quota("L-1945791B", 40),
  ],
  [
    "a standard quota that an update of the system nodes would exceed",
    ({ account }) => {
      account.quotas["L-1216C47A"] = 16;
    },
    "vCPU quotas are large enough",
    "16 vCPUs, 18 needed (system 5 + 4 m7i.large)",
    quota("L-1216C47A", 18),
  ],
  [
    "a quota that others use up, the cluster's own nodes not counted",
    ({ account }) => {
      account.instances = [
        { type: "c7i.xlarge", spot: false, tags: {} },
        { type: "c7i.xlarge", spot: true, tags: {} },
        { type: "inf2.8xlarge", spot: false, tags: { "eks:cluster-name": NAME } },
        ...Array.from({ length: 3 }, () => ({ type: "c7i.xlarge", spot: false, tags: {} })),
      ];
    },
    "vCPU quotas are large enough",
    "32 vCPUs, 34 needed (system 5 + 4 m7i.large; 16 used by others)",
    quota("L-1216C47A", 34),
  ],
  [
    "Elastic IP addresses that others hold, the stack's own not counted",
    ({ account }) => {
      account.addresses = [
        { Name: `${NAME}-nat-0` },
        ...Array.from({ length: 5 }, (_, index) => ({ Name: `other-${index}` })),
      ];
    },
    "Elastic IP quota is large enough",
    "EC2-VPC Elastic IPs: 5, 1 needed, 5 used by others",
    quota("L-0263D0A3", 6),
  ],
  [
    "subnets that are not the VPC's",
    ({ account, cluster }) => {
      Object.assign(cluster, EXISTING_NETWORK);
      account.subnets = [{ id: "subnet-0a", vpcId: "vpc-0b", zone: "us-west-2b", free: 3 }];
    },
    "Subnets of the VPC fit",
    "subnet-0a is in vpc-0b, not in vpc-0a; subnet-0a is in us-west-2b, not in us-west-2a; subnet-0a has 3 free addresses; there is no subnet subnet-0b",
    set("cluster.network.privateSubnetIds[0]", "subnet-..."),
  ],
];

describe("the preflight tells of an account", () => {
  test.each(FAULTS)("%s", async (_what, change, check, seen, remedy) => {
    const results = await preflight(change);
    expect(succeeded(results)).toBe(false);
    const failed = results.filter(({ status }) => status === "fail");
    expect(failed.map((result) => result.check)).toEqual([check]);
    expect(failed[0]?.seen).toContain(seen);
    expect(failed[0]?.remedy).toContain(remedy);
  });
});
