import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Desired sizes of Auto Scaling groups by their names. */
export type LiveSizes = Readonly<Record<string, number>>;

/**
 * What the autoscaler made of a cluster's node groups by now; empty before the cluster exists.
 *
 * A node group's bounds cannot be changed without its desired size, and the size that the engine keeps is the one of its last update:
 * sent along, it would take away nodes under running models, or lie below a new minimum and be refused.
 *
 * @param clusterName an output of the cluster: the SDK asks once its inputs are known, so that in an update of the control plane, which
 * takes up to an hour, the sizes are read after it and right before the groups are updated. In a preview that makes the cluster it is
 * unknown, and the sizes with it.
 */
export function liveSizes(
  clusterName: pulumi.Output<string>,
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<LiveSizes> {
  const groups = aws.autoscaling.getAmiIdsOutput(
    // EKS tags the Auto Scaling group of a node group with the cluster's name.
    { filters: [{ name: "tag:eks:cluster-name", values: [clusterName] }] },
    opts,
  );
  return groups.names.apply((names) =>
    pulumi
      .all(names.map((name) => aws.autoscaling.getGroupOutput({ name }, opts)))
      .apply((found) =>
        Object.fromEntries(found.map(({ name, desiredCapacity }) => [name, desiredCapacity])),
      ),
  );
}

/**
 * The desired size to send for a node group: what it has, within its bounds; the minimum for a group that does not exist yet.
 *
 * EKS names the Auto Scaling group `eks-<node group>-<uuid>`, and the provider a node group `<name>-<26 characters>`. While a group is
 * being replaced there are two, and the new one takes over as many nodes as the larger has.
 */
export function desiredSize(
  groupName: string,
  sizes: LiveSizes,
  bounds: { readonly minSize: number; readonly maxSize: number },
): number {
  const ours = new RegExp(`^eks-${groupName}-[0-9a-f]{26}-`);
  const live = Object.entries(sizes).flatMap(([name, size]) => (ours.test(name) ? [size] : []));
  return Math.min(bounds.maxSize, Math.max(bounds.minSize, ...live));
}
