import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nodeGroupPrefix } from "../../domain/awsNames";
import { MAX_UNAVAILABLE, type UpdateStrategy } from "../../domain/nodeUpdates";
import type { NeuronNodeGroup } from "../../domain/settings/neuron";
import { customImageUserData, type ClusterAddress } from "./customImage";
import { desiredSize, type LiveSizes } from "./liveSizes";

/** The image of a group's nodes: a pinned release of EKS, or one's own. */
export type NodeImage =
  | {
      /** Kind of EKS image. */
      readonly amiType: "AL2023_x86_64_STANDARD" | "AL2023_x86_64_NEURON";
      /** Its release; the latest may carry another driver. */
      readonly release: string;
      /** Minor Kubernetes version of the nodes. */
      readonly kubernetesVersion: string;
    }
  | {
      /** Image of one's own, ami-.... */
      readonly amiId: string;
      /** Where its nodes find the cluster. */
      readonly cluster: pulumi.Input<ClusterAddress>;
    };

/** Inputs of {@link NodeGroup}: the settings of a group, and where it belongs. */
export interface NodeGroupArgs extends Pick<
  NeuronNodeGroup,
  "capacity" | "capacityReservationId" | "diskGiB" | "maxSize" | "minSize"
> {
  /** Name of the cluster, known once it can take nodes. */
  readonly clusterName: pulumi.Input<string>;
  /** Name of the group; its nodes carry it as label `llm-gateway/node-group`. */
  readonly groupName: string;
  /** Role that the nodes take. */
  readonly nodeRoleArn: pulumi.Input<string>;
  /** Subnets of the nodes, one per zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** EC2 instance types that the group may take. */
  readonly instanceTypes: readonly string[];
  /** Image of the nodes. */
  readonly image: NodeImage;
  /** What the autoscaler made of the cluster's groups by now. */
  readonly liveSizes: pulumi.Input<LiveSizes>;
  /** Taints that keep other pods away, with effect `NoSchedule`. */
  readonly taints: readonly { readonly key: string; readonly value: string }[];
  /** How EKS updates the nodes in place. */
  readonly updateStrategy: UpdateStrategy;
  /** Minutes that one node takes in an update: drain, new instance, and what runs on it ready again. */
  readonly updateMinutesPerNode: number;
  /**
   * Extended resources of one node by name. As tags of the group they let Cluster Autoscaler scale from zero: without a
   * node to look at, it reads there what one would offer.
   */
  readonly resourcesPerNode: Readonly<Record<string, number>>;
  /** AWS tags of group, instances and volumes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Minutes after which EKS gives up to drain a node. Source: Amazon EKS User Guide, "Managed node group update behavior". */
export const DRAIN_MINUTES = 15;

/** Label of a node with the name of its group in the configuration. */
const GROUP_LABEL = "llm-gateway/node-group";

/** A managed node group on encrypted disks, with IMDSv2 only and node repair. */
export class NodeGroup extends pulumi.ComponentResource {
  public readonly resource: aws.eks.NodeGroup;
  public readonly groupName: string;

  public constructor(name: string, args: NodeGroupArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:cluster:NodeGroup", name, {}, opts);
    this.groupName = args.groupName;
    const tags = { ...args.tags, Name: args.groupName };
    const labels = { [GROUP_LABEL]: args.groupName };
    const template = new aws.ec2.LaunchTemplate(
      name,
      {
        updateDefaultVersion: true,
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          // One hop keeps the node's role from pods; they have Pod Identity.
          httpPutResponseHopLimit: 1,
        },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeSize: args.diskGiB,
              volumeType: "gp3",
              encrypted: "true",
              deleteOnTermination: "true",
            },
          },
        ],
        // A group's own tags reach neither its instances nor their volumes.
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
        ...(args.capacityReservationId === undefined
          ? {}
          : {
              capacityReservationSpecification: {
                capacityReservationTarget: { capacityReservationId: args.capacityReservationId },
              },
            }),
        ...imageOfTemplate(args, labels),
        tags,
      },
      { parent: this },
    );
    this.resource = new aws.eks.NodeGroup(
      name,
      {
        clusterName: args.clusterName,
        nodeGroupNamePrefix: nodeGroupPrefix(args.groupName),
        nodeRoleArn: args.nodeRoleArn,
        subnetIds: [...args.subnetIds],
        instanceTypes: [...args.instanceTypes],
        ...imageOfGroup(args.image),
        capacityType: args.capacity === "spot" ? "SPOT" : "ON_DEMAND",
        launchTemplate: {
          id: template.id,
          version: template.latestVersion.apply(String),
        },
        scalingConfig: {
          minSize: args.minSize,
          maxSize: args.maxSize,
          desiredSize: pulumi
            .output(args.liveSizes)
            .apply((sizes) => desiredSize(args.groupName, sizes, args)),
        },
        updateConfig: { maxUnavailable: MAX_UNAVAILABLE, updateStrategy: args.updateStrategy },
        nodeRepairConfig: { enabled: true },
        labels,
        taints: args.taints.map((taint) => ({ ...taint, effect: "NO_SCHEDULE" })),
        tags: {
          ...tags,
          ...Object.fromEntries(
            Object.entries(args.resourcesPerNode).map(([resource, amount]) => [
              `k8s.io/cluster-autoscaler/node-template/resources/${resource}`,
              String(amount),
            ]),
          ),
        },
      },
      {
        parent: this,
        // With another template version the provider sends no release, and EKS takes the newest image, whose driver may refuse the
        // runtime (hashicorp/terraform-provider-aws#40902). A new group is made with its release; it stands before the old one goes.
        replaceOnChanges: ["launchTemplate"],
        customTimeouts: {
          create: "40m",
          update: `${args.updateMinutesPerNode * args.maxSize + 30}m`,
          delete: `${DRAIN_MINUTES * args.maxSize + 30}m`,
        },
      },
    );
    this.registerOutputs();
  }
}

/** Of an EKS image nothing: EKS adds image and user data for the image type of the group. */
function imageOfTemplate(
  { image, taints }: NodeGroupArgs,
  labels: Readonly<Record<string, string>>,
): Pick<aws.ec2.LaunchTemplateArgs, "imageId" | "userData"> {
  if (!("amiId" in image)) {
    return {};
  }
  const { amiId, cluster } = image;
  return {
    imageId: amiId,
    userData: pulumi
      .output(cluster)
      .apply((address) => customImageUserData(address, { amiId, labels, taints })),
  };
}

/**
 * Of an image of one's own nothing: a group whose launch template names an image may have neither type nor version nor release, and
 * EKS shows it as `CUSTOM`. Sources: Amazon EKS API Reference, CreateNodegroup, amiType; pulumi-eks 7bf0c1b, nodejs/eks/nodes/nodegroup.ts.
 */
function imageOfGroup(
  image: NodeImage,
): Pick<aws.eks.NodeGroupArgs, "amiType" | "version" | "releaseVersion"> {
  return "amiId" in image
    ? {}
    : {
        amiType: image.amiType,
        version: image.kubernetesVersion,
        releaseVersion: image.release,
      };
}
