/**
 * A stand-in for the official `eks` component provider: its Cluster alone, with the argument checks of the original that
 * the program could run into, and with the AWS resources that policies look at as children.
 */
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkClusterArguments } from "./arguments";

const CLUSTER = "eks:index:Cluster";

/** Kubeconfig of the control plane that plays the cluster; without one the cluster cannot be reached. */
const KUBECONFIG = "LLM_GATEWAY_EKS_KUBECONFIG";

class Cluster extends pulumi.ComponentResource {
  public readonly eksCluster: aws.eks.Cluster;

  public constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super(CLUSTER, name, {}, opts);
    const child = { parent: this };
    const tags = inputs.tags as pulumi.Input<Record<string, string>>;
    const role = new aws.iam.Role(
      `${name}-eksRole`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "eks.amazonaws.com" },
              Action: ["sts:AssumeRole"],
            },
          ],
        }),
        tags,
      },
      child,
    );
    this.eksCluster = new aws.eks.Cluster(
      `${name}-eksCluster`,
      {
        name: inputs.name as pulumi.Input<string>,
        version: inputs.version as pulumi.Input<string>,
        roleArn: role.arn,
        vpcConfig: {
          subnetIds: pulumi
            .all([inputs.publicSubnetIds, inputs.privateSubnetIds])
            .apply((ids) => ids.flat() as string[]),
          endpointPrivateAccess: inputs.endpointPrivateAccess as boolean,
          endpointPublicAccess: inputs.endpointPublicAccess as boolean,
          ...(inputs.publicAccessCidrs === undefined
            ? {}
            : { publicAccessCidrs: inputs.publicAccessCidrs as string[] }),
        },
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        enabledClusterLogTypes: inputs.enabledClusterLogTypes as string[],
        deletionProtection: inputs.deletionProtection as boolean,
        encryptionConfig: {
          provider: { keyArn: inputs.encryptionConfigKeyArn as pulumi.Input<string> },
          resources: ["secrets"],
        },
        tags,
      },
      child,
    );
    for (const [addonName, options] of [
      ["vpc-cni", inputs.vpcCniOptions],
      ["kube-proxy", inputs.kubeProxyAddonOptions],
    ] as const) {
      const versions = pulumi
        .output(options as pulumi.Input<Record<string, string>>)
        .apply((given) => versionOf(given));
      new aws.eks.Addon(
        `${name}-${addonName}`,
        { clusterName: this.eksCluster.name, addonName, addonVersion: versions, tags },
        child,
      );
    }
    this.registerOutputs();
  }
}

/** Version of an add-on, which the component's arguments name in two ways. */
function versionOf(options: Readonly<Record<string, string | undefined>>): string {
  const version = options.addonVersion ?? options.version;
  if (version === undefined) {
    throw new Error("an add-on of eks.Cluster has no version: EKS would install the newest");
  }
  return version;
}

/** The kubeconfig, known once the cluster is: unknown in a first preview, as with the original. */
function kubeconfigOf(cluster: aws.eks.Cluster): pulumi.Output<string> {
  return pulumi.all([cluster.name, cluster.endpoint]).apply(([name, server]) => {
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
  });
}

async function construct(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<pulumi.provider.ConstructResult> {
  if (type !== CLUSTER) {
    throw new Error(`the stand-in eks provider knows ${CLUSTER}, not ${type}`);
  }
  await checkClusterArguments(inputs);
  const cluster = new Cluster(name, inputs, options);
  const kubeconfigJson = kubeconfigOf(cluster.eksCluster);
  return {
    urn: cluster.urn,
    state: {
      eksCluster: cluster.eksCluster,
      kubeconfigJson,
      kubeconfig: kubeconfigJson,
      core: { cluster: cluster.eksCluster },
    },
  };
}

void pulumi.provider.main({ version: "4.3.0", construct }, process.argv.slice(2));
