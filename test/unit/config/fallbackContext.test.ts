import { expect, test } from "vitest";
import { contextWarnings } from "../../../config/rules/gateway";
import { parsed, parsedGateway } from "../../support/config";
import { LLAMA, QWEN } from "../../support/models";

const warnings = (maxModelLength: number) =>
  contextWarnings(
    parsed({ models: { [LLAMA]: {}, [QWEN]: { shape: { maxModelLength } } } }).models,
    {
      [LLAMA]: [QWEN],
      [QWEN]: [LLAMA],
    },
  );

test("the default fallbacks have half of the context, which is no warning", () => {
  const { routing } = parsedGateway();
  expect(routing.fallbacks).toEqual({ [LLAMA]: [QWEN] });
  expect(contextWarnings(parsed().models, routing.fallbacks)).toEqual([]);
});

test("a fallback with less than a quarter of the context is warned of", () => {
  expect(warnings(2048)).toEqual([]);
  expect(warnings(2047)).toEqual([
    expect.stringMatching(
      /fallbacks\.llama.*: qwen3.* has a context of 2047 tokens, less than a quarter of the 8192 of llama.*; longer prompts get a 503/,
    ),
  ]);
});
