import type { Properties } from "../properties";
import { templateVersion } from "./nodeGroupRefusals";
import { subnetId } from "./zones";

/** What the stand-in knows of one AWS resource type. */
export interface AwsResource {
  /** Inputs that AWS refuses to do without. */
  readonly required: readonly string[];
  /** Inputs that cannot be changed in place, as property paths. Source: the AWS provider's schema ("forces replacement"). */
  readonly replaceOn: readonly string[];
  readonly id: (inputs: Properties, unique: string) => string;
  /** Outputs beside the inputs that the program reads. */
  readonly outputs: (inputs: Properties, id: string) => Properties;
  /** Inputs of one that is there already, by its id. @default - the type cannot be imported */
  readonly imported?: (id: string) => Properties;
}

/** The account that everything is made in. */
export const ACCOUNT = "123456789012";
const REGION = "us-west-2";

export const arn = (service: string, path: string, region = REGION) =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${path}`;

export const prefixed = (prefix: string) => (_inputs: Properties, unique: string) =>
  `${prefix}-${unique}`;

export const text = (value: unknown, fallback: string) =>
  typeof value === "string" ? value : fallback;

function ec2(
  prefix: string,
  path: string,
  details: Partial<Pick<AwsResource, "required" | "replaceOn">> & {
    readonly more?: (inputs: Properties, id: string) => Properties;
  } = {},
): AwsResource {
  return {
    required: details.required ?? [],
    replaceOn: details.replaceOn ?? [],
    id: prefixed(prefix),
    outputs: (inputs, id) => ({
      arn: arn("ec2", `${path}/${id}`),
      ...details.more?.(inputs, id),
    }),
  };
}

/** Every AWS resource type that the program declares; any other is an error. */
export const AWS_RESOURCES: Readonly<Record<string, AwsResource>> = {
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", { required: ["cidrBlock"], replaceOn: ["cidrBlock"] }),
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table", {
    required: ["vpcId"],
    replaceOn: ["vpcId"],
  }),
  "aws:ec2/route:Route": ec2("r-rtb", "route", {
    required: ["routeTableId"],
    replaceOn: ["routeTableId", "destinationCidrBlock"],
  }),
  "aws:ec2/subnet:Subnet": {
    ...ec2("subnet", "subnet", {
      required: ["vpcId", "cidrBlock", "availabilityZone"],
      replaceOn: ["vpcId", "cidrBlock", "availabilityZone"],
    }),
    id: subnetId,
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2("rtbassoc", "association", {
    required: ["routeTableId"],
    replaceOn: ["subnetId"],
  }),
  "aws:ec2/eip:Eip": ec2("eipalloc", "elastic-ip", {
    more: (_inputs, id) => ({ allocationId: id, publicIp: "198.51.100.1" }),
  }),
  "aws:ec2/natGateway:NatGateway": ec2("nat", "natgateway", {
    replaceOn: ["subnetId", "allocationId"],
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint", {
    required: ["vpcId"],
    replaceOn: ["vpcId", "serviceName", "vpcEndpointType"],
  }),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group", {
    replaceOn: ["vpcId", "description", "name"],
  }),
  "aws:ec2/securityGroupRule:SecurityGroupRule": ec2("sgrule", "security-group-rule", {
    required: ["securityGroupId", "type", "protocol", "fromPort", "toPort"],
    replaceOn: ["securityGroupId", "type", "protocol", "fromPort", "toPort", "cidrBlocks"],
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": ec2("lt", "launch-template", {
    replaceOn: ["name"],
    // Each content is a version of its own, so that a change reaches the node group.
    more: (inputs) => ({
      latestVersion: templateVersion(inputs),
      defaultVersion: templateVersion(inputs),
    }),
  }),
  "aws:kms/key:Key": {
    required: [],
    replaceOn: ["keyUsage", "customerMasterKeySpec"],
    id: prefixed("key"),
    outputs: (_inputs, id) => ({ arn: arn("kms", `key/${id}`), keyId: id }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    required: [],
    replaceOn: ["name", "namePrefix", "logGroupClass"],
    id: (inputs, unique) => text(inputs.name, `log-group-${unique}`),
    outputs: (_inputs, id) => ({ arn: arn("logs", `log-group:${id}`) }),
    imported: (id) => ({ name: id }),
  },
  "aws:iam/role:Role": {
    required: ["assumeRolePolicy"],
    replaceOn: ["name", "path"],
    id: prefixed("role"),
    outputs: (_inputs, id) => ({ name: id, arn: arn("iam", `role/${id}`, "") }),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    required: ["role", "policyArn"],
    replaceOn: ["role", "policyArn"],
    id: prefixed("attachment"),
    outputs: () => ({}),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    required: ["role", "policy"],
    replaceOn: ["role", "name"],
    id: prefixed("policy"),
    outputs: (_inputs, id) => ({ name: id }),
  },
  "aws:eks/cluster:Cluster": {
    required: ["roleArn", "vpcConfig"],
    replaceOn: ["name", "roleArn", "encryptionConfig"],
    id: (inputs, unique) => text(inputs.name, `cluster-${unique}`),
    outputs: (inputs, id) => ({
      name: id,
      arn: arn("eks", `cluster/${id}`),
      endpoint: `https://${id}.eks.invalid`,
      certificateAuthority: { data: "" },
      kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" },
      vpcConfig: {
        ...(typeof inputs.vpcConfig === "object" ? inputs.vpcConfig : {}),
        clusterSecurityGroupId: `sg-${id}`,
      },
    }),
  },
  "aws:eks/nodeGroup:NodeGroup": {
    required: ["clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"],
    replaceOn: [
      "clusterName",
      "nodeGroupName",
      "nodeGroupNamePrefix",
      "nodeRoleArn",
      "subnetIds",
      "amiType",
      "capacityType",
      "diskSize",
      "instanceTypes",
    ],
    id: (inputs, unique) =>
      `${text(inputs.clusterName, "")}:${text(inputs.nodeGroupNamePrefix, "")}${unique}`,
    outputs: (_inputs, id) => ({
      arn: arn("eks", `nodegroup/${id}`),
      nodeGroupName: id.split(":").at(-1) ?? id,
      status: "ACTIVE",
    }),
  },
  "aws:eks/addon:Addon": {
    required: ["clusterName", "addonName", "addonVersion"],
    replaceOn: ["clusterName", "addonName"],
    id: (inputs) => `${text(inputs.clusterName, "")}:${text(inputs.addonName, "")}`,
    outputs: (_inputs, id) => ({ arn: arn("eks", `addon/${id}`) }),
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    required: ["clusterName", "namespace", "serviceAccount", "roleArn"],
    replaceOn: ["clusterName", "namespace", "serviceAccount"],
    id: prefixed("a"),
    outputs: (_inputs, id) => ({ associationId: id }),
  },
  "aws:eks/accessEntry:AccessEntry": {
    required: ["clusterName", "principalArn"],
    replaceOn: ["clusterName", "principalArn", "type"],
    id: (inputs) => `${text(inputs.clusterName, "")}:${text(inputs.principalArn, "")}`,
    outputs: (inputs) => ({
      accessEntryArn: arn("eks", `access-entry/${text(inputs.clusterName, "")}`),
    }),
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    required: ["clusterName", "principalArn", "policyArn", "accessScope"],
    replaceOn: ["clusterName", "principalArn", "policyArn", "accessScope"],
    id: (inputs) =>
      [inputs.clusterName, inputs.principalArn, inputs.policyArn]
        .map((part) => text(part, ""))
        .join("#"),
    outputs: () => ({}),
  },
  "aws:acm/certificate:Certificate": {
    required: ["domainName", "validationMethod"],
    replaceOn: ["domainName", "validationMethod", "subjectAlternativeNames"],
    id: (_inputs, unique) => arn("acm", `certificate/${unique}`),
    outputs: ({ domainName }, id) => ({
      arn: id,
      domainValidationOptions: [
        {
          domainName,
          resourceRecordName: `_proof.${text(domainName, "")}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: "_proof.acm-validations.invalid.",
        },
      ],
    }),
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    required: ["certificateArn"],
    replaceOn: ["certificateArn", "validationRecordFqdns"],
    id: prefixed("validation"),
    outputs: () => ({}),
  },
  "aws:route53/record:Record": {
    required: ["zoneId", "name", "type"],
    replaceOn: ["zoneId", "name"],
    id: (inputs) =>
      [inputs.zoneId, inputs.name, inputs.type].map((part) => text(part, "")).join("_"),
    outputs: (inputs) => ({ fqdn: text(inputs.name, "").replace(/\.$/, "") }),
  },
  "aws:efs/fileSystem:FileSystem": {
    required: [],
    replaceOn: ["encrypted", "kmsKeyId", "performanceMode", "availabilityZoneName"],
    id: prefixed("fs"),
    outputs: (_inputs, id) => ({ arn: arn("elasticfilesystem", `file-system/${id}`) }),
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": {
    required: ["fileSystemId", "policy"],
    replaceOn: ["fileSystemId"],
    id: (inputs) => text(inputs.fileSystemId, ""),
    outputs: () => ({}),
  },
  "aws:efs/mountTarget:MountTarget": {
    required: ["fileSystemId", "subnetId"],
    replaceOn: ["fileSystemId", "subnetId", "ipAddress"],
    id: prefixed("fsmt"),
    outputs: () => ({}),
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    required: ["subnetIds"],
    replaceOn: ["name", "namePrefix"],
    id: prefixed("rds-subnets"),
    outputs: (_inputs, id) => ({ name: id, arn: arn("rds", `subgrp:${id}`) }),
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    required: ["family"],
    replaceOn: ["name", "namePrefix", "family", "description"],
    id: prefixed("rds-parameters"),
    outputs: (_inputs, id) => ({ name: id, arn: arn("rds", `pg:${id}`) }),
  },
  "aws:rds/instance:Instance": {
    required: ["instanceClass", "engine", "allocatedStorage", "username"],
    replaceOn: [
      "availabilityZone",
      "characterSetName",
      "dbName",
      "engine",
      "kmsKeyId",
      "snapshotIdentifier",
      "storageEncrypted",
      "username",
    ],
    id: (_inputs, unique) => `db-${unique}`,
    outputs: (inputs) => {
      const host = `${text(inputs.identifier, "database")}.rds.invalid`;
      return { address: host, endpoint: `${host}:5432`, arn: arn("rds", `db:${host}`) };
    },
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    required: ["subnetIds"],
    replaceOn: ["name"],
    id: prefixed("cache-subnets"),
    outputs: (_inputs, id) => ({ name: id, arn: arn("elasticache", `subnetgroup:${id}`) }),
  },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    required: ["family"],
    replaceOn: ["name", "family", "description"],
    id: prefixed("cache-parameters"),
    outputs: (_inputs, id) => ({ name: id, arn: arn("elasticache", `parametergroup:${id}`) }),
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    required: ["description"],
    replaceOn: [
      "atRestEncryptionEnabled",
      "kmsKeyId",
      "port",
      "replicationGroupId",
      "subnetGroupName",
    ],
    id: (inputs, unique) => text(inputs.replicationGroupId, `cache-${unique}`),
    outputs: (_inputs, id) => ({
      primaryEndpointAddress: `master.${id}.cache.invalid`,
      arn: arn("elasticache", `replicationgroup:${id}`),
    }),
  },
};
