import { describe, expect, test } from "vitest";
import { DEFAULT_KUBERNETES_VERSION, EKS_RELEASES } from "../../../domain/eksReleases";
import { supportNotice } from "../../../domain/eksSupport";

describe("the table of EKS releases", () => {
  test.each(Object.entries(EKS_RELEASES))("%s matches itself", (version, release) => {
    expect(release.addons["kube-proxy"]).toMatch(new RegExp(`^v${version.replace(".", "\\.")}\\.`));
    expect(release.clusterAutoscalerImage).toMatch(
      new RegExp(`^v${version.replace(".", "\\.")}\\.`),
    );
    expect(Date.parse(release.endOfExtendedSupport)).toBeGreaterThan(
      Date.parse(release.endOfStandardSupport),
    );
  });

  test("offers as default what is supported longest", () => {
    const longest = Object.entries(EKS_RELEASES).sort(([, left], [, right]) =>
      right.endOfStandardSupport.localeCompare(left.endOfStandardSupport),
    )[0]?.[0];
    expect(DEFAULT_KUBERNETES_VERSION).toBe(longest);
  });
});

describe("the end of support of 1.34, standard until 2026-12-02 and extended until 2027-12-02,", () => {
  test.each([
    ["long before", "STANDARD", "2026-08-01", undefined],
    ["from 90 days before, for a cluster that EKS upgrades", "STANDARD", "2026-09-04", "warning"],
    ["from its day on, for a cluster that EKS upgrades", "STANDARD", "2026-12-02", "error"],
    ["as a price from 90 days before", "EXTENDED", "2026-09-04", "warning"],
    ["as a price after it", "EXTENDED", "2027-01-01", "warning"],
    ["from 90 days before the end of all support", "EXTENDED", "2027-09-04", "warning"],
    ["from the end of all support on", "EXTENDED", "2027-12-02", "error"],
  ] as const)("shows %s", (_when, supportType, today, severity) => {
    const notice = supportNotice("1.34", supportType, new Date(`${today}T12:00:00Z`));
    expect(notice?.severity).toBe(severity);
    if (notice !== undefined) {
      expect(notice.message).toContain("upgrade to 1.35");
      expect(notice.message).toMatch(/20\d\d-12-02/);
    }
  });

  test("says nothing of a version that the table does not know", () => {
    expect(supportNotice("1.99", "STANDARD", new Date())).toBeUndefined();
  });
});
