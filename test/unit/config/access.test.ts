/** Who may reach the API endpoint, and whom the cluster lets in: what cannot be right is refused. */
import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const DEV = stackConfig("dev")["llm-gateway:cluster"] as object;
const cluster = (changes: object) => ({ cluster: { ...DEV, ...changes } });
const open = (...publicAccessCidrs: string[]) => problemLines(cluster({ publicAccessCidrs }));

describe("the API endpoint", () => {
  test.each([
    ["one address", ["8.8.8.8/32"]],
    ["blocks of an organisation", ["17.0.0.0/8", "8.8.4.0/24"]],
    ["the addresses below and above private ones", ["9.0.0.0/8", "11.0.0.0/8", "172.32.0.0/16"]],
    ["nobody on the internet", []],
  ])("is opened to %s", (_whom, blocks) => {
    expect(open(...blocks)).toEqual([]);
  });

  test.each([
    ["0.0.0.0/0", "lets in everyone; write the public addresses that you come from"],
    ["128.0.0.0/1", "lets in one in 2 of all addresses"],
    ["32.0.0.0/3", "lets in one in 8 of all addresses"],
    ["8.0.0.0/7", "lets in one in 128 of all addresses"],
    ["10.0.0.0/8", "has addresses of 10.0.0.0/8, private addresses: nobody comes from there"],
    ["10.1.2.3/32", "has addresses of 10.0.0.0/8, private addresses"],
    ["172.16.0.0/12", "has addresses of 172.16.0.0/12, private addresses"],
    ["172.0.0.0/8", "has addresses of 172.16.0.0/12, private addresses"],
    ["192.168.7.0/24", "has addresses of 192.168.0.0/16, private addresses"],
    ["100.64.0.0/10", "has addresses of 100.64.0.0/10, addresses inside a provider's network"],
    ["127.0.0.1/32", "has addresses of 127.0.0.0/8, every machine's own addresses"],
    ["169.254.169.254/32", "has addresses of 169.254.0.0/16, link-local addresses"],
    ["224.0.0.0/8", "has addresses of 224.0.0.0/4, multicast"],
    ["255.255.255.255/32", "has addresses of 240.0.0.0/4, reserved addresses"],
    ["0.0.0.0/8", "has addresses of 0.0.0.0/8, no network"],
    ["192.0.2.0/24", "has addresses of 192.0.2.0/24, addresses of documentation"],
    ["198.51.100.7/32", "has addresses of 198.51.100.0/24, addresses of documentation"],
    ["203.0.113.0/24", "has addresses of 203.0.113.0/24, addresses of documentation"],
    ["8.8.8.8/24", '"8.8.8.8/24" does not start a block; write 8.8.8.0/24'],
    ["::/0", "is no IPv4 block"],
    ["8.8.8.8", "is no IPv4 block"],
  ])("is not opened to %s", (block, message) => {
    const lines = open("17.0.0.0/24", block);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`llm-gateway:cluster.publicAccessCidrs.1 = "${block}": ${message}`);
  });

  test("is not opened to the two halves of the internet", () => {
    expect(open("0.0.0.0/1", "128.0.0.0/1")).toHaveLength(2);
  });

  test.each([
    ["twice to the same", ["8.8.8.0/24", "8.8.8.0/24"], "is named twice"],
    ["to a part of another block", ["8.8.8.0/24", "8.8.8.8/32"], "overlaps 8.8.8.0/24"],
    ["to what holds another block", ["8.8.8.8/32", "8.8.8.0/24"], "overlaps 8.8.8.8/32"],
  ])("is not opened %s", (_how, blocks, message) => {
    expect(open(...blocks)).toEqual([
      expect.stringContaining(`publicAccessCidrs.1 = "${blocks[1]}": ${message}`),
    ]);
  });

  test("takes no more blocks than EKS does", () => {
    const blocks = (count: number) =>
      Array.from({ length: count }, (_none, index) => `8.8.${index}.0/24`);
    expect(open(...blocks(40))).toEqual([]);
    expect(open(...blocks(41))).toEqual([expect.stringContaining("has 41 blocks; EKS takes 40")]);
  });
});

const ROLE = "arn:aws:iam::123456789012:role/ops/platform";
const USER = "arn:aws:iam::123456789012:user/operator";
const SSO =
  "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/us-west-2/AWSReservedSSO_Admin_0123456789abcdef";

describe.each(["administratorRoleArns", "viewerRoleArns"])("%s", (list) => {
  test("takes roles, with their paths, and users", () => {
    expect(problemLines(cluster({ [list]: [ROLE, USER, SSO] }))).toEqual([]);
  });

  test.each([
    ["arn:aws:iam::123456789012:root", "is no ARN of an IAM role or user; write arn:aws:iam::"],
    ["arn:aws:iam::123456789012:group/ops", "is no ARN of an IAM role or user"],
    [`x${USER}`, "is no ARN of an IAM role or user"],
    ["arn:aws:iam::1234:role/ops", "is no ARN of an IAM role or user"],
    ["arn:aws:iam::123456789012:role/", "is no ARN of an IAM role or user"],
    ["arn:aws:iam::123456789012:role/ops/", "is no ARN of an IAM role or user"],
    ["arn:aws:iam::123456789012:role/*", "is no ARN of an IAM role or user"],
    ["ops", "is no ARN of an IAM role or user"],
    ["arn:aws-us-gov:iam::123456789012:role/ops", "is of the partition aws-us-gov; write one of"],
    ["arn:aws-cn:iam::123456789012:role/ops", "is of the partition aws-cn; write one of"],
    [
      "arn:aws:sts::123456789012:assumed-role/ops/me",
      "is a session, which ends; write its role: arn:aws:iam::123456789012:role/ops",
    ],
    [
      "arn:aws:iam::123456789012:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
      "is a role of an AWS service",
    ],
  ])("refuses %s", (arn, message) => {
    const lines = problemLines(cluster({ [list]: [ROLE, arn] }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`llm-gateway:cluster.${list}.1 = `);
    expect(lines[0]).toContain(message);
  });

  test("names nobody twice", () => {
    expect(problemLines(cluster({ [list]: [ROLE, USER, ROLE] }))).toEqual([
      expect.stringContaining(`cluster.${list}.2 = "${ROLE}": is cluster.${list}.0, too`),
    ]);
  });
});

test.each([
  ...["us-gov-west-1", "cn-north-1", "cn-northwest-1", "eusc-de-east-1"],
  ...["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1"],
])("a cluster does not stand in %s, a region of another partition", (region) => {
  const zones = ["a", "b"].map((zone) => `${region}${zone}`);
  const network = { kind: "create", zones };
  const lines = problemLines(cluster({ region, network }));
  expect(lines.join("\n")).toMatch(/cluster\.region = .*: is (of another partition|no AWS region)/);
});

test("nobody administers and views a cluster at once", () => {
  const both = cluster({ administratorRoleArns: [ROLE], viewerRoleArns: [USER, ROLE] });
  expect(problemLines(both)).toEqual([
    expect.stringContaining(
      `cluster.viewerRoleArns.1 = "${ROLE}": is cluster.administratorRoleArns.0, too`,
    ),
  ]);
});
