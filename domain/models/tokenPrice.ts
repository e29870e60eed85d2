import { ON_DEMAND_USD_PER_HOUR } from "../neuron/instancePrices";
import { NEURON_INSTANCE_TYPES } from "../neuron/instanceTypes";
import type { Model } from "./model";

/** What a token of a model costs, US dollars: what the gateway counts as spend, and holds against budgets. */
export interface TokenPrice {
  /** A token of the prompt. */
  readonly inputUsd: number;
  /** A token of the answer. */
  readonly outputUsd: number;
}

/** What the price of a model's token follows from. */
export type PricedModel = Pick<Model, "price" | "shape"> & {
  readonly serving: Pick<Model["serving"], "instanceType" | "neuronDevices">;
};

/**
 * Share of an output token's price that an input token costs where none is written: an assumption. A prompt is read many tokens at a time, an
 * answer is written token by token; how much less of the device's time that takes on Inf2 nobody has measured.
 */
const INPUT_SHARE = 1 / 4;

const SECONDS_PER_HOUR = 3600;
const MILLION = 1_000_000;

/** Significant digits of a price: what binary fractions add to a decimal one lies behind them. */
const DIGITS = 12;

/** US dollars that one replica costs in an hour: its share of the instance by Neuron devices; undefined where no price is known. */
export function replicaHourUsd({ price, serving }: PricedModel): number | undefined {
  const instance = price.instanceHourUsd ?? ON_DEMAND_USD_PER_HOUR[serving.instanceType];
  return instance === undefined
    ? undefined
    : (instance * serving.neuronDevices) / NEURON_INSTANCE_TYPES[serving.instanceType].devices;
}

/** Tokens of answers that one replica gives in an hour, on average over the hours that it is paid for. */
export function replicaTokensPerHour({ price, shape }: PricedModel): number {
  return shape.maxSequences * price.tokensPerSecond * SECONDS_PER_HOUR * price.utilisation;
}

/**
 * What a model's tokens cost: as configured, or else what a replica costs in an hour over the tokens that it gives in one.
 *
 * @returns undefined where neither a price of the tokens nor one of the instance is known
 */
export function tokenPrice(model: PricedModel): TokenPrice | undefined {
  const { inputUsdPerMillionTokens, outputUsdPerMillionTokens } = model.price;
  const output = outputUsdPerMillionTokens ?? computedUsdPerMillion(model);
  const input =
    inputUsdPerMillionTokens ?? (output === undefined ? undefined : output * INPUT_SHARE);
  return output === undefined || input === undefined
    ? undefined
    : { inputUsd: rounded(input / MILLION), outputUsd: rounded(output / MILLION) };
}

function computedUsdPerMillion(model: PricedModel): number | undefined {
  const hour = replicaHourUsd(model);
  return hour === undefined ? undefined : (hour / replicaTokensPerHour(model)) * MILLION;
}

function rounded(usd: number): number {
  return Number(usd.toPrecision(DIGITS));
}
