/** The AWS half of the stacks in the repository, under the engine's mocks. */
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { EksPlatform, type EksPlatformArgs } from "../../../components/platform/eksPlatform";
import type { ParsedConfig } from "../../../domain/settings/schema";
import { parsedStack } from "../../support/stackFile";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const registered: Registered[] = [];
/** Types of resources and functions in the order in which the engine was asked for them. */
const steps: string[] = [];
const TAGS = { Project: "llm-gateway", Environment: "prod", ManagedBy: "pulumi" };

/** What AWS would know once a resource of the type exists. */
const COMPUTED: Readonly<Record<string, object>> = {
  "eks:index:Cluster": {
    kubeconfigJson: "{}",
    eksCluster: {
      name: "llm-gateway-prod",
      arn: "arn:aws:eks:us-west-2:123456789012:cluster/llm-gateway-prod",
      vpcConfig: { clusterSecurityGroupId: "sg-cluster" },
    },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 7 },
};

const ACCOUNT: Readonly<Record<string, object>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:index/getPartition:getPartition": { partition: "aws" },
};

const GROUPS: Readonly<Record<string, number>> = {
  "eks-compilation-20261125101500000000000001-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee": 1,
};

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      steps.push(type);
      registered.push({ type, name, inputs: inputs as Record<string, unknown> });
      const computed = { arn: `arn:${name}`, ...COMPUTED[type] };
      return { id: `${name}-id`, state: { ...(inputs as object), ...computed } };
    },
    // The autoscaler has grown one group; see the test of its bounds.
    call: ({ token, inputs }) => {
      steps.push(token);
      const { name } = inputs as { readonly name?: string };
      const answer = ACCOUNT[token];
      if (answer !== undefined) {
        return answer;
      }
      return token === "aws:autoscaling/getAmiIds:getAmiIds"
        ? { names: Object.keys(GROUPS) }
        : { name, desiredCapacity: GROUPS[name ?? ""] };
    },
  });
});

function argsOf({ cluster, neuron }: ParsedConfig): EksPlatformArgs {
  if (cluster.kind !== "eks") {
    throw new Error("the stack makes no cluster");
  }
  return {
    ...cluster,
    environment: "prod",
    neuronNodeGroups: neuron.nodeGroups,
    retainArtifacts: true,
  };
}

/** Makes the platform under a name of its own, and gives what it declared. */
async function declared(
  name: string,
  change: (args: EksPlatformArgs) => EksPlatformArgs = (args) => args,
): Promise<(type: string, suffix?: string) => Registered["inputs"]> {
  const config = parsedStack("prod");
  const platform = new EksPlatform(name, change(argsOf(config)), {});
  const { database, redis } = config.gateway;
  if (database.kind !== "managed" || redis.kind !== "managed") {
    throw new Error("the stack's stores are not managed");
  }
  const password = pulumi.output("generated");
  platform.managedStores.database(database, password);
  platform.managedStores.redis(redis, password);
  await new Promise((resolve) => platform.nodeGroups.apply(resolve));
  await Promise.all(platform.ready.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  return (type, suffix = "") => {
    const found = registered.find(
      (resource) => resource.type === type && resource.name === `${name}${suffix}`,
    );
    if (found === undefined) {
      throw new Error(`there is no ${type} ${name}${suffix}`);
    }
    return found.inputs;
  };
}

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

test("sizes are asked for once the control plane is up to date, which may take an hour, and before the groups are sent", async () => {
  const before = steps.length;
  await declared("sizes");
  const asked = steps.slice(before);
  const sizes = asked.indexOf("aws:autoscaling/getAmiIds:getAmiIds");
  expect(sizes).toBeGreaterThan(asked.indexOf("eks:index:Cluster"));
  expect(asked.indexOf(NODE_GROUP)).toBeGreaterThan(sizes);
});

describe("the Neuron node group", () => {
  test("runs the pinned Neuron image behind a taint, and repairs itself", async () => {
    const of = await declared("a");
    expect(of(NODE_GROUP, "-serving")).toMatchObject({
      amiType: "AL2023_x86_64_NEURON",
      releaseVersion: "1.36.2-20260625",
      version: "1.36",
      instanceTypes: ["inf2.xlarge"],
      capacityType: "ON_DEMAND",
      scalingConfig: { minSize: 4, maxSize: 8, desiredSize: 4 },
      taints: [{ key: "aws.amazon.com/neuron", value: "true", effect: "NO_SCHEDULE" }],
      updateConfig: { maxUnavailable: 1, updateStrategy: "MINIMAL" },
      nodeRepairConfig: { enabled: true },
      launchTemplate: { version: "7" },
    });
  });

  test("tells Cluster Autoscaler what a node would offer, so that it can scale from zero", async () => {
    const of = await declared("b");
    const resource = "k8s.io/cluster-autoscaler/node-template/resources/aws.amazon.com";
    expect(of(NODE_GROUP, "-compilation").tags).toMatchObject({
      [`${resource}/neuron`]: "1",
      [`${resource}/neuroncore`]: "2",
    });
  });

  test("is sent with the size that the autoscaler gave it, not with the one of the last update", async () => {
    const of = await declared("n");
    expect(of(NODE_GROUP, "-compilation").scalingConfig).toMatchObject({
      minSize: 0,
      desiredSize: 1,
    });
  });

  test("has IMDSv2 alone, an encrypted disk, and tags on instances and volumes", async () => {
    const of = await declared("c");
    const tags = { ...TAGS, Name: "serving" };
    expect(of(TEMPLATE, "-serving")).toMatchObject({
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ ebs: { encrypted: "true", volumeType: "gp3", volumeSize: 150 } }],
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
      ],
    });
    expect(of(TEMPLATE, "-serving")).not.toHaveProperty("imageId");
  });

  test("takes spot instances, a capacity reservation and some of the zones when told so", async () => {
    const of = await declared("d", (args) => {
      const { serving } = args.neuronNodeGroups;
      if (serving === undefined) {
        throw new Error("prod has no group named serving");
      }
      return {
        ...args,
        neuronNodeGroups: {
          spot: { ...serving, capacity: "spot", zones: ["us-west-2b"] },
          reserved: { ...serving, capacityReservationId: "cr-0123456789abcdef0" },
        },
      };
    });
    expect(of(NODE_GROUP, "-spot")).toMatchObject({
      capacityType: "SPOT",
      subnetIds: ["d-network-private-1-id"],
    });
    expect(of(TEMPLATE, "-reserved")).toMatchObject({
      capacityReservationSpecification: {
        capacityReservationTarget: { capacityReservationId: "cr-0123456789abcdef0" },
      },
    });
  });
});

