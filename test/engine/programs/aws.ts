/** AWS resources written without the components of this project, each right but for the mistake that the stack names. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const mistake = new pulumi.Config().require("mistake");
const provider = new aws.Provider("aws", {
  region: "us-west-2",
  defaultTags: { tags: { Project: "p", Environment: "test", ManagedBy: "pulumi" } },
});
const tags = { Project: "p", Environment: "test", ManagedBy: "pulumi" };

new aws.rds.Instance(
  "database",
  {
    engine: "postgres",
    instanceClass: "db.t4g.medium",
    allocatedStorage: 20,
    username: "owner",
    password: pulumi.secret("not-used"),
    storageEncrypted: true,
    publiclyAccessible: mistake === "public database",
    skipFinalSnapshot: true,
    tags,
  },
  { provider },
);
const template = new aws.ec2.LaunchTemplate(
  "neuron",
  {
    metadataOptions: { httpTokens: "required" },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 100 } }],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
    tags,
  },
  { provider },
);
new aws.eks.NodeGroup(
  "neuron",
  {
    clusterName: "cluster",
    nodeRoleArn: "arn:aws:iam::123456789012:role/node",
    subnetIds: ["subnet-1"],
    instanceTypes: ["inf2.xlarge"],
    amiType: mistake === "wrong AMI type" ? "AL2023_x86_64_STANDARD" : "AL2023_x86_64_NEURON",
    ...(mistake === "unpinned release" ? {} : { releaseVersion: "1.34.4-20260403" }),
    launchTemplate: { id: template.id, version: "1" },
    scalingConfig: { minSize: 0, maxSize: 1, desiredSize: 0 },
    tags,
  },
  { provider },
);
