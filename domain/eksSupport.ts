import { EKS_RELEASES } from "./eksReleases";

/**
 * What EKS does with a control plane at the end of standard support: `EXTENDED` keeps its version for another year at a higher price
 * (docs/costs.md), `STANDARD` upgrades it by itself, away from the pinned nodes and add-ons.
 */
export const SUPPORT_TYPES = ["EXTENDED", "STANDARD"] as const;

export type SupportType = (typeof SUPPORT_TYPES)[number];

/** Something to know about the support of a cluster's version. */
export interface SupportNotice {
  /** `error` where EKS may upgrade the control plane at any moment. */
  readonly severity: "warning" | "error";
  /** What ends when, and what to do; it follows the version. */
  readonly message: string;
}

/** Days before an end from which it is announced. */
export const ANNOUNCED_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What the end of support means for a cluster of this version today.
 *
 * An error where EKS may upgrade the control plane at any moment: the pins of nodes and add-ons would no longer match, and a new node
 * group must have the version of the cluster.
 *
 * @param version minor Kubernetes version, `1.36`
 * @returns undefined while nothing ends within 90 days, and for a version that the table does not know
 */
export function supportNotice(
  version: string,
  supportType: SupportType,
  today: Date,
): SupportNotice | undefined {
  const release = EKS_RELEASES[version];
  if (release === undefined) {
    return undefined;
  }
  const { endOfStandardSupport, endOfExtendedSupport } = release;
  const end = supportType === "STANDARD" ? endOfStandardSupport : endOfExtendedSupport;
  const kind = supportType === "STANDARD" ? "standard" : "extended";
  const next = nextVersion(version);
  const upgrade =
    next === undefined
      ? "upgrade to a version that EKS supports (docs/upgrade.md)"
      : `upgrade to ${next} (docs/upgrade.md)`;
  if (daysUntil(end, today) <= 0) {
    return {
      severity: "error",
      message: `left ${kind} support on ${end}: EKS may upgrade the control plane at any moment; ${upgrade}`,
    };
  }
  if (daysUntil(end, today) <= ANNOUNCED_DAYS) {
    return {
      severity: "warning",
      message: `leaves ${kind} support on ${end}: EKS then upgrades the control plane by itself; ${upgrade}`,
    };
  }
  if (supportType === "EXTENDED" && daysUntil(endOfStandardSupport, today) <= ANNOUNCED_DAYS) {
    return {
      severity: "warning",
      message: `has the price of extended support from ${endOfStandardSupport} on; ${upgrade}`,
    };
  }
  return undefined;
}

function daysUntil(date: string, today: Date): number {
  return (Date.parse(`${date}T00:00:00Z`) - today.getTime()) / DAY_MS;
}

/** The next minor version of the table. */
function nextVersion(version: string): string | undefined {
  const versions = Object.keys(EKS_RELEASES);
  return versions[versions.indexOf(version) + 1];
}
