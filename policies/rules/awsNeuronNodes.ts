import { rule } from "../factory/rule";
import { awsName, awsType, texts } from "../resources/aws";
import type { Resource } from "../resources/resource";
import { at, isAbsent, UNKNOWN, type Value } from "../resources/values";

const NEURON_INSTANCE = /^(inf|trn)\d/;
const NEURON_IMAGE = "AL2023_x86_64_NEURON";

/** Another image has no Neuron driver; an unpinned one gets a newer driver that refuses the runtime. */
export const awsNeuronNodes = rule({
  name: "aws-neuron-nodes",
  description: "Node groups of Inferentia or Trainium run a pinned Neuron image.",
  severity: "high",
  tags: ["aws", "eks", "neuron"],
  remediationSteps: `Write amiType: ${NEURON_IMAGE} and a releaseVersion, or leave both out and name the image in the launch template.`,
  url: "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html",
  resource: (resource, _settings, report) => {
    const { props } = resource;
    if (!isNeuronGroup(resource)) {
      return;
    }
    const instances = texts(at(props, "instanceTypes")).known;
    const name = awsName(resource);
    const image = at(props, "amiType");
    // The image is then the launch template's, and EKS takes neither type nor release.
    if (image === "CUSTOM" || isLeftToTemplate(props)) {
      if (isAbsent(at(props, "launchTemplate"))) {
        report(`${name} names no image; write a launchTemplate with the imageId of a Neuron image`);
      }
      return;
    }
    if (image !== UNKNOWN && image !== NEURON_IMAGE) {
      report(
        `${name} runs ${instances.join(", ")} on another image; write amiType: ${NEURON_IMAGE}`,
      );
    }
    if (isAbsent(at(props, "releaseVersion")) && image !== UNKNOWN) {
      report(`${name} takes the newest image; write releaseVersion, such as 1.34.4-20260403`);
    }
  },
  stack: ({ resources }, _settings, report) => {
    for (const resource of resources) {
      const { launchTemplate: templates = [] } = resource.propertyDependencies;
      const imageless = resources.find(
        ({ urn, type, props }) =>
          templates.includes(urn) &&
          awsType(type) === "ec2/launchTemplate" &&
          isAbsent(at(props, "imageId")),
      );
      if (isNeuronGroup(resource) && isLeftToTemplate(resource.props) && imageless !== undefined) {
        report(
          `${awsName(resource)} names no image, nor does ${awsName(imageless)}; write amiType: ${NEURON_IMAGE} and a releaseVersion, or the template's imageId`,
          resource.urn,
        );
      }
    }
  },
});

function isNeuronGroup({ type, props }: Resource): boolean {
  return (
    awsType(type) === "eks/nodeGroup" &&
    texts(at(props, "instanceTypes")).known.some((instance) => NEURON_INSTANCE.test(instance))
  );
}

/** Whether the image is whatever the launch template says. */
function isLeftToTemplate(props: Value): boolean {
  return (
    ["amiType", "releaseVersion"].every((property) => isAbsent(at(props, property))) &&
    !isAbsent(at(props, "launchTemplate"))
  );
}
