/** What single checks of the preflight say in cases that are neither the usual ones nor faults of a whole account. */
import { describe, test } from "vitest";
import {
  CLUSTER,
  EXISTING_NETWORK,
  HERE,
  NAME,
  VERSION,
  expectFinding,
  quota,
  set,
  type Change,
  type FindingCase,
} from "../../../support/preflight";

const standardSupport =
  (endOfStandardSupport: string | undefined, status = "STANDARD_SUPPORT"): Change =>
  ({ account }) => {
    account.clusterVersions = [
      {
        version: VERSION,
        status,
        ...(endOfStandardSupport === undefined ? {} : { endOfStandardSupport }),
      },
    ];
  };

/** An existing network with public subnets, as the account has it but for `change`. */
const ownNetwork =
  (change: (subnet: { id: string; vpcId: string; zone: string; free: number }) => object): Change =>
  ({ account, cluster }) => {
    const { network } = EXISTING_NETWORK;
    cluster.network = { ...network, publicSubnetIds: ["subnet-1a", "subnet-1b"] };
    account.subnets = [...network.privateSubnetIds, "subnet-1a", "subnet-1b"].map((id) => {
      const zone = id.endsWith("a") ? "us-west-2a" : "us-west-2b";
      const subnet = { id, vpcId: network.vpcId, zone, free: 16 };
      return { ...subnet, ...change(subnet) };
    });
  };

