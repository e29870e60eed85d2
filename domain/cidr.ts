/** An IPv4 block: `10.0.0.0/16`. */
export type Cidr = string;

/** The two subnets of one availability zone. */
export interface ZoneSubnets {
  /** Availability zone by name. */
  readonly zone: string;
  /** Nodes and pods: the larger part. */
  readonly privateCidr: Cidr;
  /** Load balancers and NAT gateways. */
  readonly publicCidr: Cidr;
}

/**
 * Zones that a plan has room for. A constant rather than the number of zones in use, so that a zone appended later moves
 * no subnet of the others.
 */
export const MOST_ZONES = 4;

/** Bits that a zone's slot, its private half and its public part are longer than what they lie in. */
const SLOT_BITS = 2;
const HALF_BITS = 1;
const PUBLIC_BITS = 3;

/** AWS allows VPCs from /16 to /28 and subnets up to /28. Source: Amazon VPC User Guide, "VPC CIDR blocks". */
const LONGEST_SUBNET_PREFIX = 28;

/** Prefix lengths that leave usable subnets. */
export const SHORTEST_PREFIX = 16;
export const LONGEST_PREFIX = LONGEST_SUBNET_PREFIX - SLOT_BITS - HALF_BITS - PUBLIC_BITS;

/**
 * Divides a VPC's block among availability zones: each zone has a quarter, of which the first half is private and an
 * eighth of the second half public; the rest stays free for what comes later.
 *
 * @throws RangeError when the block is none, is not aligned, or has a prefix that leaves no usable subnets
 */
export function planSubnets(vpc: Cidr, zones: readonly string[]): ZoneSubnets[] {
  const { base, prefix } = parseCidr(vpc);
  if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) {
    throw new RangeError(
      `${vpc} has prefix /${prefix}; write one from /${SHORTEST_PREFIX} to /${LONGEST_PREFIX}`,
    );
  }
  if (zones.length > MOST_ZONES) {
    throw new RangeError(`${zones.length} zones do not fit; write up to ${MOST_ZONES}`);
  }
  const slot = prefix + SLOT_BITS;
  const half = slot + HALF_BITS;
  return zones.map((zone, index) => {
    const start = base + index * sizeOf(slot);
    return {
      zone,
      privateCidr: format(start, half),
      publicCidr: format(start + sizeOf(half), half + PUBLIC_BITS),
    };
  });
}

/** Checks the block of a VPC that is there. @throws RangeError when it is no block, not aligned, or larger or smaller than AWS makes one */
export function checkVpc(vpc: Cidr): void {
  const { prefix } = parseCidr(vpc);
  if (prefix < SHORTEST_PREFIX || prefix > LONGEST_SUBNET_PREFIX) {
    throw new RangeError(
      `${vpc} has prefix /${prefix}; the block of a VPC has one from /${SHORTEST_PREFIX} to /${LONGEST_SUBNET_PREFIX}`,
    );
  }
}

/** Whether a text is a block that starts at its first address. */
export function isBlock(text: string): boolean {
  try {
    parseCidr(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether two blocks share an address. @throws RangeError when one of them is no block */
export function overlap(left: Cidr, right: Cidr): boolean {
  const [a, b] = [parseCidr(left), parseCidr(right)];
  return a.base < b.base + sizeOf(b.prefix) && b.base < a.base + sizeOf(a.prefix);
}

/** First address and prefix of a block. @throws RangeError when it is none, or its address is not its first */
export function parseCidr(text: Cidr): { readonly base: number; readonly prefix: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const [octets, prefix] = [match?.slice(1, 5).map(Number) ?? [], Number(match?.[5] ?? Number.NaN)];
  if (octets.length !== 4 || octets.some((octet) => octet > 255) || !(prefix <= 32)) {
    throw new RangeError(`"${text}" is no IPv4 block; write for example 10.0.0.0/16`);
  }
  const base = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = base - (base % sizeOf(prefix));
  if (base !== first) {
    throw new RangeError(`"${text}" does not start a block; write ${format(first, prefix)}`);
  }
  return { base, prefix };
}

function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

function format(base: number, prefix: number): Cidr {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}
