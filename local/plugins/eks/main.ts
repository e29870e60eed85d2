/**
 * A stand-in for the official `eks` component provider: its Cluster alone, with the argument checks of the original that
 * the program could run into, and with the AWS resources that policies look at as children.
 */
import { readFileSync } from "node:fs";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { lifecycle, sdkVersion, unary } from "../plugin";
import {
  argumentsFrom,
  isTree,
  resourceReference,
  toStruct,
  UNKNOWN,
  type Properties,
} from "../properties";
import { announce, pluginServer } from "../server";
import { checkClusterArguments } from "./arguments";
import { Monitor, type Registered } from "./monitor";

const CLUSTER = "eks:index:Cluster";

/** Kubeconfig of the control plane that plays the cluster; without one the cluster cannot be reached. */
const KUBECONFIG = "LLM_GATEWAY_EKS_KUBECONFIG";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ],
});

async function construct(request: rpc.ConstructRequest): Promise<rpc.ConstructResponse> {
  if (request.getType() !== CLUSTER) {
    throw new Error(`the stand-in eks provider knows ${CLUSTER}, not ${request.getType()}`);
  }
  const inputs = argumentsFrom(request.getInputs());
  checkClusterArguments(inputs);
  const monitor = new Monitor(request);
  const name = request.getName();
  const component = await monitor.component();
  const { tags } = inputs;
  const role = await monitor.child("aws:iam/role:Role", `${name}-eksRole`, component, {
    assumeRolePolicy: TRUST,
    tags,
  });
  const cluster = await monitor.child(
    "aws:eks/cluster:Cluster",
    `${name}-eksCluster`,
    component,
    clusterInputs(inputs, role),
    [role],
  );
  const addon = (addonName: string, options: unknown) =>
    monitor.child(
      "aws:eks/addon:Addon",
      `${name}-${addonName}`,
      component,
      {
        clusterName: cluster.outputs.name ?? UNKNOWN,
        addonName,
        addonVersion: versionOf(options),
        tags,
      },
      [cluster],
    );
  await Promise.all([
    addon("vpc-cni", inputs.vpcCniOptions),
    addon("kube-proxy", inputs.kubeProxyAddonOptions),
  ]);
  await monitor.finish(component);
  const eksCluster = resourceReference(cluster.urn, cluster.id, sdkVersion("aws"));
  const kubeconfig = kubeconfigOf(cluster);
  const { vpcConfig } = cluster.outputs;
  // The original makes a group of its own beside the one that EKS makes.
  const clusterSecurityGroupId =
    (isTree(vpcConfig) ? vpcConfig.clusterSecurityGroupId : undefined) ?? UNKNOWN;
  const response = new rpc.ConstructResponse().setUrn(component.urn).setState(
    toStruct({
      eksCluster,
      kubeconfigJson: kubeconfig,
      kubeconfig,
      core: { cluster: eksCluster },
      clusterSecurityGroupId,
    }),
  );
  for (const key of [
    "eksCluster",
    "kubeconfigJson",
    "kubeconfig",
    "core",
    "clusterSecurityGroupId",
  ]) {
    const dependencies = new rpc.ConstructResponse.PropertyDependencies();
    dependencies.setUrnsList([cluster.urn]);
    response.getStatedependenciesMap().set(key, dependencies);
  }
  return response;
}

function clusterInputs(inputs: Properties, role: Registered): Properties {
  const { publicAccessCidrs } = inputs;
  return {
    name: inputs.name,
    version: inputs.version,
    roleArn: role.outputs.arn ?? UNKNOWN,
    vpcConfig: {
      subnetIds: [inputs.publicSubnetIds, inputs.privateSubnetIds].flat(),
      endpointPrivateAccess: inputs.endpointPrivateAccess,
      endpointPublicAccess: inputs.endpointPublicAccess,
      ...(publicAccessCidrs === undefined ? {} : { publicAccessCidrs }),
    },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    enabledClusterLogTypes: inputs.enabledClusterLogTypes,
    upgradePolicy: inputs.upgradePolicy,
    deletionProtection: inputs.deletionProtection,
    encryptionConfig: {
      provider: { keyArn: inputs.encryptionConfigKeyArn },
      resources: ["secrets"],
    },
    tags: inputs.tags,
  };
}

/** Version of an add-on, which the component's arguments name in two ways. */
function versionOf(options: unknown): unknown {
  const version = isTree(options) ? (options.addonVersion ?? options.version) : undefined;
  if (version === undefined) {
    throw new Error("an add-on of eks.Cluster has no version: EKS would install the newest");
  }
  return version;
}

/** The kubeconfig, known once the cluster is: unknown in a first preview, as with the original. */
function kubeconfigOf({ outputs: { name, endpoint: server } }: Registered): string {
  if (server === undefined || server === UNKNOWN || name === undefined || name === UNKNOWN) {
    return UNKNOWN;
  }
  const file = process.env[KUBECONFIG];
  if (file !== undefined) {
    return readFileSync(file, "utf8");
  }
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

const server = pluginServer();
server.addService(providerGrpc.ResourceProviderService, {
  // The engine asks only providers that know secrets for components.
  ...lifecycle("eks", () => Promise.resolve(), true),
  construct: unary(construct),
});
void announce(server);
