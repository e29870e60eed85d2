/** Who may reach a cluster on AWS, and what in it, in what the stacks declare. */
import { beforeAll, describe, expect, test } from "vitest";
import type { DeclaredResource } from "../../../local/render/resource";
import { stackSettings } from "../../../local/render/stackFile";
import { declared, named, ofType } from "../../support/declared";

const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

function dev(changes: object): Promise<readonly DeclaredResource[]> {
  const { cluster } = stackSettings("dev");
  return declared("dev", { cluster: { ...(cluster as object), ...changes } });
}

describe("an administrator", () => {
  const [first, second] = [arn("first"), arn("ops/second")];
  const access = async (administratorRoleArns: readonly string[]) =>
    ofType(await dev({ administratorRoleArns }), "AccessEntry");

  test("is known by the role and not by its place, so that the list may lose its first", async () => {
    const names = (entries: readonly DeclaredResource[]) =>
      entries.map(({ name, inputs }) => [name, inputs.principalArn]);
    const both = names(await access([first, second]));
    expect(both).toEqual([
      ["platform-123456789012-role/first", first],
      ["platform-123456789012-role/ops/second", second],
    ]);
    expect(names(await access([second]))).toEqual(both.slice(1));
  });

  test("of a stack of version 0.1 keeps its entry, which was a child of the cluster's component by its place", async () => {
    const entries = await access([first, second]);
    expect(entries.map(({ options }) => options.aliases)).toEqual(
      [0, 1].map((place) => [
        expect.objectContaining({ name: `platform-administrator-${place}` }) as unknown,
      ]),
    );
  });
});

test("administrators may do everything, viewers read everything, each in the whole cluster", async () => {
  const resources = await dev({
    administratorRoleArns: [arn("admin")],
    viewerRoleArns: [arn("viewer")],
  });
  const granted = ofType(resources, "AccessPolicyAssociation");
  expect(granted.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ inputs }) => inputs)).toEqual([
    {
      clusterName: expect.anything() as unknown,
      principalArn: arn("admin"),
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    },
    {
      clusterName: expect.anything() as unknown,
      principalArn: arn("viewer"),
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy",
      accessScope: { type: "cluster" },
    },
  ]);
});

describe("the private API endpoint", () => {
  let resources: readonly DeclaredResource[];
  beforeAll(async () => {
    resources = await dev({
      network: {
        kind: "create",
        cidr: "10.10.0.0/16",
        zones: ["us-west-2a", "us-west-2b"],
        connectedCidrs: ["10.99.0.0/16", "192.168.0.0/24"],
      },
    });
  });

  test("lets in machines of the VPC and of networks that it is connected with, over HTTPS", () => {
    const rules = ofType(resources, "SecurityGroupRule").map(({ inputs }) => inputs);
    expect(rules.map(({ cidrBlocks }) => cidrBlocks)).toEqual([
      ["10.10.0.0/16"],
      ["10.99.0.0/16"],
      ["192.168.0.0/24"],
    ]);
    for (const rule of rules) {
      expect(rule).toMatchObject({ type: "ingress", protocol: "tcp", fromPort: 443, toPort: 443 });
    }
  });

  test("is all that dev and prod have out of the box", async () => {
    for (const stack of [await declared("dev"), await declared("prod")]) {
      const { inputs } = named(stack, "eks.Cluster platform");
      expect(inputs).toMatchObject({ endpointPublicAccess: false, endpointPrivateAccess: true });
      expect(inputs).not.toHaveProperty("publicAccessCidrs");
    }
  });
});
