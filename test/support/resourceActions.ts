/**
 * Actions that AWS asks for when a resource is made, read, changed and removed, by the type that the program declares it as.
 *
 * Source: the handlers' permissions in the CloudFormation resource schemas of us-east-1, as cfn-lint 1.58.0 ships them, without
 * those of properties that the program does not set (VPC encryption controls, VPC Lattice, transfers of addresses, own log delivery,
 * Secrets Manager, Firehose, replication, instance profiles, customer keys of stores, restores from snapshots). What is added
 * beside them is what the AWS provider is known to call in addition, marked with a comment. Not tried against an account.
 */
export const RESOURCE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/vpc:Vpc": list(
    "ec2",
    "CreateTags CreateVpc DeleteTags DeleteVpc DescribeNetworkAcls DescribeSecurityGroups DescribeVpcAttribute DescribeVpcs ModifyVpcAttribute",
    // The provider reads the VPC's main route table.
    "DescribeRouteTables",
  ),
  "aws:ec2/internetGateway:InternetGateway": list(
    "ec2",
    "AttachInternetGateway CreateInternetGateway CreateTags DeleteInternetGateway DeleteTags DescribeInternetGateways DetachInternetGateway",
  ),
  "aws:ec2/routeTable:RouteTable": list(
    "ec2",
    "CreateRouteTable CreateTags DeleteRouteTable DeleteTags DescribeRouteTables",
  ),
  "aws:ec2/route:Route": list("ec2", "CreateRoute DeleteRoute DescribeRouteTables ReplaceRoute"),
  "aws:ec2/subnet:Subnet": list(
    "ec2",
    "CreateSubnet CreateTags DeleteSubnet DeleteTags DescribeNetworkAcls DescribeSubnets ModifySubnetAttribute",
    // The provider waits for what lies in a subnet before it removes it.
    "DescribeNetworkInterfaces",
  ),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": list(
    "ec2",
    "AssociateRouteTable DescribeRouteTables DescribeSubnets DisassociateRouteTable ReplaceRouteTableAssociation",
  ),
  "aws:ec2/eip:Eip": list(
    "ec2",
    "AllocateAddress CreateTags DeleteTags DescribeAddresses DisassociateAddress ReleaseAddress",
    // The provider reads the address's domain name.
    "DescribeAddressesAttribute",
  ),
  "aws:ec2/natGateway:NatGateway": list(
    "ec2",
    "CreateNatGateway CreateTags DeleteNatGateway DeleteTags DescribeNatGateways",
  ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": list(
    "ec2",
    "CreateTags CreateVpcEndpoint DeleteTags DeleteVpcEndpoints DescribeSecurityGroups DescribeSubnets DescribeVpcEndpoints DescribeVpcs ModifyVpcEndpoint",
    // The provider reads the prefix list of a gateway endpoint.
    "DescribePrefixLists",
  ),
  "aws:ec2/securityGroup:SecurityGroup": list(
    "ec2",
    "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags DeleteSecurityGroup DeleteTags DescribeSecurityGroups RevokeSecurityGroupEgress RevokeSecurityGroupIngress UpdateSecurityGroupRuleDescriptionsEgress UpdateSecurityGroupRuleDescriptionsIngress",
  ),
  "aws:ec2/securityGroupRule:SecurityGroupRule": list(
    "ec2",
    "AuthorizeSecurityGroupIngress DescribeSecurityGroups RevokeSecurityGroupIngress",
  ),
  "aws:ec2/launchTemplate:LaunchTemplate": list(
    "ec2",
    "CreateLaunchTemplate CreateLaunchTemplateVersion CreateTags DeleteLaunchTemplate DeleteTags DescribeLaunchTemplates",
    // The provider reads the content, and sets the default version.
    "DescribeLaunchTemplateVersions ModifyLaunchTemplate",
  ),
  "aws:kms/key:Key": list(
    "kms",
    "CreateKey DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription",
  ),
  "aws:iam/role:Role": list(
    "iam",
    "CreateRole DeleteRole GetRole ListAttachedRolePolicies ListRolePolicies TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
    // The provider looks for instance profiles before it removes a role.
    "ListInstanceProfilesForRole",
  ),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": list(
    "iam",
    "AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies",
  ),
  "aws:iam/rolePolicy:RolePolicy": list("iam", "DeleteRolePolicy GetRolePolicy PutRolePolicy"),
  "aws:eks/cluster:Cluster": [
    ...list(
      "eks",
      "CreateCluster DeleteCluster DescribeCluster DescribeUpdate TagResource UntagResource UpdateClusterConfig UpdateClusterVersion",
    ),
    ...list("iam", "CreateServiceLinkedRole GetRole ListAttachedRolePolicies PassRole"),
    ...list("ec2", "DescribeSubnets DescribeVpcs"),
    ...list("kms", "CreateGrant DescribeKey"),
  ],
  "aws:eks/nodeGroup:NodeGroup": [
    ...list(
      "eks",
      "CreateNodegroup DeleteNodegroup DescribeNodegroup DescribeUpdate ListUpdates TagResource UntagResource UpdateNodegroupConfig UpdateNodegroupVersion",
    ),
    ...list(
      "ec2",
      "CreateTags DescribeLaunchTemplateVersions DescribeLaunchTemplates DescribeRouteTables DescribeSecurityGroups DescribeSubnets DescribeVpcs RunInstances",
    ),
    ...list("iam", "CreateServiceLinkedRole GetRole ListAttachedRolePolicies PassRole"),
  ],
  "aws:eks/addon:Addon": [
    ...list(
      "eks",
      "CreateAddon CreatePodIdentityAssociation DeleteAddon DeletePodIdentityAssociation DescribeAddon DescribeUpdate TagResource UntagResource UpdateAddon UpdatePodIdentityAssociation",
      // The provider reads the associations of an add-on.
      "DescribePodIdentityAssociation",
    ),
    ...list("iam", "GetRole PassRole"),
  ],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": [
    ...list(
      "eks",
      "CreatePodIdentityAssociation DeletePodIdentityAssociation DescribePodIdentityAssociation TagResource UntagResource UpdatePodIdentityAssociation",
    ),
    ...list("iam", "GetRole PassRole"),
  ],
  "aws:eks/accessEntry:AccessEntry": list(
    "eks",
    "CreateAccessEntry DeleteAccessEntry DescribeAccessEntry TagResource UntagResource UpdateAccessEntry",
  ),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": list(
    "eks",
    "AssociateAccessPolicy DisassociateAccessPolicy ListAssociatedAccessPolicies",
  ),
  "aws:efs/fileSystem:FileSystem": [
    ...list(
      "elasticfilesystem",
      "CreateFileSystem DeleteFileSystem DescribeFileSystems DescribeLifecycleConfiguration DescribeReplicationConfigurations PutLifecycleConfiguration TagResource UntagResource UpdateFileSystem",
    ),
    ...list("iam", "CreateServiceLinkedRole"),
  ],
  "aws:efs/fileSystemPolicy:FileSystemPolicy": list(
    "elasticfilesystem",
    "DeleteFileSystemPolicy DescribeFileSystemPolicy PutFileSystemPolicy",
  ),
  "aws:efs/mountTarget:MountTarget": [
    ...list(
      "elasticfilesystem",
      "CreateMountTarget DeleteMountTarget DescribeMountTargetSecurityGroups DescribeMountTargets ModifyMountTargetSecurityGroups",
    ),
    // EFS asks for these on behalf of the caller: Amazon EFS API reference of each action above; Amazon EFS User Guide, "Controlling
    // access to the EFS API".
    ...list(
      "ec2",
      "CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaceAttribute DescribeNetworkInterfaces DescribeSubnets ModifyNetworkInterfaceAttribute",
    ),
  ],
  "aws:rds/subnetGroup:SubnetGroup": [
    ...list(
      "rds",
      "AddTagsToResource CreateDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups ListTagsForResource ModifyDBSubnetGroup RemoveTagsFromResource",
    ),
    ...list("iam", "CreateServiceLinkedRole"),
  ],
  "aws:rds/parameterGroup:ParameterGroup": list(
    "rds",
    "AddTagsToResource CreateDBParameterGroup DeleteDBParameterGroup DescribeDBParameterGroups DescribeDBParameters DescribeEngineDefaultParameters ListTagsForResource ModifyDBParameterGroup RemoveTagsFromResource ResetDBParameterGroup",
  ),
  "aws:rds/instance:Instance": [
    ...list(
      "rds",
      "AddTagsToResource CreateDBInstance CreateDBSnapshot DeleteDBInstance DescribeDBEngineVersions DescribeDBInstances DescribeDBParameterGroups DescribeDBSnapshots ListTagsForResource ModifyDBInstance RebootDBInstance RemoveTagsFromResource",
    ),
    ...list(
      "ec2",
      "DescribeAccountAttributes DescribeAvailabilityZones DescribeInternetGateways DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcs",
    ),
  ],
  "aws:elasticache/subnetGroup:SubnetGroup": list(
    "elasticache",
    "AddTagsToResource CreateCacheSubnetGroup DeleteCacheSubnetGroup DescribeCacheSubnetGroups ListTagsForResource ModifyCacheSubnetGroup RemoveTagsFromResource",
  ),
  "aws:elasticache/parameterGroup:ParameterGroup": list(
    "elasticache",
    "AddTagsToResource CreateCacheParameterGroup DeleteCacheParameterGroup DescribeCacheParameterGroups DescribeCacheParameters ListTagsForResource ModifyCacheParameterGroup RemoveTagsFromResource",
  ),
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    ...list(
      "elasticache",
      "AddTagsToResource CreateCacheCluster CreateReplicationGroup CreateSnapshot DecreaseReplicaCount DeleteCacheCluster DeleteReplicationGroup DescribeCacheClusters DescribeReplicationGroups IncreaseReplicaCount ListTagsForResource ModifyReplicationGroup RemoveTagsFromResource",
    ),
    ...list("iam", "CreateServiceLinkedRole"),
  ],
  "aws:cloudwatch/logGroup:LogGroup": list(
    "logs",
    "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeLogGroups DisassociateKmsKey ListTagsForResource PutRetentionPolicy TagResource UntagResource",
  ),
  "aws:acm/certificate:Certificate": list(
    "acm",
    "AddTagsToCertificate DeleteCertificate DescribeCertificate ListTagsForCertificate RemoveTagsFromCertificate RequestCertificate",
  ),
  "aws:acm/certificateValidation:CertificateValidation": list("acm", "DescribeCertificate"),
  "aws:route53/record:Record": list(
    "route53",
    "ChangeResourceRecordSets GetChange GetHostedZone ListResourceRecordSets",
  ),
};

/**
 * Actions that AWS asks for when the program calls a function of the AWS provider, by its token.
 *
 * Source: the data sources of hashicorp/terraform-provider-aws (internal/service/autoscaling/groups_data_source.go and
 * group_data_source.go, internal/service/elbv2/hosted_zone_id_data_source.go), and the STS API reference of GetCallerIdentity.
 */
export const FUNCTION_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "aws:autoscaling/getAmiIds:getAmiIds": list("autoscaling", "DescribeAutoScalingGroups"),
  "aws:autoscaling/getGroup:getGroup": list("autoscaling", "DescribeAutoScalingGroups"),
  "aws:index/getCallerIdentity:getCallerIdentity": list("sts", "GetCallerIdentity"),
  // Both are looked up in tables of the provider.
  "aws:index/getPartition:getPartition": [],
  "aws:lb/getHostedZoneId:getHostedZoneId": [],
};

function list(service: string, ...names: readonly string[]): string[] {
  return names.flatMap((line) => line.split(" ")).map((name) => `${service}:${name}`);
}
