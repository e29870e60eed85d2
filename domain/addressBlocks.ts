import { parseCidr } from "./cidr";
import { messageOf } from "./failure";

/** A block of a list that cannot be right, by its place in the list. */
export interface BlockProblem {
  /** Place in the list, from 0. */
  readonly index: number;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** First and last address of a block; those of IPv6 lie above all of IPv4. */
interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** Shortest prefix of a block of machines that somebody runs: no organisation has more than a /8. */
export const WIDEST_NETWORK_PREFIX = 8;

const IPV6 = 1n << 128n;

/**
 * What is wrong with a list of blocks of addresses, each by its place: no block, bits behind the prefix, what `judge` finds, and an address
 * that a block before has already.
 *
 * @param judge what else is wrong with a block that is one; undefined where nothing is
 */
export function blockProblems(
  blocks: readonly string[],
  judge: (block: string) => string | undefined = () => undefined,
): BlockProblem[] {
  return blocks.flatMap((block, index) => {
    const message = problemOf(block, blocks.slice(0, index), judge);
    return message === undefined ? [] : [{ index, message }];
  });
}

function problemOf(
  block: string,
  before: readonly string[],
  judge: (block: string) => string | undefined,
): string | undefined {
  try {
    rangeOf(block);
  } catch (error) {
    return messageOf(error);
  }
  const other = before.find((earlier) => shareAddresses(earlier, block));
  return (
    judge(block) ??
    (other === undefined
      ? undefined
      : other === block
        ? "is named twice; name each block once"
        : `overlaps ${other}; write the larger of the two alone`)
  );
}

/** Whether two blocks share an address; one that is none shares nothing, and is a problem of its own. */
function shareAddresses(left: string, right: string): boolean {
  try {
    const [a, b] = [rangeOf(left), rangeOf(right)];
    return a.first <= b.last && b.first <= a.last;
  } catch {
    return false;
  }
}

/** @throws RangeError when the text is no block, or its address is not its first */
function rangeOf(block: string): Range {
  if (!block.includes(":")) {
    const { base, prefix } = parseCidr(block);
    const first = BigInt(base);
    return { first, last: first + (1n << BigInt(32 - prefix)) - 1n };
  }
  const [address = "", length = ""] = block.split("/");
  const value = ipv6Value(address);
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (value === undefined || !(prefix <= 128)) {
    throw new RangeError(`"${block}" is no IPv6 block; write for example fd00::/8`);
  }
  const size = 1n << BigInt(128 - prefix);
  const first = value - (value % size);
  if (first !== value) {
    throw new RangeError(`"${block}" does not start a block; write ${ipv6Text(first)}/${prefix}`);
  }
  return { first: IPV6 + first, last: IPV6 + first + size - 1n };
}

/** The address as a number; undefined where it is none. */
function ipv6Value(address: string): bigint | undefined {
  const halves = address.split("::");
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) {
    return undefined;
  }
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n)
    : undefined;
}

/** The address with its longest run of zeros left out. */
function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_none, index) =>
    ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  ).join(":");
  const runs = groups.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  return longest === ""
    ? groups
    : groups.replace(longest, ":").replace(/^:?$|^:(?!:)|(?<!:):$/, "::");
}
