import type { ResourceValidationPolicy } from "@pulumi/policy";
import { awsName, awsType } from "../resources/aws";

interface Settings {
  readonly stacks?: readonly string[];
}

const STACKS = ["prod", "production"];

/** What cannot be made again in minutes. */
const STATEFUL: readonly string[] = [
  "eks/cluster",
  "efs/fileSystem",
  "rds/instance",
  "rds/cluster",
  "elasticache/replicationGroup",
];

/** One word in a configuration must not delete what production stands on. */
export const awsProductionProtected: ResourceValidationPolicy = {
  name: "aws-production-protected",
  description: "In production stacks cluster, file systems and databases are protected.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      stacks: {
        type: "array",
        items: { type: "string" },
        description: "Names of production stacks.",
        default: STACKS,
      },
    },
  },
  validateResource: (args, report) => {
    const { stacks = STACKS } = args.getConfig<Settings>();
    const stack = args.urn.split("::")[0]?.replace("urn:pulumi:", "") ?? "";
    if (
      stacks.includes(stack) &&
      STATEFUL.includes(awsType(args.type) ?? "") &&
      !args.opts.protect
    ) {
      report(
        `${awsName(args.type, args.name)} can be deleted by an update of ${stack}; set protect: true on it (here: deletionProtection)`,
      );
    }
  },
};
