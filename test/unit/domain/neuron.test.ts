import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { incompatibilities } from "../../../domain/neuron/compatibility";
import { isQuantity, parseCpuMillis, parseMemoryGiB } from "../../../domain/quantity";
import { NEURON_INSTANCE_TYPES } from "../../../domain/neuron/instanceTypes";
import { memoryNeed, misfits } from "../../../domain/models/memoryFit";
import { LLAMA, QWEN, testModel } from "../../support/models";

const IMAGE =
  "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04";
const pins = { image: IMAGE, amiRelease: "1.34.4-20260403", kubernetesVersion: "1.34" };

describe("Neuron pins", () => {
  test.each([
    [pins],
    [{ ...pins, amiRelease: "1.33.8-20260403", kubernetesVersion: "1.33" }],
    [{ ...pins, amiRelease: "1.35.4-20260505", kubernetesVersion: "1.35" }],
  ])("%j work together", (good) => {
    expect(incompatibilities(good, "inf2")).toEqual([]);
  });

  test.each([
    ["an SDK without Inf2", { image: IMAGE.replace("2.28.0", "2.31.1") }, "image"],
    ["an image without an SDK", { image: "vllm/vllm-openai:v0.13.0" }, "image"],
    ["an SDK that nobody looked up", { image: IMAGE.replace("2.28.0", "2.27.0") }, "image"],
    ["a driver that refuses the runtime", { amiRelease: "1.34.9-20260714" }, "amiRelease"],
    ["another Kubernetes version", { kubernetesVersion: "1.33" }, "amiRelease"],
    ["a patch version that was not published", { amiRelease: "1.34.5-20260403" }, "amiRelease"],
    ["an unknown date", { amiRelease: "1.34.4-20270101" }, "amiRelease"],
    ["a Kubernetes version without images", { kubernetesVersion: "1.20" }, "amiRelease"],
  ])("with %s do not", (_why, change, pin) => {
    const found = incompatibilities({ ...pins, ...change }, "inf2");
    expect(found.map((problem) => problem.pin)).toEqual([pin]);
    expect(found[0]?.reason).toMatch(/use /);
  });
});

describe("Neuron pins of another family", () => {
  const nxd = (sdk: string) => IMAGE.replace("0.13.0-", "0.16.0-").replace("2.28.0", sdk);
  const VLLM_NEURON =
    "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.21.0.1.0.0-neuronx-py313-sdk2.31.1-ubuntu24.04";
  const latest = { amiRelease: "1.36.2-20260714", kubernetesVersion: "1.36" };

  test("Trn1 goes with the pins of Inf2, and like it no further", () => {
    expect(incompatibilities(pins, "trn1")).toEqual([]);
    expect(incompatibilities({ ...pins, image: nxd("2.31.1") }, "trn1")).toEqual([
      {
        pin: "image",
        reason: "carries Neuron SDK 2.31, which no longer runs on Trn1; use an image of SDK 2.28",
      },
    ]);
  });

  test("Trn2 goes on to SDK 2.31 and to the driver that refuses older runtimes", () => {
    expect(incompatibilities(pins, "trn2")).toEqual([]);
    expect(incompatibilities({ ...latest, image: nxd("2.31.1") }, "trn2")).toEqual([]);
    expect(incompatibilities({ ...latest, image: IMAGE }, "trn2")).toEqual([
      {
        pin: "amiRelease",
        reason: expect.stringContaining("refuses the runtime 2.30.51") as string,
      },
    ]);
  });

  test.each(["2.30.0", "2.31.1"])("SDK %s wants a newer driver than Inf2's oldest", (sdk) => {
    const old = { amiRelease: "1.35.2-20260403", kubernetesVersion: "1.35", image: nxd(sdk) };
    const [found] = incompatibilities(old, "trn2");
    expect(found?.pin).toBe("amiRelease");
    expect(found?.reason).toMatch(
      /driver 2\.26\.10, which is too old for .*; use 1\.35\.4-20260505/,
    );
  });

  test.each([
    VLLM_NEURON,
    VLLM_NEURON.replace("0.21.0.1.0.0", "0.24.0.1.1.0").replace("2.31.1", "2.32.0"),
  ])("%s has the other plugin, which takes none of our settings", (image) => {
    const found = incompatibilities({ ...latest, image }, "trn2");
    expect(found.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /without the NxD Inference .*; use an image of vLLM 0\.16 and SDK 2\.31/,
      ),
    ]);
  });

  test("nothing is asked of the release where the image is one's own", () => {
    expect(incompatibilities({ ...pins, amiRelease: undefined }, "inf2")).toEqual([]);
  });
});