describe("the control plane", () => {
  test("authenticates by the API, encrypts Secrets, writes every log and keeps nodes private", async () => {
    const of = await declared("e", (args) => ({ ...args, publicAccessCidrs: ["198.18.7.0/24"] }));
    expect(of("eks:index:Cluster")).toMatchObject({
      version: "1.36",
      authenticationMode: "API",
      skipDefaultNodeGroup: true,
      nodeAssociatePublicIpAddress: false,
      endpointPrivateAccess: true,
      publicAccessCidrs: ["198.18.7.0/24"],
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      deletionProtection: true,
      vpcCniOptions: { enableNetworkPolicy: true },
    });
  });

  test("has a private endpoint alone where no address may reach it from outside", async () => {
    const of = await declared("f");
    expect(of("eks:index:Cluster").endpointPublicAccess).toBe(false);
    // The component refuses even an empty list for an endpoint that is not public.
    expect(of("eks:index:Cluster")).not.toHaveProperty("publicAccessCidrs");
  });
});

test("values of a stack are laid over those of a controller's chart", async () => {
  const of = await declared("values", (args) => ({
    ...args,
    chartValues: {
      clusterAutoscaler: { extraArgs: { v: 4 }, resources: { limits: { memory: "1Gi" } } },
      loadBalancerController: { replicaCount: 1 },
      keda: {},
    },
  }));
  expect(
    of("kubernetes:helm.sh/v3:Release", "-controllers-cluster-autoscaler").values,
  ).toMatchObject({
    cloudProvider: "aws",
    extraArgs: { v: 4, "balance-similar-node-groups": true },
    resources: { requests: { cpu: "100m" }, limits: { memory: "1Gi" } },
  });
  const balancers = of("kubernetes:helm.sh/v3:Release", "-controllers-load-balancer-controller");
  expect(balancers.values).toMatchObject({
    replicaCount: 1,
    vpcId: "values-network-id",
    serviceAccount: { name: "aws-load-balancer-controller" },
  });
});

describe("what controllers make on AWS", () => {
  test("carries the tags of the stack, too: volumes and load balancers", async () => {
    const of = await declared("g");
    const { configurationValues } = of("aws:eks/addon:Addon", "-addons-aws-ebs-csi-driver");
    expect(JSON.parse(String(configurationValues))).toEqual({
      controller: { extraVolumeTags: TAGS },
    });
    const release = of("kubernetes:helm.sh/v3:Release", "-controllers-load-balancer-controller");
    expect(release.values).toMatchObject({ defaultTags: TAGS });
  });
});

describe("the file system of the artifacts", () => {
  test("is encrypted and refuses a mount without TLS", async () => {
    const of = await declared("j");
    expect(of("aws:efs/fileSystem:FileSystem", "-artifacts")).toMatchObject({ encrypted: true });
    const { policy } = of("aws:efs/fileSystemPolicy:FileSystemPolicy", "-artifacts");
    expect(JSON.parse(String(policy))).toMatchObject({
      Statement: [
        { Effect: "Allow" },
        {
          Effect: "Deny",
          Resource: "arn:j-artifacts",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});

describe("the managed stores of prod", () => {
  test("are encrypted, private, highly available and backed up", async () => {
    const of = await declared("h");
    expect(of("aws:rds/instance:Instance", "-database")).toMatchObject({
      storageEncrypted: true,
      publiclyAccessible: false,
      multiAz: true,
      backupRetentionPeriod: 14,
      deletionProtection: true,
      skipFinalSnapshot: false,
    });
    expect(of("aws:elasticache/replicationGroup:ReplicationGroup", "-cache")).toMatchObject({
      engine: "valkey",
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      numCacheClusters: 2,
    });
  });

  test("take connections from the cluster's security group alone", async () => {
    const of = await declared("i");
    for (const [store, port] of [
      ["-database", 5432],
      ["-cache", 6379],
    ] as const) {
      const { ingress } = of("aws:ec2/securityGroup:SecurityGroup", store);
      expect(ingress).toEqual([
        expect.objectContaining({ fromPort: port, toPort: port, securityGroups: ["sg-cluster"] }),
      ]);
    }
  });
});
