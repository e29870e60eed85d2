/** A Kubernetes version is one that the program knows images, add-ons and charts for, and what is pinned goes with it. */
import { describe, expect, test } from "vitest";
import { EKS_RELEASES } from "../../../domain/eksReleases";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const DEV = stackConfig("dev")["llm-gateway:cluster"] as object;
const NEURON = stackConfig("dev")["llm-gateway:neuron"];
const SERVED = { models: stackConfig("dev")["llm-gateway:models"] };
const eks = (changes: object, neuron: unknown = NEURON) =>
  problemLines({ ...SERVED, cluster: { ...DEV, ...changes }, neuron });
const VERSIONS = Object.keys(EKS_RELEASES);

describe("a Kubernetes version", () => {
  test.each(VERSIONS)("may be %s", (kubernetesVersion) => {
    // The day on which an old one loses its support is not this rule's.
    expect(eks({ kubernetesVersion }).join("\n")).not.toMatch(/in the table|no image|kube-proxy/);
  });

  test.each(["1.37", "1.32", "1.3", "1.99"])(
    "that the table does not have, %s, is one problem, where it is written",
    (kubernetesVersion) => {
      expect(eks({ kubernetesVersion })).toEqual([
        `llm-gateway:cluster.kubernetesVersion = "${kubernetesVersion}": is not in the table of versions that the program knows; write one of ${VERSIONS.join(", ")}`,
      ]);
    },
  );

  test("is refused with images of one's own, too: add-ons and charts come from the table", () => {
    const group = { maxSize: 4, amiId: "ami-0123456789abcdef0" };
    const neuron = {
      nodeGroups: {
        serving: { ...group, instanceType: "inf2.xlarge" },
        compilation: { ...group, instanceType: "inf2.8xlarge" },
      },
    };
    const pins = { systemNodes: { amiRelease: "1.37.0-20261101" } };
    expect(eks({ kubernetesVersion: "1.37", ...pins }, neuron)).toEqual([
      expect.stringContaining("cluster.kubernetesVersion"),
    ]);
  });

  test("of a cluster that somebody else made is one problem as well", () => {
    const cluster = { kind: "existing", context: "test", kubernetesVersion: "1.32" };
    expect(problemLines({ cluster })).toEqual([
      expect.stringMatching(
        /^llm-gateway:cluster\.kubernetesVersion = "1\.32": is not in the table/,
      ),
    ]);
  });
});

describe("kube-proxy", () => {
  test("is of the cluster's minor version", () => {
    expect(eks({ addonVersions: { "kube-proxy": "v1.36.2-eksbuild.1" } })).toEqual([]);
    expect(eks({ addonVersions: { "kube-proxy": "v1.33.10-eksbuild.29" } })).toEqual([
      'llm-gateway:cluster.addonVersions.kube-proxy = "v1.33.10-eksbuild.29": is not of Kubernetes 1.36; leave it out, or write v1.36.0-eksbuild.25 or another of v1.36',
    ]);
  });

  test("of 1.3 is not of 1.36", () => {
    expect(eks({ addonVersions: { "kube-proxy": "v1.3.6-eksbuild.1" } })).toHaveLength(1);
  });
});
