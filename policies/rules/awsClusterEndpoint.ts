import { boolean } from "../factory/parameters";
import { rule } from "../factory/rule";
import { awsName, awsType, everyoneIn, isOn, texts } from "../resources/aws";
import { at, UNKNOWN } from "../resources/values";

/** An API endpoint that everyone may knock at is one leaked credential from being everyone's. */
export const awsClusterEndpoint = rule({
  name: "aws-cluster-endpoint",
  description: "The API endpoint of an EKS cluster is not open to every address.",
  severity: "high",
  tags: ["aws", "eks", "network"],
  remediationSteps:
    "Name the addresses that need the endpoint in publicAccessCidrs, or make it private with endpointPublicAccess: false.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  parameters: {
    allowAnywhere: boolean("Whether 0.0.0.0/0 may reach the endpoint.", false),
  },
  resource: (resource, { allowAnywhere }, report) => {
    if (awsType(resource.type) !== "eks/cluster" || allowAnywhere) {
      return;
    }
    const access = at(resource.props, "vpcConfig");
    const cidrs = texts(at(access, "publicAccessCidrs"));
    // AWS opens the endpoint, to everyone, unless it is told otherwise.
    const open = at(access, "endpointPublicAccess") ?? true;
    if (access === UNKNOWN || isOn(open) !== true) {
      return;
    }
    const unlimited = cidrs.whole && cidrs.known.length + cidrs.unknown === 0;
    const wide = everyoneIn(cidrs.known);
    if (unlimited || wide.length > 0) {
      report(
        `${awsName(resource)}: its API endpoint is open to ${wide.join(", ") || "0.0.0.0/0"}; write publicAccessCidrs, or endpointPublicAccess: false`,
      );
    }
  },
});
