import { describe, expect, test } from "vitest";
import { parsed, problemLines } from "../../support/config";

const QWEN = "qwen3-8b-fp8-neuron";
const NXD = "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:";
const SDK_2_28 = `${NXD}0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04`;
const SDK_2_31 = `${NXD}0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04`;

/** No list price of a Trn2 is known. */
const TRN2_PRICE = { instanceHourUsd: 2 };

interface Fleet {
  readonly type: string;
  readonly nodes: number;
  readonly image?: string;
  readonly group?: object;
  readonly serving?: object;
  readonly model?: object;
}

/** One model on one group that serves and compiles it. */
function fleet({ type, nodes, image = SDK_2_28, group, serving, model }: Fleet) {
  return {
    neuron: { image, nodeGroups: { only: { instanceType: type, maxSize: nodes, ...group } } },
    models: {
      [QWEN]: {
        autoscaling: { maxReplicas: nodes },
        compilation: { instanceType: type },
        ...model,
        serving: { instanceType: type, ...serving },
      },
    },
  };
}

const resources = (cpu: string, memory: string) => ({
  resources: { requests: { cpu, memory }, limits: { cpu, memory } },
});

describe("devices of a pod", () => {
  const large = { type: "inf2.24xlarge", nodes: 2 };

  test.each([1, 6])("%d of an inf2.24xlarge are connected", (neuronDevices) => {
    expect(problemLines(fleet({ ...large, serving: { neuronDevices } }))).toEqual([]);
  });

  test.each([2, 3, 5])("%d of an inf2.24xlarge may not be", (neuronDevices) => {
    expect(problemLines(fleet({ ...large, serving: { neuronDevices } }))).toEqual([
      expect.stringMatching(
        /serving\.neuronDevices = \d: needs connected devices, .*; write 1 or all 6 of inf2\.24xlarge/,
      ),
    ]);
  });

  test("of the Job count as those of a server, and their number ends with the instance", () => {
    const compilation = { instanceType: "inf2.24xlarge", neuronDevices: 4 };
    expect(problemLines(fleet({ ...large, model: { compilation } })).join("\n")).toMatch(
      /compilation\.neuronDevices = 4: needs connected devices/,
    );
    expect(problemLines(fleet({ ...large, serving: { neuronDevices: 7 } })).join("\n")).toMatch(
      /serving\.neuronDevices = 7: inf2\.24xlarge has 6; write 1 or 6/,
    );
  });
});

describe("replicas on nodes", () => {
  const replicas = (type: string, nodes: number, maxReplicas: number, serving: object) =>
    problemLines(fleet({ type, nodes, serving, model: { autoscaling: { maxReplicas } } }));

  test("3 replicas of 4 devices are not placed on 2 nodes of 6, though 12 are enough in sum", () => {
    expect(replicas("inf2.24xlarge", 2, 3, { neuronDevices: 4 }).join("\n")).toMatch(
      /maxReplicas = 3: 3 replicas cannot be placed on 2 nodes of inf2\.24xlarge, a replica on one node alone: each has 6 devices/,
    );
  });

  test("CPU counts per node", () => {
    // 95450m are free on a node: two replicas of 40 cores, though 190 cores hold four in sum.
    const serving = resources("40", "12Gi");
    expect(replicas("inf2.24xlarge", 2, 4, serving)).toEqual([]);
    const wide = resources("48", "12Gi");
    expect(replicas("inf2.24xlarge", 2, 2, wide)).toEqual([]);
    expect(replicas("inf2.24xlarge", 2, 3, wide)).toEqual([
      expect.stringMatching(
        /maxReplicas = 3: 3 replicas cannot be placed on 2 nodes .* 95450m CPU .*; lower maxReplicas or raise maxSize of a node group of inf2\.24xlarge, 3 nodes hold all/,
      ),
    ]);
  });

  test("memory counts per node, beside what the kubelet and the pods of every node take", () => {
    expect(replicas("inf2.24xlarge", 1, 2, resources("4", "173Gi"))).toEqual([]);
    expect(replicas("inf2.24xlarge", 1, 2, resources("4", "174Gi"))).toEqual([
      expect.stringMatching(/2 replicas cannot be placed on 1 nodes of inf2\.24xlarge/),
    ]);
  });

  test("groups of one instance type count together", () => {
    const group = { instanceType: "inf2.xlarge", maxSize: 1 };
    const compilation = { instanceType: "inf2.8xlarge", maxSize: 1 };
    const models = (maxReplicas: number) => ({ [QWEN]: { autoscaling: { maxReplicas } } });
    const neuron = { nodeGroups: { a: group, b: group, compilation } };
    expect(problemLines({ neuron, models: models(2) })).toEqual([]);
    expect(problemLines({ neuron, models: models(3) })).toEqual([
      expect.stringMatching(/may ask for 3 Neuron devices, its node groups have 2; .*3 nodes hold/),
    ]);
  });
});

