import { rule } from "../factory/rule";
import { awsName, awsType, isAbsent, texts } from "../resources/aws";
import { at, UNKNOWN } from "../resources/values";

const NEURON_INSTANCE = /^(inf|trn)\d/;
const NEURON_IMAGE = "AL2023_x86_64_NEURON";

/** Another image has no Neuron driver; an unpinned one gets a newer driver that refuses the runtime. */
export const awsNeuronNodes = rule({
  name: "aws-neuron-nodes",
  description: "Node groups of Inferentia or Trainium run a pinned Neuron image.",
  severity: "high",
  tags: ["aws", "eks", "neuron"],
  remediationSteps: `Write amiType: ${NEURON_IMAGE} and a releaseVersion, or amiType: CUSTOM with a launch template that names the image.`,
  url: "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html",
  resource: (resource, _settings, report) => {
    const { props } = resource;
    const instances = texts(at(props, "instanceTypes")).known;
    if (
      awsType(resource.type) !== "eks/nodeGroup" ||
      !instances.some((type) => NEURON_INSTANCE.test(type))
    ) {
      return;
    }
    const name = awsName(resource);
    const image = at(props, "amiType");
    // The image is then the launch template's, and EKS takes no release.
    if (image === "CUSTOM") {
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
});
