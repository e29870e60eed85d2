import { blockProblems, WIDEST_NETWORK_PREFIX, type BlockProblem } from "./addressBlocks";
import { overlap, parseCidr, type Cidr } from "./cidr";

/**
 * Blocks that no connection over the internet comes from, and what they are for. Source: IANA IPv4 Special-Purpose Address Registry
 * (RFC 6890), without the blocks of relays and benchmarks, which do no harm.
 */
const NOWHERE: readonly (readonly [Cidr, string])[] = [
  ["0.0.0.0/8", "no network"],
  ["10.0.0.0/8", "private addresses"],
  ["100.64.0.0/10", "addresses inside a provider's network"],
  ["127.0.0.0/8", "every machine's own addresses"],
  ["169.254.0.0/16", "link-local addresses"],
  ["172.16.0.0/12", "private addresses"],
  ["192.0.0.0/24", "addresses of protocols"],
  ["192.0.2.0/24", "addresses of documentation"],
  ["192.168.0.0/16", "private addresses"],
  ["198.51.100.0/24", "addresses of documentation"],
  ["203.0.113.0/24", "addresses of documentation"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved addresses"],
];

/** Most blocks that EKS takes. Source: Amazon EKS service quotas, "Public endpoint access CIDR ranges per cluster". */
export const MOST_PUBLIC_BLOCKS = 40;

/** Where one finds one's own public address. */
const WHAT_TO_WRITE =
  "write the public addresses that you come from (curl https://checkip.amazonaws.com), or leave it out and come from the VPC";

/** What is wrong with blocks that an endpoint is opened to from the internet, each by its place. */
export function publicBlockProblems(blocks: readonly Cidr[]): BlockProblem[] {
  return blockProblems(blocks, (block) => {
    const { prefix } = parseCidr(block);
    if (prefix < WIDEST_NETWORK_PREFIX) {
      return `lets in ${prefix === 0 ? "everyone" : `one in ${2 ** prefix} of all addresses`}; ${WHAT_TO_WRITE}`;
    }
    const nowhere = NOWHERE.find(([special]) => overlap(special, block));
    if (nowhere === undefined) {
      return undefined;
    }
    const [special, meaning] = nowhere;
    return `has addresses of ${special}, ${meaning}: nobody comes from there over the internet; ${WHAT_TO_WRITE}`;
  });
}
