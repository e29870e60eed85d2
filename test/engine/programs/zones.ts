/** A control plane in the zones that the stack names. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const zones = new pulumi.Config().requireObject<string[]>("zones");
const provider = new aws.Provider("aws", { region: "us-west-2" });
const subnets = zones.map(
  (availabilityZone, index) =>
    new aws.ec2.Subnet(
      availabilityZone,
      { vpcId: "vpc-1", cidrBlock: `10.0.${index}.0/24`, availabilityZone },
      { provider },
    ),
);
new aws.eks.Cluster(
  "cluster",
  {
    name: "cluster",
    roleArn: "arn:aws:iam::123456789012:role/cluster",
    vpcConfig: { subnetIds: subnets.map(({ id }) => id) },
  },
  { provider },
);
