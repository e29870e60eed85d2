import type { Value } from "./values";

const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity, `500m` or `1Gi`, in its base unit: cores, bytes. @returns undefined for what is none */
export function quantity(value: Value): number | undefined {
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : undefined;
  }
  const match =
    typeof value === "string"
      ? /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(value)
      : null;
  if (match === null) {
    return undefined;
  }
  const [, number = "", exponent = "", suffix = ""] = match;
  return Number(number + exponent) * (SUFFIXES[suffix] ?? 1);
}
