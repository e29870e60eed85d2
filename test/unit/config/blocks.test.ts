/** Every setting that takes blocks of addresses, by the same rules. */
import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const DEV = stackConfig("dev")["llm-gateway:cluster"] as { readonly network: object };
const cluster = (changes: object) => ({ cluster: { ...DEV, ...changes } });
const EXISTING = {
  kind: "existing",
  vpcId: "vpc-1",
  zones: ["us-west-2a", "us-west-2b"],
  privateSubnetIds: ["subnet-1", "subnet-2"],
};
const LISTS: readonly [string, (blocks: readonly string[]) => Record<string, unknown>, string][] = [
  ["cluster.publicAccessCidrs", (blocks) => cluster({ publicAccessCidrs: blocks }), "17"],
  [
    "cluster.network.connectedCidrs",
    (blocks) => cluster({ network: { ...DEV.network, connectedCidrs: blocks } }),
    "10",
  ],
  [
    "cluster.network.connectedCidrs",
    (blocks) => cluster({ network: { ...EXISTING, connectedCidrs: blocks } }),
    "10",
  ],
  [
    "gateway.service.allowedSourceRanges",
    (blocks) => ({ gateway: { service: { allowedSourceRanges: blocks } } }),
    "10",
  ],
];

describe.each(LISTS)("%s", (path, settings, first) => {
  test("takes blocks that lie beside each other", () => {
    expect(problemLines(settings([`${first}.99.0.0/16`, `${first}.100.0.0/24`]))).toEqual([]);
  });

  test.each([
    ["8/24", /does not start a block; write \d+\.99\.0\.0\/24/],
    ["0/16", /is named twice; name each block once/],
    ["0/24", /overlaps \d+\.99\.0\.0\/16; write the larger of the two alone/],
    ["0/33", /is no (IPv4 )?block/],
    ["0", /is no (IPv4 )?block/],
  ])("does not take 99.0.%s beside 99.0.0/16", (end, message) => {
    const block = `${first}.99.0.${end}`;
    const [line, ...others] = problemLines(settings([`${first}.99.0.0/16`, block]));
    expect(line).toContain(`llm-gateway:${path}.1 = "${block}": `);
    expect(line).toMatch(message);
    expect(others).toEqual([]);
  });
});

describe.each([DEV.network, EXISTING])("networks that %j is connected with", (network) => {
  const lines = (...connectedCidrs: string[]) =>
    problemLines(cluster({ network: { ...network, connectedCidrs } }));

  test.each(["128.0.0.0/1", "0.0.0.0/0", "172.0.0.0/7"])("are not %s", (block) => {
    expect(lines(block)).toEqual([
      expect.stringContaining(`network.connectedCidrs.0 = "${block}": is wider than a /8`),
    ]);
  });

  test("may have a /8", () => {
    expect(lines("11.0.0.0/8")).toEqual([]);
  });
});

test("a network that is connected with a VPC that is there does not overlap it", () => {
  const network = { ...EXISTING, cidr: "10.20.0.0/16", connectedCidrs: ["10.20.128.0/20"] };
  expect(problemLines(cluster({ network }))).toEqual([
    expect.stringMatching(/connectedCidrs\.0 = .*: overlaps the VPC's 10\.20\.0\.0\/16; leave out/),
  ]);
});

describe.each([
  ["a new VPC", DEV.network],
  ["a VPC that is there", EXISTING],
])("the block of %s", (_which, network) => {
  const lines = (cidr: string) => problemLines(cluster({ network: { ...network, cidr } }));

  test("may be a /16", () => {
    expect(lines("10.0.0.0/16")).toEqual([]);
  });

  test.each([
    ["0.0.0.0/0", /has prefix \/0; .*from \/16 to \/2/],
    ["10.0.0.0/8", /has prefix \/8; .*from \/16 to \/2/],
    ["10.0.0.5/16", /does not start a block; write 10\.0\.0\.0\/16/],
    ["10.0.0.0/29", /has prefix \/29/],
    ["10.0.0.0", /is no IPv4 block/],
    ["fd00::/16", /is no IPv4 block/],
  ])("is not %s", (cidr, message) => {
    const [line, ...others] = lines(cidr);
    expect(line).toMatch(message);
    expect(line).toContain(`llm-gateway:cluster.network.cidr = "${cidr}": `);
    expect(others).toEqual([]);
  });
});

describe("who may connect to the load balancer", () => {
  const lines = (...allowedSourceRanges: string[]) =>
    problemLines({ gateway: { service: { allowedSourceRanges } } });

  test("may be everyone, and networks of IPv6", () => {
    expect(lines("0.0.0.0/0", "::/0")).toEqual([]);
    expect(lines("10.0.0.0/8", "fd00::/8", "2001:db8:0:1::/64", "2001:db8:0:2::/64")).toEqual([]);
  });

  test.each([
    ["fd00::1/8", /does not start a block; write fd00::\/8/],
    ["2001:db8:0:1::5/48", /does not start a block; write 2001:db8::\/48/],
    ["1:2:3:4:5:6:7:8/127", undefined],
    ["1:2:3:4:5:6:7:9/127", /write 1:2:3:4:5:6:7:8\/127/],
    ["::5/64", /does not start a block; write ::\/64/],
    ["2001:db8::/32", undefined],
    ["2001:db8::/129", /is no block/],
  ])("is held to the same for %s", (block, message) => {
    expect(lines("10.0.0.0/8", block)).toEqual(
      message === undefined ? [] : [expect.stringMatching(message)],
    );
  });

  test("is not named twice", () => {
    expect(lines("2001:db8::/32", "2001:0db8:0::/48")).toEqual([
      expect.stringContaining("overlaps 2001:db8::/32"),
    ]);
  });
});
