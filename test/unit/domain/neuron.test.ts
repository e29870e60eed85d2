import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { incompatibilities } from "../../../domain/neuron/compatibility";
import { isQuantity, parseCpuMillis, parseMemoryGiB } from "../../../domain/quantity";
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
    expect(incompatibilities(good)).toEqual([]);
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
    const found = incompatibilities({ ...pins, ...change });
    expect(found.map((problem) => problem.pin)).toEqual([pin]);
    expect(found[0]?.reason).toMatch(/use /);
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
