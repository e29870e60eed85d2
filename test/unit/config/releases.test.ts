import { describe, expect, test } from "vitest";
import { withReleases } from "../../../config/releases";
import { EKS_RELEASES } from "../../../domain/eksReleases";
import { supportWarning } from "../../../config/rules/cluster";
import { parsed } from "../../support/config";
import { stackSettings } from "../../../local/render/stackFile";
import { parsedStack } from "../../support/stackFile";

describe("the versions of a stack", () => {
  test.each(Object.keys(EKS_RELEASES))("follow from Kubernetes %s", (kubernetesVersion) => {
    const written = {
      cluster: { kind: "eks", kubernetesVersion },
      neuron: { nodeGroups: { serving: { instanceType: "inf2.xlarge" } } },
    };
    const image = new RegExp(`^${kubernetesVersion.replace(".", "\\.")}\\.\\d+-\\d{8}$`);
    expect(withReleases(written)).toMatchObject({
      cluster: {
        addonVersions: EKS_RELEASES[kubernetesVersion]?.addons,
        chartVersions: EKS_RELEASES[kubernetesVersion]?.charts,
        systemNodes: { amiRelease: expect.stringMatching(image) as string },
      },
      neuron: { nodeGroups: { serving: { amiRelease: expect.stringMatching(image) as string } } },
    });
  });

  test("are what is written where something is", () => {
    const written = {
      cluster: {
        kind: "eks",
        kubernetesVersion: "1.35",
        addonVersions: { coredns: "v9.9.9-eksbuild.9" },
        systemNodes: { amiRelease: "1.35.8-20260917" },
      },
    };
    expect(withReleases(written)).toMatchObject({
      cluster: {
        addonVersions: {
          coredns: "v9.9.9-eksbuild.9",
          "vpc-cni": EKS_RELEASES["1.35"]?.addons["vpc-cni"],
        },
        systemNodes: { amiRelease: "1.35.8-20260917" },
      },
    });
  });

  test.each([{}, { cluster: null }, { cluster: "x" }, { cluster: { kubernetesVersion: 1.34 } }])(
    "are left to the schema's own words in %j",
    (written) => {
      expect(withReleases(written)).toEqual(written);
    },
  );

  test("of a Kubernetes version that nothing is known of must be written", () => {
    const cluster = { ...(stackSettings("dev").cluster as object), kubernetesVersion: "1.99" };
    expect(() => parsed({ ...stackSettings("dev"), cluster })).toThrow(/1\.99/);
  });
});

test("a stack on EKS says from 90 days before that the support of its version ends", () => {
  const config = parsedStack("prod");
  expect(supportWarning(config, new Date("2027-05-01T00:00:00Z"))).toBeUndefined();
  expect(supportWarning(config, new Date("2027-05-05T00:00:00Z"))).toMatch(
    /^Kubernetes 1\.36 has the price of extended support from 2027-08-02 on/,
  );
});
