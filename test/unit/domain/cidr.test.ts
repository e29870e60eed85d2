import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LONGEST_PREFIX,
  MOST_ZONES,
  overlap,
  parseCidr,
  planSubnets,
  SHORTEST_PREFIX,
} from "../../../domain/cidr";

const ZONES = ["a", "b", "c", "d"];

/** Any block that a VPC may have. */
const vpc = fc
  .tuple(
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc.integer({ min: SHORTEST_PREFIX, max: LONGEST_PREFIX }),
  )
  .map(([address, prefix]) => {
    const size = 2 ** (32 - prefix);
    const base = address - (address % size);
    return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${prefix}`;
  });
const zones = fc.integer({ min: 1, max: MOST_ZONES }).map((count) => ZONES.slice(0, count));

const blocks = (cidr: string, names: readonly string[]) =>
  planSubnets(cidr, names).flatMap(({ privateCidr, publicCidr }) => [privateCidr, publicCidr]);

describe("a subnet plan", () => {
  test("of a /16 over two zones is this", () => {
    expect(planSubnets("10.0.0.0/16", ["a", "b"])).toEqual([
      { zone: "a", privateCidr: "10.0.0.0/19", publicCidr: "10.0.32.0/22" },
      { zone: "b", privateCidr: "10.0.64.0/19", publicCidr: "10.0.96.0/22" },
    ]);
  });

  test("never overlaps", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, names) => {
        const all = blocks(cidr, names);
        all.forEach((left, index) => {
          for (const right of all.slice(index + 1)) {
            expect(overlap(left, right), `${left} ${right}`).toBe(false);
          }
        });
      }),
    );
  });

  test("stays inside the VPC, with subnets that AWS accepts", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, names) => {
        const outer = parseCidr(cidr);
        for (const block of blocks(cidr, names)) {
          const { base, prefix } = parseCidr(block);
          expect(base).toBeGreaterThanOrEqual(outer.base);
          expect(base + 2 ** (32 - prefix)).toBeLessThanOrEqual(
            outer.base + 2 ** (32 - outer.prefix),
          );
          expect(prefix).toBeLessThanOrEqual(28);
        }
      }),
    );
  });

  test("keeps every subnet where it is when a zone is appended", () => {
    fc.assert(
      fc.property(vpc, fc.integer({ min: 1, max: MOST_ZONES - 1 }), (cidr, count) => {
        expect(planSubnets(cidr, ZONES.slice(0, count + 1)).slice(0, count)).toEqual(
          planSubnets(cidr, ZONES.slice(0, count)),
        );
      }),
    );
  });

  test.each([
    ["10.0.0.0/15", /prefix \/15; write one from \/16 to \/22/],
    ["10.0.0.0/24", /prefix \/24/],
    ["10.0.0.1/16", /does not start a block; write 10\.0\.0\.0\/16/],
    ["10.0.0.256/16", /is no IPv4 block/],
    ["10.0.0/16", /is no IPv4 block/],
    ["10.0.0.0/33", /is no IPv4 block/],
  ])("of %s is refused", (cidr, message) => {
    expect(() => planSubnets(cidr, ["a"])).toThrow(message);
  });

  test("has room for four zones", () => {
    expect(() => planSubnets("10.0.0.0/16", [...ZONES, "e"])).toThrow(/5 zones do not fit/);
  });
});

test.each([
  ["10.0.0.0/16", "10.0.128.0/17", true],
  ["10.0.0.0/17", "10.0.128.0/17", false],
  ["10.0.0.0/16", "172.20.0.0/16", false],
  ["0.0.0.0/0", "10.0.0.0/8", true],
])("%s and %s overlap: %s", (left, right, expected) => {
  expect(overlap(left, right)).toBe(expected);
  expect(overlap(right, left)).toBe(expected);
});
