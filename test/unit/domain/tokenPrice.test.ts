import { describe, expect, test } from "vitest";
import { tokenPrice, type PricedModel } from "../../../domain/models/tokenPrice";
import { problemLines } from "../../support/config";
import { LLAMA, testModel } from "../../support/models";

const LLAMA_MODEL = testModel(LLAMA);

const priced = (
  price: Partial<PricedModel["price"]> = {},
  serving: Partial<PricedModel["serving"]> = {},
  shape: Partial<PricedModel["shape"]> = {},
) =>
  tokenPrice({
    price: { ...LLAMA_MODEL.price, ...price },
    serving: { ...LLAMA_MODEL.serving, ...serving },
    shape: { ...LLAMA_MODEL.shape, ...shape },
  });

describe("the price of a token", () => {
  test("is an hour of the replica over its tokens in an hour; an input token is a quarter", () => {
    // 0.7582 USD/h over 4 sequences x 20 tokens/s x 3600 s x 0.5 = 144 000 tokens/h.
    expect(priced()).toEqual({ inputUsd: 0.00000131631944444, outputUsd: 0.00000526527777778 });
  });

  test("falls with what the replica gives, and with how busy it is", () => {
    const { outputUsd = 0 } = priced() ?? {};
    for (const cheaper of [
      priced({}, {}, { maxSequences: 8 }),
      priced({ tokensPerSecond: 40 }),
      priced({ utilisation: 1 }),
    ]) {
      expect(cheaper?.outputUsd).toBeCloseTo(outputUsd / 2, 16);
    }
  });

  test("counts the share of the instance that the replica takes", () => {
    const one = priced({}, { instanceType: "inf2.48xlarge", neuronDevices: 1 });
    const all = priced({}, { instanceType: "inf2.48xlarge", neuronDevices: 12 });
    expect(one?.outputUsd).toBeCloseTo(12.98127 / 12 / 144_000, 15);
    expect(all?.outputUsd).toBeCloseTo(12.98127 / 144_000, 15);
  });

  test("follows the price of the instance that the stack writes", () => {
    expect(priced({ instanceHourUsd: 0.144 })).toEqual({ inputUsd: 2.5e-7, outputUsd: 0.000001 });
  });

  test("is the stack's own where it has one, each for itself", () => {
    expect(priced({ inputUsdPerMillionTokens: 0.15, outputUsdPerMillionTokens: 0.6 })).toEqual({
      inputUsd: 1.5e-7,
      outputUsd: 6e-7,
    });
    expect(priced({ outputUsdPerMillionTokens: 8 })).toEqual({
      inputUsd: 0.000002,
      outputUsd: 0.000008,
    });
    expect(priced({ inputUsdPerMillionTokens: 0 })).toEqual({
      inputUsd: 0,
      outputUsd: 0.00000526527777778,
    });
  });

  test("of an instance without a list price is unknown until one of both is written", () => {
    const trn2 = { instanceType: "trn2.3xlarge" as const };
    expect(priced({}, trn2)).toBeUndefined();
    expect(priced({ inputUsdPerMillionTokens: 1 }, trn2)).toBeUndefined();
    expect(priced({ outputUsdPerMillionTokens: 1 }, trn2)).toEqual({
      inputUsd: 2.5e-7,
      outputUsd: 0.000001,
    });
    expect(priced({ instanceHourUsd: 2.88 }, trn2)?.outputUsd).toBe(0.00002);
  });
});

test.each([
  ["utilisation", 1.1],
  ["utilisation", 0],
  ["tokensPerSecond", 0],
  ["instanceHourUsd", 0],
  ["inputUsdPerMillionTokens", -1],
])("a price's %s cannot be %d", (key, value) => {
  const lines = problemLines({ models: { [LLAMA]: { price: { [key]: value } } } });
  expect(lines).toEqual([expect.stringContaining(`${LLAMA}.price.${key} = ${value}`)]);
});
