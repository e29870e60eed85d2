import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { surgeNodes, type UpdateStrategy } from "../../../../domain/nodeUpdates";
import { ADDRESS_QUOTA, demands, groupCapacities } from "../../../../operations/preflight/capacity";
import type { DeclaredResource } from "../../../../local/render/resource";
import { declared, named } from "../../../support/declared";
import { parsedStack } from "../../../support/stackFile";

/** vCPUs of the types in the stacks of the repository. */
const VCPUS = { "m7i.large": 2, "m7i.xlarge": 4, "inf2.xlarge": 4, "inf2.8xlarge": 32 };
const STACKS = ["dev", "prod"] as const;

function subjectOf(stack: string) {
  const { cluster, neuron } = parsedStack(stack);
  if (cluster.kind !== "eks") {
    throw new Error(`${stack} makes no cluster`);
  }
  return { cluster, groups: groupCapacities(cluster, neuron.nodeGroups) };
}

test("an update launches twice as many nodes as zones first, or none with MINIMAL", () => {
  expect([surgeNodes("DEFAULT", 2), surgeNodes("DEFAULT", 3), surgeNodes("MINIMAL", 3)]).toEqual([
    4, 6, 0,
  ]);
});

test("nodes on spot capacity count against the quota of spot instances, those of the system never", () => {
  const { cluster, neuron } = parsedStack("dev");
  if (cluster.kind !== "eks") {
    throw new Error("dev makes no cluster");
  }
  const { serving, compilation } = neuron.nodeGroups;
  if (serving === undefined || compilation === undefined) {
    throw new Error("dev has other node groups");
  }
  const groups = groupCapacities(cluster, {
    serving: { ...serving, capacity: "spot" },
    compilation: { ...compilation, capacity: "on-demand" },
  });
  const found = demands(groups, [], VCPUS, cluster.name).map(({ quota, groups: users }) => [
    quota.code,
    ...users.map(({ name }) => name),
  ]);
  expect(found).toEqual([
    ["L-1216C47A", "system"],
    ["L-B5D1601B", "serving"],
    ["L-1945791B", "compilation"],
  ]);
});

test("instances of others count against the quota of their own capacity", () => {
  const { cluster, groups } = subjectOf("dev");
  const other = { instanceType: "inf2.8xlarge", tags: {} };
  const used = (spot: boolean) =>
    demands(groups, [{ ...other, spot }], VCPUS, cluster.name).find(
      ({ quota }) => quota.code === "L-1945791B",
    )?.usedByOthers;
  expect([used(false), used(true)]).toEqual([32, 0]);
});

describe.each(STACKS)("the node groups of %s", (stack) => {
  let resources: readonly DeclaredResource[];
  beforeAll(async () => {
    resources = await declared(stack);
  });

  test("are updated as the preflight reckons", () => {
    for (const { name, most, surge } of subjectOf(stack).groups) {
      const { inputs } = named(resources, `aws.eks.NodeGroup platform-${name}`);
      const { scalingConfig, subnetIds, updateConfig } = inputs as {
        readonly scalingConfig: { readonly maxSize: number };
        readonly subnetIds: readonly string[];
        readonly updateConfig: { readonly updateStrategy: UpdateStrategy };
      };
      expect(scalingConfig.maxSize).toBe(most);
      expect(surge).toBe(surgeNodes(updateConfig.updateStrategy, subnetIds.length));
    }
  });
});

/** A row of the table: the quota's code with what each stack needs. */
function row(code: string): string[] {
  const document = readFileSync(join(__dirname, "../../../../docs/aws.md"), "utf8");
  const line = document.split("\n").find((text) => text.startsWith("|") && text.includes(code));
  return (line ?? "").split("|").map((cell) => cell.trim());
}

describe("the quotas in docs/aws.md are what the stacks need:", () => {
  test.each(STACKS)("vCPUs of %s", (stack) => {
    const { cluster, groups } = subjectOf(stack);
    const column = STACKS.indexOf(stack) + 2;
    for (const { quota, needed, groups: users } of demands(groups, [], VCPUS, cluster.name)) {
      const text = row(quota.code)[column] ?? "";
      const nodes = users.map(
        ({ most, surge, instanceType }) =>
          `${most} ${instanceType}${surge > 0 ? `, ${surge} more during an update` : ""}`,
      );
      expect(text).toBe(`${needed}: ${nodes.join(", ")}`);
    }
  });

  test.each(STACKS)("addresses of %s", (stack) => {
    const { network } = subjectOf(stack).cluster;
    const single = network.kind === "create" && network.nat === "single";
    expect(row(ADDRESS_QUOTA.code)[STACKS.indexOf(stack) + 2]).toBe(
      String(single ? 1 : network.zones.length),
    );
  });
});
