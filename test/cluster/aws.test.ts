import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPlatform, type TestPlatform } from "../support/cluster";
import { Recorder } from "../support/engine";
import { stackConfig } from "../support/stackFile";

const QWEN = "qwen3-8b-fp8-neuron";
const LLAMA = "llama-3-1-8b-int8-neuron";
const CLUSTER = "llm-gateway:cluster";
const NEURON = "llm-gateway:neuron";
const GATEWAY = "llm-gateway:gateway";
const MODELS = "llm-gateway:models";

let platform: TestPlatform;
let dev: Record<string, unknown>;

beforeAll(async () => {
  dev = stackConfig("dev");
  // The charts of its controllers are not to be had without a network.
  platform = await startPlatform(() => dev, { recordHelmReleases: true });
  await platform.configure();
  await platform.stack.up(platform.checked);
});
afterAll(() => platform.close());

async function previewOf(changes: Readonly<Record<string, unknown>>): Promise<Recorder> {
  const recorder = new Recorder();
  await platform.configure(changes);
  try {
    await platform.stack.preview({ ...platform.checked, onEvent: recorder.onEvent });
  } finally {
    await platform.configure();
  }
  return recorder;
}

/** The value of a setting with `changes` laid over it, one level deep. */
function withChanges(key: string, changes: object): Record<string, unknown> {
  return { [key]: { ...(dev[key] as object), ...changes } };
}

test("a preview of the deployed stack, its cluster known, changes nothing and has no violation", async () => {
  const recorder = await previewOf({});
  expect(recorder.violations()).toEqual([]);
  expect(recorder.resources("create", "update", "replace", "delete")).toEqual([]);
});

interface Edit {
  readonly edit: string;
  readonly changes: () => Record<string, unknown>;
  readonly create?: readonly string[];
  readonly update?: readonly string[];
  readonly replace?: readonly string[];
  readonly remove?: readonly string[];
}

