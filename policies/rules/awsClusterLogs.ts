import { rule } from "../factory/rule";
import { awsName, awsType, texts } from "../resources/aws";
import { at } from "../resources/values";

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Without its logs nobody can tell later who did what. */
export const awsClusterLogs = rule({
  name: "aws-cluster-logs",
  description: "An EKS cluster writes all types of control-plane logs.",
  severity: "medium",
  tags: ["aws", "eks", "logging"],
  remediationSteps: `Name all of ${LOG_TYPES.join(", ")} in enabledClusterLogTypes.`,
  url: "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
  resource: (resource, _settings, report) => {
    if (awsType(resource.type) !== "eks/cluster") {
      return;
    }
    const written = texts(at(resource.props, "enabledClusterLogTypes"));
    const missing = LOG_TYPES.filter((type) => !written.known.includes(type));
    // An entry that is still unknown may be one of them.
    if (written.whole && missing.length > written.unknown) {
      report(
        `${awsName(resource)} does not write the logs ${missing.join(", ")}; name all of ${LOG_TYPES.join(", ")} in enabledClusterLogTypes`,
      );
    }
  },
  remediate: ({ type, props }, properties) => {
    const written = texts(at(props, "enabledClusterLogTypes"));
    const complete = LOG_TYPES.every((log) => written.known.includes(log));
    if (awsType(type) !== "eks/cluster" || complete || !written.whole || written.unknown > 0) {
      return false;
    }
    properties.enabledClusterLogTypes = LOG_TYPES;
    return true;
  },
});