const CASES: readonly FindingCase[] = [
  [
    "a version in extended support is named with what it costs, where the stack takes that support",
    "EKS has the Kubernetes version",
    standardSupport("2026-07-29", "EXTENDED_SUPPORT"),
    "warn",
    `Kubernetes ${VERSION} is in extended support, which costs more by the hour`,
    "plan the upgrade (docs/upgrade.md, docs/costs.md)",
  ],
  [
    "a version that EKS has ended is not offered",
    "EKS has the Kubernetes version",
    standardSupport("2025-07-29", "UNSUPPORTED"),
    "fail",
    `EKS does not offer Kubernetes ${VERSION}`,
    "aws eks describe-cluster-versions",
  ],
  [
    "a version without an announced end is in standard support",
    "EKS has the Kubernetes version",
    standardSupport(undefined),
    "pass",
    `${VERSION} is in standard support`,
  ],
  [
    "a version's end is said by its day, also where it is far",
    "EKS has the Kubernetes version",
    standardSupport("2028-01-02"),
    "pass",
    `${VERSION} is in standard support until 2028-01-02`,
  ],
  [
    "a cluster that is being changed is waited for",
    "The cluster can be made or updated",
    ({ account }) => {
      account.clusters[NAME] = { version: VERSION, status: "UPDATING" };
    },
    "fail",
    `${NAME} is UPDATING`,
    `aws eks wait cluster-active --name ${NAME} --region us-west-2`,
  ],
  [
    "a cluster without an endpoint yet is judged by who will be let in",
    "The API endpoint can be reached from here",
    ({ account }) => {
      account.clusters[NAME] = { version: VERSION, status: "CREATING" };
    },
    "pass",
    `${HERE} is in ${HERE}/32`,
  ],
  [
    "an endpoint that answers is named",
    "The API endpoint can be reached from here",
    ({ account, world }) => {
      account.clusters[NAME] = { version: VERSION, status: "ACTIVE", endpoint: "https://e.aws" };
      world.listening = ["e.aws"];
    },
    "pass",
    "e.aws answers",
  ],
  [
    "who does not know the own address is told how to ask for it",
    "The API endpoint can be reached from here",
    ({ account, world }) => {
      account.clusters[NAME] = { version: VERSION, status: "ACTIVE", endpoint: "https://e.aws" };
      world.address = undefined;
    },
    "fail",
    "e.aws does not answer: connect ETIMEDOUT",
    set("cluster.publicAccessCidrs[0]", "$(curl -s https://checkip.amazonaws.com)/32"),
  ],
  [
    "an answer that is no address is none",
    "The API endpoint can be reached from here",
    ({ world }) => {
      world.address = "<html>198.18.7.7</html>";
    },
    "warn",
    "the public address of this machine is not known",
    `see that it is in ${HERE}/32`,
  ],
  [
    "a user of the lists who makes the cluster is let in twice as well",
    "Who makes the cluster is let in once",
    ({ account, cluster }) => {
      account.identity.arn = "arn:aws:iam::123456789012:user/me";
      cluster.viewerRoleArns = [
        "arn:aws:iam::123456789012:role/me",
        "arn:aws:iam::123456789012:user/me",
      ];
    },
    "fail",
    "arn:aws:iam::123456789012:user/me makes the cluster",
    set("cluster.viewerRoleArns[1]", "ANOTHER-ROLE"),
  ],
  [
    "roles of another account, or that only end alike, are others",
    "Who makes the cluster is let in once",
    ({ cluster }) => {
      cluster.administratorRoleArns = [
        "arn:aws:iam::210987654321:role/deploy",
        "arn:aws:iam::123456789012:role/not-deploy",
      ];
    },
    "pass",
    "arn:aws:sts::123456789012:assumed-role/deploy/me becomes its administrator",
  ],
  [
    "nobody makes a cluster that is there",
    "Who makes the cluster is let in once",
    ({ account, cluster }) => {
      account.clusters[NAME] = { version: VERSION, status: "ACTIVE" };
      cluster.administratorRoleArns = ["arn:aws:iam::123456789012:role/deploy"];
    },
    "pass",
    "the cluster is there",
  ],
  [
    "a zone that is down is not available, whoever is looked for",
    "Zones can hold the cluster",
    ({ account }) => {
      account.zones = account.zones.map((zone) =>
        zone.name === "us-west-2b" ? { ...zone, state: "impaired" } : zone,
      );
    },
    "fail",
    "us-west-2b is not available",
    set("cluster.network.zones[1]", "us-west-2c"),
  ],
  [
    "a region without another zone names none",
    "Zones can hold the cluster",
    ({ account }) => {
      account.zones = account.zones.filter(({ name }) => name === "us-west-2a");
    },
    "fail",
    "the account has no zone us-west-2b",
    set("cluster.network.zones[1]", "ZONE"),
  ],
  [
    "subnets of the VPC that are large enough fit",
    "Subnets of the VPC fit",
    ownNetwork(() => ({})),
    "pass",
    "4 subnets in vpc-0a",
  ],
  [
    "a public subnet is named by its own setting",
    "Subnets of the VPC fit",
    ownNetwork(({ id }) => (id === "subnet-1b" ? { free: 15 } : {})),
    "fail",
    "subnet-1b has 15 free addresses",
    set("cluster.network.publicSubnetIds[1]", "subnet-..."),
  ],
  [
    "a network that is there has its NAT gateways",
    "Elastic IP quota is large enough",
    ownNetwork(() => ({})),
    "pass",
    "the stack makes no NAT gateway",
  ],
  [
    "a NAT gateway in each zone takes an address each",
    "Elastic IP quota is large enough",
    ({ account, cluster }) => {
      cluster.network = { ...CLUSTER.network, nat: "perZone" };
      account.quotas["L-0263D0A3"] = 1;
    },
    "fail",
    "EC2-VPC Elastic IPs: 1, 2 needed, 0 used by others",
    quota("L-0263D0A3", 2),
  ],
  [
    "a type that the region does not have is judged once",
    "The image of the system nodes fits their type",
    ({ account }) => {
      delete account.vcpus["m7i.large"];
      account.quotas = {};
    },
    "skipped",
    "us-west-2 has no m7i.large",
  ],
  [
    "a quota that may not be read is no quota of AWS's default",
    "vCPU quotas are large enough",
    ({ account }) => {
      account.defaultQuotas = account.quotas;
      account.refused["servicequotas:GetServiceQuota"] = {
        code: "AccessDeniedException",
        message: "not authorized",
      };
    },
    "fail",
    "not authorized",
    "give the identity the permissions of the preflight (docs/aws.md)",
  ],
  [
    "log groups that AWS makes itself are not looked for",
    "The log groups can be made",
    ({ account, cluster }) => {
      cluster.logs = { create: false };
      account.logGroups[`/aws/eks/${NAME}/cluster`] = {};
    },
    "pass",
    "EKS and RDS make them",
  ],
  [
    "a name whose record is made by hand is looked for in no zone",
    "The gateway's name lies in a zone of the account",
    ({ service }) => {
      service.tls = {
        hostName: "llm.example.com",
        certificateArn:
          "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012",
      };
    },
    "pass",
    "the record of llm.example.com is made by hand",
  ],
];

describe("in the preflight", () => {
  test.for(CASES)("%s", expectFinding);
});
