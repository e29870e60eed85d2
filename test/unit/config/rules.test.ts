import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";

const LLAMA = "llama-3-1-8b-int8-neuron";

interface Case {
  readonly rule: string;
  readonly caught: Readonly<Record<string, unknown>>;
  readonly message: RegExp;
  /** The nearest configuration that must pass. */
  readonly fine: Readonly<Record<string, unknown>>;
}

const model = (changes: Readonly<Record<string, unknown>>) => ({ models: { [LLAMA]: changes } });
const nodeGroup = (changes: Readonly<Record<string, unknown>>) => ({
  neuron: {
    nodeGroups: {
      serving: { instanceType: "inf2.xlarge", maxSize: 4, ...changes },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
    },
  },
});

const redisMemory = (memory: string) => ({
  gateway: {
    redis: { kind: "inCluster", resources: { requests: { memory }, limits: { memory } } },
  },
});
const gatewayPod = (podOverrides: unknown, containerOverrides: unknown = {}) => ({
  gateway: { podOverrides, containerOverrides },
});
const volume = (name: string) => ({ volumes: [{ name, emptyDir: {} }] });
const mount = (mountPath: string) => ({ volumeMounts: [{ name: "cache", mountPath }] });

const redisContainer = (containerOverrides: unknown) => ({
  gateway: { redis: { kind: "inCluster", containerOverrides } },
});

/** What a stack may add to pods, and what it may not take from the platform. */
const OVERRIDES: readonly Case[] = [
  {
    rule: "labels that select pods stay",
    caught: gatewayPod({ labels: { "app.kubernetes.io/name": "other" } }),
    message:
      /gateway\.podOverrides\.labels = "app\.kubernetes\.io\/name": selects the pods; use another label/,
    fine: gatewayPod({ labels: { team: "a" } }),
  },
  {
    rule: "annotations that roll pods stay",
    caught: gatewayPod({ annotations: { "llm-gateway/routing-config": "x" } }),
    message: /gateway\.podOverrides\.annotations = .*: rolls the pods/,
    fine: gatewayPod({ annotations: { "example.com/team": "a" } }),
  },
  {
    rule: "volumes of the platform stay",
    caught: gatewayPod(volume("routing")),
    message: /gateway\.podOverrides\.volumes = "routing": is a volume of the platform/,
    fine: gatewayPod(volume("cache")),
  },
  {
    rule: "mounts of the platform stay",
    caught: gatewayPod(volume("cache"), mount("/tmp//")),
    message: /gateway\.containerOverrides\.volumeMounts = "\/tmp\/\/": is a folder of the platform/,
    fine: gatewayPod(volume("cache"), mount("/cache")),
  },
  {
    rule: "a store's password stays",
    caught: redisContainer({ env: [{ name: "REDIS_PASSWORD", value: "x" }] }),
    message: /gateway\.redis\.containerOverrides\.env = "REDIS_PASSWORD": follows from other/,
    fine: redisContainer({ env: [{ name: "TZ", value: "UTC" }] }),
  },
  {
    rule: "environment that follows from settings stays",
    caught: gatewayPod({}, { env: [{ name: "DATABASE_URL", value: "x" }] }),
    message: /gateway\.containerOverrides\.env = "DATABASE_URL": follows from other settings/,
    fine: gatewayPod({}, { env: [{ name: "LITELLM_LOG", value: "DEBUG" }] }),
  },
  {
    rule: "arguments that follow from settings stay",
    caught: model({ serving: { containerOverrides: { args: ["--max-model-len=9"] } } }),
    message: /serving\.containerOverrides\.args = "--max-model-len=9": follows from other settings/,
    fine: model({ serving: { containerOverrides: { args: ["--uvicorn-log-level=debug"] } } }),
  },
  {
    rule: "the container of the artifact Job takes no arguments",
    caught: model({ compilation: { containerOverrides: { args: ["--x"] } } }),
    message: /compilation\.containerOverrides\.args: is not a known key/,
    fine: model({ compilation: { podOverrides: { nodeSelector: { pool: "big" } } } }),
  },
];

