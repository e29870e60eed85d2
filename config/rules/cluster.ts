import { EKS_RELEASES } from "../../domain/eksReleases";
import { supportNotice, type SupportNotice } from "../../domain/eksSupport";
import { usableAmiReleases } from "../../domain/neuron/compatibility";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { ConfigProblem } from "./problems";
import type { Rule } from "./rule";

export const nodeGroupSizesInOrder: Rule = (config) => [
  ...Object.entries(config.neuron.nodeGroups).flatMap(([name, group]) =>
    sizesInOrder(["neuron", "nodeGroups", name], group),
  ),
  ...(config.cluster.kind === "eks"
    ? sizesInOrder(["cluster", "systemNodes"], config.cluster.systemNodes)
    : []),
];

/** Add-ons, charts and node images follow from the version: what would be said of them for an unknown one is left to this rule. */
export const versionIsKnown: Rule = ({ cluster: { kubernetesVersion } }) =>
  isKnown(kubernetesVersion)
    ? []
    : [
        {
          path: ["cluster", "kubernetesVersion"],
          value: kubernetesVersion,
          message: `is not in the table of versions that the program knows; write one of ${Object.keys(EKS_RELEASES).join(", ")}`,
        },
      ];

/** Whether the table of releases has a minor version. */
export function isKnown(kubernetesVersion: string): boolean {
  return Object.hasOwn(EKS_RELEASES, kubernetesVersion);
}

/** EKS builds kube-proxy for each minor version; one of another is for nodes of another, which a stack does not have. */
export const kubeProxyIsOfTheVersion: Rule = ({ cluster }) => {
  if (cluster.kind !== "eks" || !isKnown(cluster.kubernetesVersion)) {
    return [];
  }
  const { kubernetesVersion, addonVersions } = cluster;
  const written = addonVersions["kube-proxy"];
  return written.startsWith(`v${kubernetesVersion}.`)
    ? []
    : [
        {
          path: ["cluster", "addonVersions", "kube-proxy"],
          value: written,
          message: `is not of Kubernetes ${kubernetesVersion}; leave it out, or write ${EKS_RELEASES[kubernetesVersion]?.addons["kube-proxy"]} or another of v${kubernetesVersion}`,
        },
      ];
};

/** An error only where EKS may already upgrade the control plane; what ends later is a {@link supportWarning}. */
export const versionIsSupported: Rule = (config) => {
  const notice = noticeOf(config, new Date());
  return notice?.severity === "error"
    ? [
        {
          path: ["cluster", "kubernetesVersion"],
          value: config.cluster.kubernetesVersion,
          message: notice.message,
        },
      ]
    : [];
};

/** What a preview says of the support of the cluster's version, from 90 days before an end; undefined until then. */
export function supportWarning(config: ParsedConfig, today: Date): string | undefined {
  const notice = noticeOf(config, today);
  return notice?.severity === "warning"
    ? `Kubernetes ${config.cluster.kubernetesVersion} ${notice.message}`
    : undefined;
}

/** A cluster that somebody else made is theirs to upgrade. */
function noticeOf({ cluster }: ParsedConfig, today: Date): SupportNotice | undefined {
  return cluster.kind === "eks"
    ? supportNotice(cluster.kubernetesVersion, cluster.supportType, today)
    : undefined;
}

/** A new node must have the version of its cluster; what the image of Neuron nodes needs besides is checked with their pins. */
export const systemImageIsOfTheVersion: Rule = ({ cluster }) =>
  cluster.kind === "eks" &&
  isKnown(cluster.kubernetesVersion) &&
  !new RegExp(`^${cluster.kubernetesVersion.replace(".", "\\.")}\\.\\d+-\\d{8}$`).test(
    cluster.systemNodes.amiRelease,
  )
    ? [
        {
          path: ["cluster", "systemNodes", "amiRelease"],
          value: cluster.systemNodes.amiRelease,
          message: `is no image of Kubernetes ${cluster.kubernetesVersion}; leave it out, or write ${usableAmiReleases(cluster.kubernetesVersion)[0] ?? `${cluster.kubernetesVersion}.x-YYYYMMDD`}`,
        },
      ]
    : [];

export const sharedStorageHasParameters: Rule = (config) => {
  const { shared } = config.storage;
  return config.cluster.kind === "existing" &&
    shared.create &&
    shared.provisioner === "efs.csi.aws.com" &&
    shared.parameters.fileSystemId === undefined
    ? [
        {
          path: ["storage", "shared", "parameters", "fileSystemId"],
          message:
            "is missing; write the id of the EFS file system, or create: false with the name of a class that the cluster has",
        },
      ]
    : [];
};

function sizesInOrder(
  path: readonly string[],
  group: { readonly minSize: number; readonly maxSize: number },
): ConfigProblem[] {
  return group.minSize > group.maxSize
    ? [
        {
          path: [...path, "minSize"],
          value: group.minSize,
          message: `is more than maxSize ${group.maxSize}; write a value up to ${group.maxSize}`,
        },
      ]
    : [];
}
