import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AddonName } from "../../domain/eksAddons";
import { PodRole } from "./iam";

type Tags = Readonly<Record<string, string>>;

export interface ClusterAddonsArgs {
  /** Name of the cluster, known once it can take add-ons. */
  readonly clusterName: pulumi.Input<string>;
  /** Version of each add-on, `vX.Y.Z-eksbuild.N`. */
  readonly versions: Readonly<Record<AddonName, string>>;
  /** The nodes that the add-ons' pods run on: an add-on without a node to run on counts as failed after 20 minutes. */
  readonly systemNodes: pulumi.Resource;
  /** AWS tags of everything that is made. */
  readonly tags: Tags;
}

interface StorageDriver {
  readonly addon: AddonName;
  readonly serviceAccount: string;
  /** AWS managed policy. */
  readonly policy: string;
  /** Settings of the add-on. */
  readonly configuration?: (tags: Tags) => unknown;
}

/** Add-ons that need credentials, with the AWS managed policy for each and the service account that gets it. */
const STORAGE_DRIVERS: readonly StorageDriver[] = [
  {
    addon: "aws-ebs-csi-driver",
    serviceAccount: "ebs-csi-controller-sa",
    policy: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    // The driver makes the volumes, so the tags that the AWS provider adds do not reach them.
    configuration: (tags) => ({ controller: { extraVolumeTags: tags } }),
  },
  {
    addon: "aws-efs-csi-driver",
    serviceAccount: "efs-csi-controller-sa",
    policy: "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy",
  },
];

const PLAIN_ADDONS = ["coredns", "metrics-server", "eks-node-monitoring-agent"] as const;

/** EKS add-ons at pinned versions. `vpc-cni` and `kube-proxy` come with the cluster: nodes need them to become ready. */
export class ClusterAddons extends pulumi.ComponentResource {
  /** What in-cluster workloads wait for. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: ClusterAddonsArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:cluster:ClusterAddons", name, {}, opts);
    const addon = (
      addonName: AddonName,
      dependsOn: readonly pulumi.Resource[],
      extra: Partial<aws.eks.AddonArgs> = {},
    ) =>
      new aws.eks.Addon(
        `${name}-${addonName}`,
        {
          clusterName: args.clusterName,
          addonName,
          addonVersion: args.versions[addonName],
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
          tags: { ...args.tags },
          ...extra,
        },
        { parent: this, dependsOn: [...dependsOn] },
      );
    const identity = addon("eks-pod-identity-agent", [args.systemNodes]);
    const drivers = STORAGE_DRIVERS.map(
      ({ addon: driver, serviceAccount, policy, configuration }) => {
        const role = new PodRole(
          `${name}-${driver}`,
          {
            clusterName: args.clusterName,
            namespace: "kube-system",
            serviceAccount,
            managedPolicyArns: [policy],
            associate: false,
            tags: args.tags,
          },
          { parent: this },
        );
        return addon(driver, [args.systemNodes, identity, ...role.ready], {
          podIdentityAssociations: [{ roleArn: role.arn, serviceAccount }],
          ...(configuration === undefined
            ? {}
            : { configurationValues: JSON.stringify(configuration(args.tags)) }),
        });
      },
    );
    this.ready = [
      identity,
      ...drivers,
      ...PLAIN_ADDONS.map((plain) => addon(plain, [args.systemNodes])),
    ];
    this.registerOutputs();
  }
}
