import { rule } from "../factory/rule";
import { awsName, awsType, MACHINES } from "../resources/aws";
import { at, UNKNOWN, type Value } from "../resources/values";

const TYPES: readonly string[] = ["ec2/launchTemplate", ...MACHINES];
/** Those that take the options without being replaced. */
const IN_PLACE: readonly string[] = ["ec2/launchTemplate", "ec2/instance"];

/** With IMDSv1 any request that a pod can be tricked into reads the node's credentials. */
export const awsNodeMetadata = rule({
  name: "aws-node-metadata",
  description:
    "Launch templates, launch configurations, instances and spot requests demand a session token of the metadata service (IMDSv2).",
  severity: "high",
  tags: ["aws", "ec2"],
  remediationSteps: 'Write metadataOptions: { httpTokens: "required" }.',
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  resource: (resource, _settings, report) => {
    if (TYPES.includes(awsType(resource.type) ?? "") && isOpen(resource.props)) {
      report(
        `${awsName(resource)} answers requests to the metadata service without a token; write metadataOptions: { httpTokens: "required" }`,
      );
    }
  },
  remediate: (resource, properties) => {
    if (!IN_PLACE.includes(awsType(resource.type) ?? "") || !isOpen(resource.props)) {
      return false;
    }
    const options = properties.metadataOptions;
    if (typeof options === "object" && options !== null) {
      Reflect.set(options, "httpTokens", "required");
    } else {
      properties.metadataOptions = { httpTokens: "required" };
    }
    return true;
  },
});

function isOpen(props: Value): boolean {
  const tokens = at(props, "metadataOptions", "httpTokens");
  const endpoint = at(props, "metadataOptions", "httpEndpoint");
  const disabled = endpoint === "disabled" || endpoint === UNKNOWN;
  // An instance that is made from a template has the template's options where it names none of its own.
  const templated = tokens === undefined && at(props, "launchTemplate") !== undefined;
  return tokens !== UNKNOWN && tokens !== "required" && !disabled && !templated;
}
