import { type TestResource } from "../../support";

export const ENCRYPTION = "aws-encryption-at-rest";
export const STORES = "aws-no-public-stores";
export const ENDPOINT = "aws-cluster-endpoint";
export const LOGS = "aws-cluster-logs";
export const TAGS = "aws-tags-present";
export const ACTIONS = "aws-exact-actions";
export const TRUST = "aws-trusted-principals";
export const NODES = "aws-neuron-nodes";
export const METADATA = "aws-node-metadata";

export const tags = { Project: "p", Environment: "e", ManagedBy: "m" };
export const aws = (
  type: string,
  props: Record<string, unknown>,
  more: Partial<TestResource> = {},
): TestResource => ({
  type: `aws:${type}`,
  name: "it",
  props: { tags, ...props },
  ...more,
});
export const logs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
export const closed = { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] };
export const cluster = (props: object = {}) =>
  aws("eks/cluster:Cluster", {
    version: "1.34",
    vpcConfig: closed,
    enabledClusterLogTypes: logs,
    ...props,
  });
export const database = (props: Record<string, unknown>) =>
  aws("rds/instance:Instance", { storageEncrypted: true, ...props });
export const cache = (props: Record<string, unknown>) =>
  aws("elasticache/replicationGroup:ReplicationGroup", props);
export const instance = (props: object) =>
  aws("ec2/instance:Instance", {
    metadataOptions: { httpTokens: "required" },
    rootBlockDevice: { encrypted: true },
    ...props,
  });
export const anywhere = {
  protocol: "tcp",
  fromPort: 5432,
  toPort: 5432,
  cidrBlocks: ["0.0.0.0/0"],
};
export const group = (ingress: unknown, type = "ec2/securityGroup:SecurityGroup") =>
  aws(type, { ingress: [ingress] });
export const template = (props: object = {}) =>
  aws("ec2/launchTemplate:LaunchTemplate", {
    metadataOptions: { httpTokens: "required" },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
    ...props,
  });
export const nodes = (props: object) =>
  aws("eks/nodeGroup:NodeGroup", {
    instanceTypes: ["inf2.xlarge"],
    amiType: "AL2023_x86_64_NEURON",
    releaseVersion: "1.34.4-20260403",
    launchTemplate: { id: "lt-1", version: "1" },
    ...props,
  });
export const statement = (fields: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "S", Effect: "Allow", ...fields }] });
export const policy = (document: unknown) => aws("iam/policy:Policy", { policy: document });
export const trust = (fields: object) => statement({ Action: "sts:AssumeRole", ...fields });
export const ec2 = trust({ Principal: { Service: "ec2.amazonaws.com" } });
export const role = (props: object) => aws("iam/role:Role", { assumeRolePolicy: ec2, ...props });
export const wide = statement({ Action: "s3:*", Resource: "*" });
export const exact = statement({ Action: ["s3:GetObject"], Resource: "arn:aws:s3:::b/*" });
export const web = {
  Federated: "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com",
};
