/** What is wrong with a list of blocks, told by itself: the schema of a setting sees to their spelling before. */
import { describe, expect, test } from "vitest";
import { blockProblems } from "../../../domain/addressBlocks";

const messages = (...blocks: readonly string[]) =>
  blockProblems(blocks).map(({ index, message }) => `${index}: ${message}`);

describe("a block of IPv6", () => {
  test.each([
    "::/0",
    "fd00::/8",
    "2001:db8::/128",
    "1:2:3:4:5:6:7:8/128",
    "1:2:3:4:5:6:7::/112",
    "::1:0/112",
    "ABCD::/16",
  ])("is %s", (block) => {
    expect(messages(block)).toEqual([]);
  });

  test.each([
    ["2001:db8::", "has no length"],
    ["2001:db8::/", "has none either"],
    ["2001:db8::/x", "has a length that is no number"],
    ["2001:db8::/129", "is longer than an address"],
    ["2001:db8::/1000", "is much longer than an address"],
    ["1:2:3:4:5:6:7/112", "has a group too few"],
    ["1:2:3:4:5:6:7:8:9/128", "has a group too many"],
    ["1:2:3:4::5:6:7:8/128", "leaves out no group"],
    ["1::2::3/128", "leaves out two runs"],
    ["g::/16", "has a group that is no number"],
    ["12345::/16", "has a group that is too large"],
    ["2001:db8::10.0.0.1/128", "ends in IPv4"],
  ])("is not %s, which %s", (block) => {
    expect(messages(block)).toEqual([`0: "${block}" is no IPv6 block; write for example fd00::/8`]);
  });

  test.each([
    ["2001:db8:0:1::5/48", "2001:db8::/48"],
    ["::5/64", "::/64"],
    ["1:0:0:4:0:0:0:9/112", "1:0:0:4::/112"],
    ["1:0:0:0:5:0:0:9/112", "1::5:0:0:0/112"],
    ["1:2:3:4:5:6:7:9/127", "1:2:3:4:5:6:7:8/127"],
    ["0:0:3:4:5:6:7:9/127", "::3:4:5:6:7:8/127"],
    ["1:0:3:4:5:6:7:9/127", "1:0:3:4:5:6:7:8/127"],
  ])("%s starts at its first address, %s", (block, first) => {
    expect(messages(block)).toEqual([`0: "${block}" does not start a block; write ${first}`]);
  });
});

describe("a list of blocks", () => {
  test("names each that cannot be right by its place, and holds no good one against it", () => {
    expect(messages("10.0.0.0/8", "10.0.0/8", "11.0.0.0/8", "fd00::1/8")).toEqual([
      expect.stringMatching(/^1: "?10\.0\.0\/8"? is no IPv4 block/),
      '3: "fd00::1/8" does not start a block; write fd00::/8',
    ]);
  });

  test("has an address once, at either end of a block and within it", () => {
    const larger = "write the larger of the two alone";
    expect(messages("10.1.0.0/16", "10.1.255.255/32")).toEqual([
      `1: overlaps 10.1.0.0/16; ${larger}`,
    ]);
    expect(messages("10.1.0.0/32", "10.1.0.0/16")).toEqual([`1: overlaps 10.1.0.0/32; ${larger}`]);
    expect(messages("10.1.0.0/16", "10.0.255.255/32", "10.2.0.0/32")).toEqual([]);
    expect(messages("fd00::/16", "fd00::/16")).toEqual(["1: is named twice; name each block once"]);
    expect(messages("fd00::/16", "fd01::/16", "fcff::/16")).toEqual([]);
  });

  test("takes the same number in IPv4 and IPv6 for two addresses", () => {
    expect(messages("0.0.0.0/0", "::/96")).toEqual([]);
  });

  test("is judged by what else holds, before its blocks are compared", () => {
    const judge = (block: string) => (block.endsWith("/8") ? "is too wide" : undefined);
    expect(blockProblems(["10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16"], judge)).toEqual([
      { index: 0, message: "is too wide" },
      { index: 1, message: "is too wide" },
      { index: 2, message: "overlaps 10.0.0.0/8; write the larger of the two alone" },
    ]);
  });
});