const CASES: readonly Case[] = [
  {
    rule: "bounds are in order",
    caught: { gateway: { autoscaling: { minReplicas: 11 } } },
    message:
      /gateway\.autoscaling\.minReplicas = 11: is more than maxReplicas 10; write a value up to 10/,
    fine: { gateway: { autoscaling: { minReplicas: 10 } } },
  },
  {
    rule: "an autoscaler has a metric",
    caught: { gateway: { autoscaling: { cpuUtilization: null, memoryUtilization: null } } },
    message: /gateway\.autoscaling: has no metric/,
    fine: { gateway: { autoscaling: { cpuUtilization: null } } },
  },
  {
    rule: "a resource is measured once",
    caught: {
      gateway: {
        autoscaling: { metrics: [{ kind: "resource", resource: "cpu", averageValue: "2" }] },
      },
    },
    message:
      /gateway\.autoscaling\.metrics\.0\.resource = "cpu": is measured by cpuUtilization already; .* or set cpuUtilization: null/,
    fine: {
      gateway: {
        autoscaling: {
          cpuUtilization: null,
          metrics: [{ kind: "resource", resource: "cpu", averageValue: "2" }],
        },
      },
    },
  },
  {
    rule: "a metric has exactly one target",
    caught: {
      gateway: {
        autoscaling: {
          metrics: [{ kind: "external", metric: "queue", averageValue: "3", value: "9" }],
        },
      },
    },
    message: /gateway\.autoscaling\.metrics\.0 = .*: needs exactly one of averageValue and value/,
    fine: {
      gateway: {
        autoscaling: {
          cpuUtilization: null,
          memoryUtilization: null,
          metrics: [{ kind: "external", metric: "queue", averageValue: "3" }],
        },
      },
    },
  },
  ...OVERRIDES,
  {
    rule: "requests stay within limits",
    caught: { gateway: { resources: { requests: { memory: "5Gi" } } } },
    message: /requests\.memory = "5Gi": is more than the limit 4Gi/,
    fine: { gateway: { resources: { requests: { memory: "4Gi" } } } },
  },
  {
    rule: "replicas fit the node groups",
    caught: model({ autoscaling: { maxReplicas: 5 } }),
    message:
      /maxReplicas = 5: the models on inf2\.xlarge may ask for 5 Neuron devices, its node groups have 4/,
    fine: model({ autoscaling: { maxReplicas: 4 } }),
  },
  {
    rule: "a placement has a node group",
    caught: model({ serving: { instanceType: "inf2.24xlarge" } }),
    message:
      /serving\.instanceType = "inf2\.24xlarge": no node group has it; add one .* or use inf2\.xlarge, inf2\.8xlarge/,
    fine: model({ serving: { instanceType: "inf2.xlarge" } }),
  },
  {
    rule: "the model image's SDK runs on Inf2",
    caught: {
      neuron: { image: "public.ecr.aws/neuron/x:0.16.0-neuronx-py312-sdk2.30.0-ubuntu24.04" },
    },
    message:
      /neuron\.image = .*: carries Neuron SDK 2\.30, which no longer runs on Inf2; use an image of SDK 2\.28/,
    fine: {
      neuron: { image: "public.ecr.aws/neuron/x:0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04" },
    },
  },
  {
    rule: "the node image's driver accepts the model image's runtime",
    caught: nodeGroup({ amiRelease: "1.36.2-20260714" }),
    message:
      /serving\.amiRelease = "1\.36\.2-20260714": brings driver 2\.29\.0, which refuses the runtime 2\.30\.51 .*; use 1\.36\.2-20260625/,
    fine: nodeGroup({ amiRelease: "1.36.2-20260625" }),
  },
  {
    rule: "the node image is one of the cluster's Kubernetes version",
    caught: nodeGroup({ amiRelease: "1.34.4-20260403" }),
    message:
      /amiRelease = "1\.34\.4-20260403": is not a known Neuron node image for Kubernetes 1\.36; use 1\.36\.2-20260625/,
    fine: { cluster: { kind: "existing", context: "c", kubernetesVersion: "1.34" } },
  },
  {
    rule: "a shape fits device memory",
    caught: model({ shape: { maxSequences: 32 } }),
    message: /shape = "32 sequences of 8192 tokens in int8": needs 19\.7 GiB per NeuronCore/,
    fine: model({ shape: { maxSequences: 8 } }),
  },
  {
    rule: "weights fit host memory",
    caught: model({ shape: { weightFormat: "bf16" } }),
    message:
      /serving\.resources\.limits\.memory = "12Gi": loading the weights needs about 17\.0 GiB/,
    fine: model({
      shape: { weightFormat: "bf16" },
      serving: {
        instanceType: "inf2.8xlarge",
        resources: { requests: { memory: "32Gi" }, limits: { memory: "32Gi" } },
      },
      autoscaling: { maxReplicas: 1 },
    }),
  },
  {
    rule: "requests fit the instance type",
    caught: model({ serving: { resources: { requests: { cpu: "4" }, limits: { cpu: "4" } } } }),
    message:
      /serving\.resources\.requests\.cpu = "4": inf2\.xlarge offers 3680m beside what runs on every node/,
    fine: model({ serving: { resources: { requests: { cpu: "3680m" }, limits: { cpu: "4" } } } }),
  },
  {
    rule: "tensor parallelism has the cores",
    caught: model({ shape: { tensorParallelSize: 4 } }),
    message: /tensorParallelSize = 4: needs 4 NeuronCores, 1 device\(s\) of inf2\.xlarge have 2/,
    fine: model({ shape: { tensorParallelSize: 2 } }),
  },
  {
    rule: "fallbacks name served models",
    caught: { gateway: { routing: { fallbacks: { [LLAMA]: ["qwen3-8b-fp8-nuron"] } } } },
    message:
      /fallbacks\.llama-3-1-8b-int8-neuron = "qwen3-8b-fp8-nuron": is not a served model; did you mean "qwen3-8b-fp8-neuron"\?/,
    fine: {
      gateway: {
        routing: {
          fallbacks: { [LLAMA]: ["qwen3-8b-fp8-neuron"], "qwen3-8b-fp8-neuron": [LLAMA] },
        },
      },
    },
  },
  {
    rule: "no model falls back to itself",
    caught: { gateway: { routing: { fallbacks: { [LLAMA]: [LLAMA] } } } },
    message: /falls back to itself/,
    fine: { gateway: { routing: { fallbacks: {} } } },
  },
  {
    rule: "a created EFS class knows its file system",
    caught: { storage: { shared: {} } },
    message: /fileSystemId: is missing/,
    fine: { storage: { shared: { create: false, name: "efs" } } },
  },
  {
    rule: "gateway and models live in different namespaces",
    caught: { modelNamespace: "litellm" },
    message: /modelNamespace = "litellm": is also the gateway's namespace/,
    fine: { modelNamespace: "models" },
  },
  {
    rule: "source ranges need a load balancer",
    caught: { gateway: { service: { type: "ClusterIP", allowedSourceRanges: ["10.0.0.0/8"] } } },
    message: /allowedSourceRanges = \["10\.0\.0\.0\/8"\]: has no effect on a ClusterIP Service/,
    fine: { gateway: { service: { allowedSourceRanges: ["10.0.0.0/8"] } } },
  },
  {
    rule: "an in-cluster Redis has room beside its data",
    caught: redisMemory("63Mi"),
    message:
      /gateway\.redis\.resources\.limits\.memory = "63Mi": is too small: .*; write 64Mi or more/,
    fine: redisMemory("64Mi"),
  },
  {
    rule: "a gated repository comes with a token",
    caught: { huggingFaceToken: undefined, ...model({}) },
    message:
      /huggingFaceToken: is missing; llama-3-1-8b-int8-neuron downloads from a gated repository/,
    fine: { huggingFaceToken: "hf_x", ...model({}) },
  },
];

describe("cross-field rule", () => {
  test.each(CASES)("$rule: catches the mistake", ({ caught, message }) => {
    expect(problemLines(caught).join("\n")).toMatch(message);
  });

  test.each(CASES)("$rule: lets the nearest right one pass", ({ fine }) => {
    expect(problemLines(fine)).toEqual([]);
  });
});
