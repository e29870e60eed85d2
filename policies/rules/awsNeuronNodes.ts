import type { ResourceValidationPolicy } from "@pulumi/policy";
import { awsName, awsType, strings } from "../resources/aws";
import { at, snapshot, UNKNOWN } from "../resources/values";

const NEURON_INSTANCE = /^(inf|trn)\d/;
const NEURON_IMAGE = "AL2023_x86_64_NEURON";

/** Another image has no Neuron driver; an unpinned one gets a newer driver that refuses the runtime. */
export const awsNeuronNodes: ResourceValidationPolicy = {
  name: "aws-neuron-nodes",
  description: "Node groups of Inferentia or Trainium run a pinned Neuron image.",
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    if (awsType(args.type) !== "eks/nodeGroup") {
      return;
    }
    const props = snapshot(args.props);
    const instances = strings(at(props, "instanceTypes"));
    if (instances === UNKNOWN || !instances.some((type) => NEURON_INSTANCE.test(type))) {
      return;
    }
    const name = awsName(args.type, args.name);
    const image = at(props, "amiType");
    if (image !== UNKNOWN && image !== NEURON_IMAGE) {
      report(
        `${name} runs ${instances.join(", ")} on another image; write amiType: ${NEURON_IMAGE}`,
      );
    }
    if (at(props, "releaseVersion") === undefined) {
      report(`${name} takes the newest image; write releaseVersion, such as 1.34.4-20260403`);
    }
  },
};
