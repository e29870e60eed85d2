const QUANTITY = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Whether `text` is a Kubernetes quantity in the notations that configuration uses (no exponents). */
export function isQuantity(text: string): boolean {
  return QUANTITY.test(text);
}

/** The value of a Kubernetes quantity in its base unit (cores, bytes). @throws RangeError when it is none. */
export function parseQuantity(text: string): number {
  const match = QUANTITY.exec(text);
  if (match?.[1] === undefined) {
    throw new RangeError(`"${text}" is not a Kubernetes quantity such as 500m or 2Gi`);
  }
  return Number(match[1]) * (match[2] === undefined ? 1 : (FACTORS[match[2]] ?? 1));
}

/** CPU in millicores. */
export function parseCpuMillis(text: string): number {
  return parseQuantity(text) * 1000;
}

/** Memory in GiB. */
export function parseMemoryGiB(text: string): number {
  return parseQuantity(text) / 2 ** 30;
}
