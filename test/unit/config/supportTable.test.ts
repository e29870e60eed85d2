import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clusterAutoscalerChart } from "../../../components/controllers/cluster-autoscaler/chart";
import { EKS_RELEASES } from "../../../domain/eksReleases";
import { FAMILY_FACTS } from "../../../domain/neuron/families";
import { REPOSITORY } from "../../../local/control-plane/environment";

test("docs/upgrade.md has the support dates of every version that the program knows", () => {
  const rows = readFileSync(join(REPOSITORY, "docs", "upgrade.md"), "utf8").matchAll(
    /^\| (1\.\d+) +\| (\S+) +\| (\S+) +\|$/gm,
  );
  expect([...rows].map(([, version, standard, extended]) => [version, standard, extended])).toEqual(
    Object.entries(EKS_RELEASES).map(([version, release]) => [
      version,
      release.endOfStandardSupport,
      release.endOfExtendedSupport,
    ]),
  );
});

test("docs/upgrade.md has the tensor-parallelism of every instance family", () => {
  const document = readFileSync(join(REPOSITORY, "docs", "upgrade.md"), "utf8");
  for (const { title, tensorParallelSizes } of Object.values(FAMILY_FACTS)) {
    const row = document.split("\n").find((line) => line.startsWith(`| ${title}`)) ?? "";
    expect(row.split("|").at(-2)?.trim()).toBe(tensorParallelSizes.join(", "));
  }
});

test("docs/costs.md has the minutes after which Cluster Autoscaler takes a node away", () => {
  const { extraArgs } = clusterAutoscalerChart({ version: "1.0.0", clusterName: "c", region: "r" })
    .values as { readonly extraArgs: Readonly<Record<string, unknown>> };
  expect(extraArgs).toMatchObject({
    "scale-down-unneeded-time": "20m",
    "scale-down-delay-after-add": "20m",
  });
  const text = readFileSync(join(REPOSITORY, "docs", "costs.md"), "utf8").replace(/\s+/g, " ");
  expect(text).toContain(
    "removes it twenty minutes after the last one, and never within twenty minutes of adding a node",
  );
});
