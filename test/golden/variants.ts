/** A stack that differs from one of the repository's in a part of its configuration. */
export interface Variant {
  /** Name of the file. */
  readonly name: string;
  /** The stack that it is shown against. */
  readonly base: "local" | "dev" | "prod";
  /** Laid over the settings of the base key by key; an object with a `kind` replaces the one below it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/example";
const ADMINISTRATORS = "arn:aws:iam::123456789012:role/administrators";
const VIEWERS = "arn:aws:iam::123456789012:role/ci/viewers";
const QWEN = "qwen3-8b-fp8-neuron";

const service = (settings: Readonly<Record<string, unknown>>) => ({
  gateway: { service: settings },
});
const nodeGroup = (settings: Readonly<Record<string, unknown>>) => ({
  neuron: { nodeGroups: { serving: settings } },
});

/** A VPC that is there, with private subnets in zones by their letters. */
const existingNetwork = (zones: string, more: Readonly<Record<string, unknown>>) => ({
  cluster: {
    network: {
      kind: "existing",
      vpcId: "vpc-0a1b2c3d",
      zones: [...zones].map((zone) => `us-west-2${zone}`),
      privateSubnetIds: [...zones].map((zone) => `subnet-0${zone}`),
      ...more,
    },
  },
});

/** Every choice of the configuration that no stack of the repository makes, one at a time. */
export const VARIANTS: readonly Variant[] = [
  {
    name: "existing-cluster-kubeconfig",
    base: "local",
    settings: { cluster: { kubeconfig: "/etc/kubernetes/admin.conf" } },
  },
  {
    name: "existing-cluster-without-storage-and-device-plugin",
    base: "local",
    settings: {
      storage: { block: { create: false }, shared: { create: false } },
      neuron: { devicePlugin: { enabled: false } },
    },
  },
  {
    name: "network-existing",
    base: "dev",
    settings: existingNetwork("ab", { publicSubnetIds: ["subnet-0c", "subnet-0d"] }),
  },
  {
    name: "network-existing-with-managed-stores",
    base: "prod",
    settings: existingNetwork("abc", { cidr: "10.20.0.0/16" }),
  },
  {
    name: "network-existing-with-a-zone-more",
    base: "dev",
    settings: existingNetwork("abc", {
      publicSubnetIds: ["subnet-1a", "subnet-1b", "subnet-1c"],
    }),
  },
  {
    name: "zone-appended",
    base: "dev",
    settings: { cluster: { network: { zones: ["us-west-2a", "us-west-2b", "us-west-2c"] } } },
  },
  { name: "nat-per-zone", base: "dev", settings: { cluster: { network: { nat: "perZone" } } } },
  {
    name: "interface-endpoints",
    base: "dev",
    settings: { cluster: { network: { interfaceEndpoints: ["ecr.api", "ecr.dkr", "sts"] } } },
  },
  {
    name: "logs-left-to-aws",
    base: "prod",
    settings: { cluster: { logs: { create: false } } },
  },
  {
    name: "public-endpoint",
    base: "dev",
    settings: { cluster: { publicAccessCidrs: ["198.18.7.0/24"] } },
  },
  {
    name: "connected-networks",
    base: "dev",
    settings: { cluster: { network: { connectedCidrs: ["10.99.0.0/16"] } } },
  },
  {
    name: "network-existing-connected",
    base: "dev",
    settings: existingNetwork("ab", { connectedCidrs: ["10.99.0.0/16", "172.20.0.0/14"] }),
  },
  {
    name: "access",
    base: "dev",
    settings: { cluster: { administratorRoleArns: [ADMINISTRATORS], viewerRoleArns: [VIEWERS] } },
  },
  {
    name: "deletion-protection",
    base: "dev",
    settings: { cluster: { deletionProtection: true } },
  },
  {
    name: "deletion-protection-off",
    base: "prod",
    settings: { cluster: { deletionProtection: false } },
  },
  {
    name: "stores-in-cluster",
    base: "prod",
    settings: { gateway: { database: { kind: "inCluster" }, redis: { kind: "inCluster" } } },
  },
  {
    name: "stores-managed-without-standby",
    base: "prod",
    settings: { gateway: { database: { multiAz: false }, redis: { replicas: 0 } } },
  },
  {
    name: "database-managed",
    base: "dev",
    settings: { gateway: { database: { kind: "managed" } } },
  },
  {
    name: "database-certificate-checked",
    base: "prod",
    settings: {
      gateway: {
        database: {
          certificateAuthority:
            "-----BEGIN CERTIFICATE-----\nZXhhbXBsZQ==\n-----END CERTIFICATE-----\n",
        },
      },
    },
  },
  { name: "redis-managed", base: "dev", settings: { gateway: { redis: { kind: "managed" } } } },
  { name: "service-cluster-ip", base: "dev", settings: service({ type: "ClusterIP" }) },
  { name: "service-public", base: "dev", settings: service({ internal: false }) },
  {
    name: "service-tls",
    base: "dev",
    settings: service({ tls: { certificateArn: CERTIFICATE, hostName: "llm.example.com" } }),
  },
  {
    name: "service-source-ranges-and-annotations",
    base: "dev",
    settings: service({
      allowedSourceRanges: ["10.0.0.0/8", "fd00::/8"],
      annotations: { "example.com/owner": "platform" },
    }),
  },
  { name: "node-group-spot", base: "dev", settings: nodeGroup({ capacity: "spot" }) },
  {
    name: "node-group-reservation",
    base: "dev",
    settings: nodeGroup({ capacityReservationId: "cr-0a1b2c3d" }),
  },
  {
    name: "node-group-own-image",
    base: "dev",
    settings: nodeGroup({ amiId: "ami-0123456789abcdef0" }),
  },
  {
    name: "node-group-trainium",
    base: "dev",
    settings: {
      neuron: {
        image:
          "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04",
        nodeGroups: {
          serving: { instanceType: "trn2.3xlarge", amiRelease: "1.36.2-20260714" },
          compilation: { instanceType: "trn2.48xlarge", amiRelease: "1.36.2-20260714" },
        },
      },
      models: {
        [QWEN]: {
          shape: { tensorParallelSize: 4 },
          serving: { instanceType: "trn2.3xlarge" },
          compilation: { instanceType: "trn2.48xlarge" },
          price: { instanceHourUsd: 2 },
        },
      },
    },
  },
  { name: "node-group-zones", base: "dev", settings: nodeGroup({ zones: ["us-west-2b"] }) },
  {
    name: "device-plugin-off",
    base: "dev",
    settings: { neuron: { devicePlugin: { enabled: false } } },
  },
  {
    name: "storage-existing",
    base: "dev",
    settings: { storage: { block: { create: false }, shared: { create: false } } },
  },
  {
    name: "autoscaling-cpu-alone",
    base: "dev",
    settings: { gateway: { autoscaling: { memoryUtilization: null } } },
  },
  {
    name: "autoscaling-memory-alone",
    base: "dev",
    settings: {
      gateway: { autoscaling: { cpuUtilization: null } },
      models: { [QWEN]: { autoscaling: { cpuUtilization: null, memoryUtilization: 80 } } },
    },
  },
  {
    name: "autoscaling-never-down",
    base: "dev",
    settings: { gateway: { autoscaling: { scaleDown: { selectPolicy: "Disabled" } } } },
  },
  {
    name: "autoscaling-requests-off",
    base: "prod",
    settings: { autoscaling: { requests: "off" } },
  },
  {
    name: "autoscaling-schedule",
    base: "prod",
    settings: {
      models: {
        [QWEN]: {
          autoscaling: {
            requests: {
              schedule: [
                {
                  timezone: "Europe/Berlin",
                  start: "0 7 * * 1-5",
                  end: "0 19 * * 1-5",
                  replicas: 2,
                },
              ],
            },
          },
        },
      },
    },
  },
  { name: "node-group-headroom", base: "dev", settings: nodeGroup({ headroom: 1 }) },
  { name: "cache-off", base: "dev", settings: { gateway: { cache: { enabled: false } } } },
  {
    name: "routing",
    base: "prod",
    settings: {
      gateway: {
        routing: {
          strategy: "latency-based-routing",
          healthCheckIntervalSeconds: 10,
          failuresBeforeCooldown: 5,
          cooldownSeconds: 30,
          retries: 0,
          requestTimeoutSeconds: 300,
          admission: { queuePerPlace: 2, queueSeconds: 30 },
          fallbacks: { [QWEN]: ["llama-3-1-8b-int8-neuron"] },
        },
      },
    },
  },
  {
    name: "master-key-replaced",
    base: "dev",
    settings: { gateway: { masterKeyGeneration: 2 } },
  },
  {
    name: "namespaces",
    base: "dev",
    settings: { gateway: { namespace: "gateway" }, modelNamespace: "models" },
  },
  {
    name: "model-of-ones-own",
    base: "dev",
    settings: {
      models: {
        small: {
          repository: "example/small",
          revision: "0123456789abcdef0123456789abcdef01234567",
          architecture: { parametersBillions: 1, layers: 16, keyValueHeads: 8, headDimension: 64 },
          shape: {
            tensorParallelSize: 1,
            maxSequences: 4,
            maxModelLength: 2048,
            weightFormat: "bf16",
          },
          autoscaling: { minReplicas: 1, maxReplicas: 1 },
        },
      },
      neuron: { nodeGroups: { serving: { maxSize: 8 } } },
    },
  },
];