describe("an instance type", () => {
  // Karpenter's reference, website/content/en/preview/reference/instance-types.md at 1d92708.
  test.each([
    ["inf2.xlarge", 3920, 14162],
    ["inf2.8xlarge", 31850, 118312],
    ["inf2.24xlarge", 95690, 355262],
    ["inf2.48xlarge", 191450, 718987],
    ["trn1.2xlarge", 7910, 29317],
    ["trn1.32xlarge", 127610, 481894],
    ["trn1n.32xlarge", 127610, 481894],
    ["trn2.48xlarge", 191450, 1938410],
  ] as const)("%s offers what Karpenter says", (name, cpu, memory) => {
    const { allocatableCpuMillis, allocatableMemoryMiB } = NEURON_INSTANCE_TYPES[name];
    expect([allocatableCpuMillis, allocatableMemoryMiB]).toEqual([cpu, memory]);
  });

  test.each([
    ["inf2.48xlarge", "inf2", 12, 24, 16],
    ["trn1.32xlarge", "trn1", 16, 32, 16],
    ["trn2.3xlarge", "trn2", 1, 4, 24],
    ["trn2.48xlarge", "trn2", 16, 64, 24],
  ] as const)("%s has its family's devices", (name, family, devices, cores, memoryPerCoreGiB) => {
    expect(NEURON_INSTANCE_TYPES[name]).toMatchObject({
      family,
      devices,
      cores,
      memoryPerCoreGiB,
    });
  });

  test("has less left beside the pods of every node", () => {
    const { allocatableCpuMillis, freeCpuMillis, allocatableMemoryMiB, freeMemoryMiB } =
      NEURON_INSTANCE_TYPES["inf2.xlarge"];
    expect([allocatableCpuMillis - freeCpuMillis, allocatableMemoryMiB - freeMemoryMiB]).toEqual([
      240, 214,
    ]);
  });
});

describe("the memory of a replica", () => {
  test("is what the architecture says, per core", () => {
    const llama = testModel(LLAMA);
    const need = memoryNeed(llama.architecture, llama.shape);
    // 8.03e9 one-byte weights over 2 cores; 2 x 32 layers x 8 heads x 128 x 2 bytes a token, 4 x 8192 tokens.
    expect(need.weightsPerCoreGiB).toBeCloseTo(3.74, 2);
    expect(need.cachePerCoreGiB).toBeCloseTo(2.0, 2);
  });

  test("holds a whole head on every core, with more cores than heads too", () => {
    const { architecture, shape } = testModel(LLAMA);
    const cache = (tensorParallelSize: number) =>
      memoryNeed(architecture, { ...shape, tensorParallelSize }).cachePerCoreGiB;
    expect(architecture.keyValueHeads).toBe(8);
    expect([cache(8), cache(24), cache(32)]).toEqual([0.5, 0.5, 0.5]);
  });

  test("grows with every dimension of the shape", () => {
    const { architecture, shape } = testModel(QWEN);
    const total = (maxSequences: number, maxModelLength: number) => {
      const need = memoryNeed(architecture, { ...shape, maxSequences, maxModelLength });
      return need.weightsPerCoreGiB + need.cachePerCoreGiB;
    };
    const size = fc.integer({ min: 1, max: 4096 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 64 }), (sequences, length, more) => {
        expect(total(sequences + more, length)).toBeGreaterThan(total(sequences, length));
        expect(total(sequences, length + more)).toBeGreaterThan(total(sequences, length));
      }),
    );
  });

  test("fits for both models of the catalogue, and not for what is far too large", () => {
    expect(misfits(testModel(LLAMA))).toEqual([]);
    expect(misfits(testModel(QWEN))).toEqual([]);
    const large = testModel(QWEN);
    expect(
      misfits({ ...large, architecture: { ...large.architecture, parametersBillions: 70 } }).map(
        ({ path }) => path.join("."),
      ),
    ).toEqual(["shape", "serving.resources.limits.memory", "compilation.resources.limits.memory"]);
  });
});

describe("a quantity", () => {
  test.each([
    ["500m", 500],
    ["2", 2000],
    ["3.5", 3500],
  ])("%s is %d millicores", (text, millis) => {
    expect(parseCpuMillis(text)).toBeCloseTo(millis);
  });

  test.each([
    ["1Gi", 1],
    ["512Mi", 0.5],
    ["1073741824", 1],
  ])("%s is %d GiB", (text, gib) => {
    expect(parseMemoryGiB(text)).toBeCloseTo(gib);
  });

  test.each(["", "1 Gi", "Gi", "-1", "1gi", "1e3"])("%j is none", (text) => {
    expect(isQuantity(text)).toBe(false);
    expect(() => parseCpuMillis(text)).toThrow(RangeError);
  });
});