describe("an instance family", () => {
  const wide = { shape: { tensorParallelSize: 32 } };

  test("Trn1 serves with the SDK that Inf2 has, and with no newer one", () => {
    const trn1 = { type: "trn1.32xlarge", nodes: 1, serving: { neuronDevices: 16 } };
    const compilation = { instanceType: "trn1.32xlarge", neuronDevices: 16 };
    expect(problemLines(fleet({ ...trn1, model: { ...wide, compilation } }))).toEqual([]);
    expect(problemLines(fleet({ ...trn1, image: SDK_2_31, model: { compilation } }))).toEqual([
      expect.stringMatching(
        /neuron\.image = .*: carries Neuron SDK 2\.31, which no longer runs on Trn1; use an image of SDK 2\.28/,
      ),
    ]);
  });

  test("Trn1 spreads over other numbers of cores than Inf2", () => {
    const type = { type: "trn1.32xlarge", nodes: 1, serving: { neuronDevices: 16 } };
    const compilation = { instanceType: "trn1.32xlarge", neuronDevices: 16 };
    const shape = { tensorParallelSize: 24 };
    expect(problemLines(fleet({ ...type, model: { shape, compilation } }))).toEqual([
      expect.stringMatching(/tensorParallelSize = 24: is none of Trn1's; write 1, 2, 8, 16, 32/),
    ]);
  });

  test("Trn2 serves with SDK 2.31 and the node image that Inf2 cannot have", () => {
    const group = { amiRelease: "1.36.2-20260714" };
    const trn2 = { type: "trn2.3xlarge", nodes: 2, group };
    const compilation = { instanceType: "trn2.3xlarge", ...resources("8", "96Gi") };
    const model = { shape: { tensorParallelSize: 4 }, compilation, price: TRN2_PRICE };
    expect(problemLines(fleet({ ...trn2, image: SDK_2_31, model }))).toEqual([]);
    expect(
      problemLines(fleet({ ...trn2, image: SDK_2_31, model: { ...model, price: {} } })),
    ).toEqual([
      expect.stringMatching(
        /qwen3-8b-fp8-neuron\.price\.instanceHourUsd: is missing; no list price of trn2\.3xlarge is known: write .*, or price\.outputUsdPerMillionTokens/,
      ),
    ]);
    expect(problemLines(fleet({ ...trn2, image: SDK_2_28, model })).join("\n")).toMatch(
      /nodeGroups\.only\.amiRelease = "1\.36\.2-20260714": brings driver 2\.29\.0, which refuses the runtime 2\.30\.51/,
    );
    expect(
      problemLines(fleet({ ...trn2, type: "inf2.xlarge", image: SDK_2_31 })).join("\n"),
    ).toMatch(/carries Neuron SDK 2\.31, which no longer runs on Inf2/);
  });

  test("a fleet of two has one image: what either does not take is told", () => {
    const nodeGroups = {
      serving: { instanceType: "inf2.xlarge", maxSize: 4 },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
      next: { instanceType: "trn2.48xlarge", maxSize: 1 },
    };
    expect(problemLines({ neuron: { nodeGroups } })).toEqual([]);
    expect(problemLines({ neuron: { nodeGroups, image: SDK_2_31 } })).toEqual([
      expect.stringMatching(/neuron\.image = .*no longer runs on Inf2/),
    ]);
  });

  test("node images follow the vLLM image: the first whose driver starts its runtime", () => {
    const cluster = { kind: "existing", context: "c", kubernetesVersion: "1.35" };
    const image = (settings: ReturnType<typeof fleet>) =>
      parsed({ ...settings, cluster }).neuron.nodeGroups.only?.amiRelease;
    const trn2 = { type: "trn2.48xlarge", nodes: 1, model: { price: TRN2_PRICE } };
    expect(image(fleet({ ...trn2, image: SDK_2_28 }))).toBe("1.35.2-20260403");
    expect(image(fleet({ ...trn2, image: SDK_2_31 }))).toBe("1.35.4-20260505");
  });

  test("an artifact is compiled by the family that serves it, by default where it serves", () => {
    const compilation = { instanceType: "inf2.8xlarge" };
    const nodeGroups = {
      serving: { instanceType: "trn1.2xlarge", maxSize: 1 },
      compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
    };
    const serving = { instanceType: "trn1.2xlarge" };
    const model = { autoscaling: { maxReplicas: 1 }, serving };
    expect(
      problemLines({ neuron: { nodeGroups }, models: { [QWEN]: { ...model, compilation } } }),
    ).toEqual([
      expect.stringMatching(
        /compilation\.instanceType = "inf2\.8xlarge": compiles for Inf2, and trn1\.2xlarge serves; write an instance type of Trn1/,
      ),
    ]);
    const fits = { ...resources("6", "26Gi") };
    const settings = parsed({
      neuron: { nodeGroups },
      models: { [QWEN]: { ...model, compilation: fits } },
    });
    expect(settings.models[QWEN]?.compilation.instanceType).toBe("trn1.2xlarge");
  });

  test("the Job starts the engine once, and needs the cores that it spreads over", () => {
    const trn1 = { type: "trn1.32xlarge", nodes: 1, serving: { neuronDevices: 16 } };
    const compilation = { instanceType: "trn1.32xlarge", neuronDevices: 1 };
    expect(problemLines(fleet({ ...trn1, model: { ...wide, compilation } }))).toEqual([
      expect.stringMatching(
        /compilation\.neuronDevices = 1: has 2 NeuronCores for a graph over 32; write 16/,
      ),
    ]);
  });
});

describe("an image of one's own", () => {
  const group = (settings: object) =>
    problemLines(fleet({ type: "inf2.8xlarge", nodes: 1, group: settings }));

  test("is named by its id, without a release", () => {
    expect(group({ amiId: "ami-0123456789abcdef0" })).toEqual([]);
    expect(
      parsed(fleet({ type: "inf2.8xlarge", nodes: 1, group: { amiId: "ami-0123456789abcdef0" } }))
        .neuron.nodeGroups.only,
    ).not.toHaveProperty("amiRelease");
  });

  test.each(["ami-123", "ami-0123456789ABCDEF0", "0123456789abcdef0", "ami-0123456789abcdef01"])(
    "is not %s",
    (amiId) => {
      expect(group({ amiId })).toEqual([
        expect.stringMatching(/amiId = .*: is no image id; write ami- and 17 hex digits/),
      ]);
    },
  );

  test("contradicts a release", () => {
    expect(group({ amiId: "ami-0123456789abcdef0", amiRelease: "1.36.2-20260625" })).toEqual([
      expect.stringMatching(
        /amiRelease = "1\.36\.2-20260625": is a release of EKS's image, and amiId ami-0123456789abcdef0 an image of your own; leave one of them out/,
      ),
    ]);
  });
});
