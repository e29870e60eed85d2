import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ArtifactStoreArgs {
  /** Name of the cluster, which the file system's own name starts with. */
  readonly clusterName: string;
  /** The VPC of the nodes. */
  readonly vpcId: pulumi.Input<string>;
  /** One private subnet per zone: nodes mount through the target in their own zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security group of the nodes, the only ones that may mount. */
  readonly nodeSecurityGroupId: pulumi.Input<string>;
  /** Refuse to destroy the stack. */
  readonly protect: boolean;
  /** Leave the file system, and the hours of compilation in it, to the account when the stack is destroyed. */
  readonly retain: boolean;
  /** AWS tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

const CLIENT_ACTIONS = [
  "elasticfilesystem:ClientMount",
  "elasticfilesystem:ClientRootAccess",
  "elasticfilesystem:ClientWrite",
];

/**
 * Who may mount: whoever reaches a mount target, which the security group decides, and over TLS alone, which the EFS CSI driver
 * uses by default. Source: Amazon EFS User Guide, "Enforcing encryption in transit".
 */
function mountPolicy(fileSystemArn: string): string {
  const statement = (sid: string, effect: "Allow" | "Deny", condition: Record<string, string>) => ({
    Sid: sid,
    Effect: effect,
    Principal: { AWS: "*" },
    Action: CLIENT_ACTIONS,
    Resource: fileSystemArn,
    Condition: { Bool: condition },
  });
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      statement("MountThroughTargets", "Allow", {
        "elasticfilesystem:AccessedViaMountTarget": "true",
      }),
      statement("RefuseWithoutTls", "Deny", { "aws:SecureTransport": "false" }),
    ],
  });
}

/** Encrypted EFS for the compiled models: written by one Job, read by every replica in every zone. */
export class ArtifactStore extends pulumi.ComponentResource {
  public readonly fileSystemId: pulumi.Output<string>;
  /** What must exist before a volume can be mounted. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: ArtifactStoreArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:cluster:ArtifactStore", name, {}, opts);
    const child = { parent: this };
    const tags = { ...args.tags, Name: `${args.clusterName}-artifacts` };
    const fileSystem = new aws.efs.FileSystem(
      name,
      {
        encrypted: true,
        throughputMode: "elastic",
        // Artifacts can be built again; what nobody read for a month may move to cheaper storage.
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }],
        tags,
      },
      { ...child, protect: args.protect, retainOnDelete: args.retain },
    );
    new aws.efs.FileSystemPolicy(
      name,
      { fileSystemId: fileSystem.id, policy: fileSystem.arn.apply(mountPolicy) },
      child,
    );
    const guard = new aws.ec2.SecurityGroup(
      name,
      {
        vpcId: args.vpcId,
        description: "NFS from the cluster's nodes",
        ingress: [
          {
            description: "NFS from the cluster's nodes",
            protocol: "tcp",
            fromPort: 2049,
            toPort: 2049,
            securityGroups: [args.nodeSecurityGroupId],
          },
        ],
        tags,
      },
      child,
    );
    this.ready = args.subnetIds.map(
      (subnetId, index) =>
        new aws.efs.MountTarget(
          `${name}-${index}`,
          { fileSystemId: fileSystem.id, subnetId, securityGroups: [guard.id] },
          child,
        ),
    );
    this.fileSystemId = fileSystem.id;
    this.registerOutputs({ fileSystemId: this.fileSystemId });
  }
}