const EDITS: readonly Edit[] = [
  {
    edit: "a zone is appended",
    changes: () => {
      const cluster = dev[CLUSTER] as { network: { zones: string[] } };
      const zones = [...cluster.network.zones, "us-west-2c"];
      return withChanges(CLUSTER, { network: { ...cluster.network, zones } });
    },
    create: [
      "aws:ec2/routeTableAssociation:RouteTableAssociation platform-network-private-2",
      "aws:ec2/routeTableAssociation:RouteTableAssociation platform-network-public-2",
      "aws:ec2/subnet:Subnet platform-network-private-2",
      "aws:ec2/subnet:Subnet platform-network-public-2",
      "aws:efs/mountTarget:MountTarget platform-artifacts-2",
    ],
    update: ["aws:eks/cluster:Cluster platform-eksCluster"],
    // EKS cannot change the subnets of a node group: new groups come before the old ones go.
    replace: [
      "aws:eks/nodeGroup:NodeGroup platform-compilation",
      "aws:eks/nodeGroup:NodeGroup platform-serving",
      "aws:eks/nodeGroup:NodeGroup platform-system",
    ],
  },
  {
    edit: "the gateway may grow further",
    changes: () => ({ [GATEWAY]: { autoscaling: { maxReplicas: 12 } } }),
    update: ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler gateway-autoscaler"],
  },
  {
    edit: "the gateway gets another image",
    changes: () => ({ [GATEWAY]: { image: "ghcr.io/berriai/litellm-non_root:v1.106.3" } }),
    update: ["kubernetes:apps/v1:Deployment gateway"],
  },
  {
    edit: "the master key is replaced",
    changes: () => ({ [GATEWAY]: { masterKeyGeneration: 2 } }),
    update: [
      "kubernetes:apps/v1:Deployment gateway",
      "kubernetes:core/v1:Secret credentials-litellm",
    ],
    replace: ["random:index/randomPassword:RandomPassword credentials-master-key"],
  },
  {
    edit: "a model may have fewer replicas",
    changes: () => ({ [MODELS]: { [QWEN]: { autoscaling: { maxReplicas: 1 } } } }),
    update: [
      "kubernetes:apps/v1:Deployment gateway",
      `kubernetes:autoscaling/v2:HorizontalPodAutoscaler ${QWEN}-autoscaler`,
      "kubernetes:core/v1:ConfigMap gateway-routing-config",
    ],
  },
  {
    edit: "a model is added",
    changes: () => ({
      [MODELS]: {
        [QWEN]: { autoscaling: { maxReplicas: 1 } },
        [LLAMA]: { autoscaling: { maxReplicas: 1 } },
      },
    }),
    create: [
      `kubernetes:apps/v1:StatefulSet ${LLAMA}`,
      `kubernetes:autoscaling/v2:HorizontalPodAutoscaler ${LLAMA}-autoscaler`,
      `kubernetes:batch/v1:Job ${LLAMA}-artifact`,
      `kubernetes:core/v1:ConfigMap ${LLAMA}-chat-template`,
      `kubernetes:core/v1:Service ${LLAMA}-replicas`,
      `kubernetes:core/v1:Service ${LLAMA}-service`,
      `kubernetes:policy/v1:PodDisruptionBudget ${LLAMA}-disruption`,
      `llm-gateway:autoscaling:Autoscaler ${LLAMA}-autoscaler`,
      `llm-gateway:vllm:ModelServer ${LLAMA}`,
    ],
    // The node group has room for two replicas: the other model gives one of its own. The load balancer waits for longer streams.
    update: [
      "kubernetes:apps/v1:Deployment gateway",
      `kubernetes:autoscaling/v2:HorizontalPodAutoscaler ${QWEN}-autoscaler`,
      "kubernetes:core/v1:ConfigMap gateway-routing-config",
      "kubernetes:core/v1:Service gateway-service",
    ],
  },
  {
    edit: "the cache becomes a managed one",
    changes: () => ({ [GATEWAY]: { redis: { kind: "managed" } } }),
    create: [
      "aws:ec2/securityGroup:SecurityGroup platform-cache",
      "aws:elasticache/parameterGroup:ParameterGroup platform-cache",
      "aws:elasticache/replicationGroup:ReplicationGroup platform-cache",
      "aws:elasticache/subnetGroup:SubnetGroup platform-cache",
      "llm-gateway:cluster:ManagedCache platform-cache",
    ],
    update: [
      "kubernetes:apps/v1:Deployment gateway",
      "kubernetes:core/v1:ConfigMap gateway-routing-config",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-traffic",
    ],
    // The volume of the old cache stays: Kubernetes keeps the claims of a StatefulSet.
    remove: [
      "kubernetes:apps/v1:StatefulSet gateway-redis",
      "kubernetes:core/v1:Service gateway-redis-service",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-redis-clients",
      "kubernetes:policy/v1:PodDisruptionBudget gateway-redis-disruption",
      "llm-gateway:litellm:Store gateway-redis",
    ],
  },
  {
    edit: "the gateway gets a name with a certificate",
    changes: () => ({
      [GATEWAY]: {
        service: { tls: { hostName: "llm.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
      },
    }),
    create: [
      "aws:acm/certificate:Certificate platform-name",
      "aws:acm/certificateValidation:CertificateValidation platform-name",
      "aws:route53/record:Record platform-name-alias",
      "aws:route53/record:Record platform-name-proof",
      "llm-gateway:cluster:PublishedName platform-name",
    ],
    update: ["kubernetes:core/v1:Service gateway-service"],
  },
  {
    edit: "the system nodes move to another release",
    changes: () => withChanges(CLUSTER, { systemNodes: { amiRelease: "1.36.4-20260917" } }),
    update: ["aws:eks/nodeGroup:NodeGroup platform-system"],
  },
  {
    edit: "a Neuron group gets larger disks, and with them a new template: its image would not be kept in place",
    changes: () =>
      withChanges(NEURON, {
        nodeGroups: {
          serving: { instanceType: "inf2.xlarge", maxSize: 2, diskGiB: 200 },
          compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
        },
      }),
    update: ["aws:ec2/launchTemplate:LaunchTemplate platform-serving"],
    replace: ["aws:eks/nodeGroup:NodeGroup platform-serving"],
  },
  {
    edit: "an address of the internet may reach the API endpoint",
    changes: () => withChanges(CLUSTER, { publicAccessCidrs: ["198.18.7.0/24"] }),
    update: ["aws:eks/cluster:Cluster platform-eksCluster"],
  },
];

const ROLES = ["first", "second"].map((name) => `arn:aws:iam::123456789012:role/ops/${name}`);
const entry = (name: string) => [
  `aws:eks/accessEntry:AccessEntry platform-123456789012-role/ops/${name}`,
  `aws:eks/accessPolicyAssociation:AccessPolicyAssociation platform-123456789012-role/ops/${name}-admin`,
];

describe("an edit changes exactly what it must:", () => {
  test.each(EDITS)(
    "$edit",
    async ({ changes, create = [], update = [], replace = [], remove = [] }) => {
      const recorder = await previewOf(changes());
      expect(recorder.violations()).toEqual([]);
      expect({
        create: recorder.resources("create"),
        update: recorder.resources("update"),
        replace: recorder.resources("replace"),
        remove: recorder.resources("delete"),
      }).toEqual({
        create: [...create].sort(),
        update: [...update].sort(),
        replace: [...replace].sort(),
        remove: [...remove].sort(),
      });
    },
  );
});

test("who administers the cluster is known by name: the first of two goes, and nothing else", async () => {
  await platform.configure(withChanges(CLUSTER, { administratorRoleArns: ROLES }));
  const made = new Recorder();
  await platform.stack.up({ ...platform.checked, onEvent: made.onEvent });
  expect(made.resources("create")).toEqual([...entry("first"), ...entry("second")].sort());
  const recorder = await previewOf(withChanges(CLUSTER, { administratorRoleArns: ROLES.slice(1) }));
  expect(recorder.resources("delete")).toEqual(entry("first"));
  expect(recorder.resources("create", "update", "replace")).toEqual([]);
});

test("destroying leaves nothing in the state", async () => {
  await platform.stack.destroy();
  const exported: { deployment: unknown } = await platform.stack.exportStack();
  expect((exported.deployment as { resources?: unknown[] }).resources ?? []).toEqual([]);
  await platform.stack.up(platform.checked);
});
