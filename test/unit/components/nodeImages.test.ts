/** The image and the resources of Neuron node groups that differ from those of the stacks. */
import { describe, expect, test } from "vitest";
import { customImageUserData } from "../../../components/platform/customImage";
import { declared, named, type Tree } from "../../support/declared";

const AMI = "ami-0123456789abcdef0";

/** The serving group of dev with changed settings: its node group and its launch template. */
async function servingGroup(
  changes: Tree,
): Promise<{ readonly group: Tree; readonly template: Tree }> {
  const resources = await declared("dev", {
    neuron: {
      nodeGroups: {
        serving: { instanceType: "inf2.xlarge", maxSize: 2, ...changes },
        compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
        other: { instanceType: "inf2.xlarge", maxSize: 2 },
      },
    },
  });
  return {
    group: named(resources, "aws.eks.NodeGroup platform-serving").inputs,
    template: named(resources, "aws.ec2.LaunchTemplate platform-serving").inputs,
  };
}

describe("an image of one's own", () => {
  test("stands in the template alone: EKS refuses a type, a version and a release beside it", async () => {
    const { group, template } = await servingGroup({ amiId: AMI });
    for (const refused of ["amiType", "version", "releaseVersion"]) {
      expect(group).not.toHaveProperty(refused);
    }
    expect(group).toMatchObject({
      taints: [{ key: "aws.amazon.com/neuron", value: "true", effect: "NO_SCHEDULE" }],
    });
    expect(template.imageId).toBe(AMI);
    expect(Buffer.from(String(template.userData), "base64").toString("utf8")).toContain(
      "    apiServerEndpoint: <eks.Cluster platform.eksCluster.endpoint>\n",
    );
  });

  test("is not there by default: EKS adds image and user data for the type of the group", async () => {
    const { group, template } = await servingGroup({});
    expect(group).toMatchObject({ amiType: "AL2023_x86_64_NEURON", version: "1.36" });
    expect(template).not.toHaveProperty("imageId");
    expect(template).not.toHaveProperty("userData");
  });

  test("is told by nodeadm's document where the cluster is, and what the node is called", () => {
    const data = customImageUserData(
      {
        name: "llm-gateway-prod",
        endpoint: "https://cluster.example",
        certificateAuthority: "YXV0aG9yaXR5",
        serviceCidr: "172.20.0.0/16",
      },
      {
        amiId: AMI,
        labels: { "llm-gateway/node-group": "serving" },
        taints: [{ key: "aws.amazon.com/neuron", value: "true" }],
      },
    );
    expect(Buffer.from(data, "base64").toString("utf8")).toBe(
      [
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="llm-gateway"',
        "",
        "--llm-gateway",
        "Content-Type: application/node.eks.aws",
        "",
        "---",
        "apiVersion: node.eks.aws/v1alpha1",
        "kind: NodeConfig",
        "spec:",
        "  cluster:",
        "    name: llm-gateway-prod",
        "    apiServerEndpoint: https://cluster.example",
        "    certificateAuthority: YXV0aG9yaXR5",
        "    cidr: 172.20.0.0/16",
        "  kubelet:",
        "    flags:",
        `      - --node-labels=eks.amazonaws.com/nodegroup-image=${AMI},llm-gateway/node-group=serving`,
        "      - --register-with-taints=aws.amazon.com/neuron=true:NoSchedule",
        "",
        "--llm-gateway--",
        "",
      ].join("\n"),
    );
  });
});

test("a Trainium group has the Neuron image, the taint and the resources of its type", async () => {
  const { group } = await servingGroup({ instanceType: "trn2.48xlarge" });
  const resource = "k8s.io/cluster-autoscaler/node-template/resources/aws.amazon.com";
  expect(group).toMatchObject({
    amiType: "AL2023_x86_64_NEURON",
    instanceTypes: ["trn2.48xlarge"],
    taints: [{ key: "aws.amazon.com/neuron" }],
    tags: { [`${resource}/neuron`]: "16", [`${resource}/neuroncore`]: "64" },
  });
});
