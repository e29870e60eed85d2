import type { ParsedConfig } from "../../domain/settings/schema";
import type { EksSettings } from "./subject";

/** One node image release that a stack pins. */
export interface NodeImage {
  /** Path of the setting. */
  readonly path: string;
  /** `<Kubernetes patch version>-<date>`. */
  readonly release: string;
  /** Part of EKS's images: with the Neuron driver, or without any. */
  readonly kind: "standard" | "neuron";
  /** Minor version of the cluster: EKS refuses nodes of another. */
  readonly kubernetesVersion: string;
}

/** The images of all node groups. */
export function nodeImages(
  { kubernetesVersion, systemNodes }: EksSettings,
  groups: ParsedConfig["neuron"]["nodeGroups"],
): NodeImage[] {
  return [
    {
      path: "cluster.systemNodes.amiRelease",
      release: systemNodes.amiRelease,
      kind: "standard",
      kubernetesVersion,
    },
    // An image of one's own is in no list of EKS.
    ...Object.entries(groups).flatMap(([name, { amiId, amiRelease }]) =>
      amiId !== undefined || amiRelease === undefined
        ? []
        : [
            {
              path: `neuron.nodeGroups.${name}.amiRelease`,
              release: amiRelease,
              kind: "neuron" as const,
              kubernetesVersion,
            },
          ],
    ),
  ];
}

/**
 * The public SSM parameters of a release; undefined for a release that is none of the cluster's Kubernetes version.
 *
 * Sources: Amazon EKS User Guide, "Retrieve recommended Amazon Linux AMI IDs", for the path of an image type and its
 * `image_id`; for a dated release, the path that Karpenter resolves a pinned `al2023@v<date>` through
 * (pkg/providers/amifamily/al2023.go). `release_version` is documented for `recommended` alone: where a dated release has
 * none, the patch version is not compared.
 */
export function imageParameters({
  release,
  kind,
  kubernetesVersion,
}: NodeImage): { readonly imageId: string; readonly releaseVersion: string } | undefined {
  const [, minor, date] = /^(\d+\.\d+)\.\d+-(\d{8})$/.exec(release) ?? [];
  if (minor !== kubernetesVersion || date === undefined) {
    return undefined;
  }
  const folder =
    `/aws/service/eks/optimized-ami/${minor}/amazon-linux-2023/x86_64/${kind}` +
    `/amazon-eks-node-al2023-x86_64-${kind}-${minor}-v${date}`;
  return { imageId: `${folder}/image_id`, releaseVersion: `${folder}/release_version` };
}
