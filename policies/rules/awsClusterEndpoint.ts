import type { ResourceValidationPolicy } from "@pulumi/policy";
import { awsName, awsType, isOn, strings } from "../resources/aws";
import { at, snapshot, UNKNOWN } from "../resources/values";

interface Settings {
  readonly allowAnywhere?: boolean;
}

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** An API endpoint that everyone may knock at is one leaked credential from being everyone's. */
export const awsClusterEndpoint: ResourceValidationPolicy = {
  name: "aws-cluster-endpoint",
  description: "The API endpoint of an EKS cluster is not open to every address.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      allowAnywhere: {
        type: "boolean",
        description: "Whether 0.0.0.0/0 may reach the endpoint.",
        default: false,
      },
    },
  },
  validateResource: (args, report) => {
    if (awsType(args.type) !== "eks/cluster" || args.getConfig<Settings>().allowAnywhere === true) {
      return;
    }
    const access = at(snapshot(args.props), "vpcConfig");
    const cidrs = strings(at(access, "publicAccessCidrs"));
    // AWS opens the endpoint, to everyone, unless it is told otherwise.
    const open = at(access, "endpointPublicAccess");
    if (access === UNKNOWN || cidrs === UNKNOWN || isOn(open ?? true) !== true) {
      return;
    }
    if (cidrs.length === 0 || cidrs.includes("0.0.0.0/0")) {
      report(
        `${awsName(args.type, args.name)}: its API endpoint is open to 0.0.0.0/0; write publicAccessCidrs, or endpointPublicAccess: false`,
      );
    }
  },
};

/** Without its logs nobody can tell later who did what. */
export const awsClusterLogs: ResourceValidationPolicy = {
  name: "aws-cluster-logs",
  description: "An EKS cluster writes all types of control-plane logs.",
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    if (awsType(args.type) !== "eks/cluster") {
      return;
    }
    const written = strings(at(snapshot(args.props), "enabledClusterLogTypes"));
    const missing = written === UNKNOWN ? [] : LOG_TYPES.filter((type) => !written.includes(type));
    if (missing.length > 0) {
      report(
        `${awsName(args.type, args.name)} does not write the logs ${missing.join(", ")}; name all of ${LOG_TYPES.join(", ")} in enabledClusterLogTypes`,
      );
    }
  },
};
