import { strings } from "../factory/parameters";
import { rule } from "../factory/rule";
import { awsName, awsType } from "../resources/aws";

/** What cannot be made again in minutes. */
const STATEFUL: readonly string[] = [
  "eks/cluster",
  "efs/fileSystem",
  "rds/instance",
  "rds/cluster",
  "elasticache/replicationGroup",
];

/** One word in a configuration must not delete what production stands on. */
export const awsProductionProtected = rule({
  name: "aws-production-protected",
  description: "In production stacks cluster, file systems and databases are protected.",
  severity: "high",
  tags: ["aws", "availability"],
  remediationSteps: "Set the resource option protect: true.",
  url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
  parameters: {
    stacks: strings("Names of production stacks.", ["prod", "production"]),
  },
  resource: (resource, { stacks }, report) => {
    const { stackName, type, protect } = resource;
    if (stacks.includes(stackName) && STATEFUL.includes(awsType(type) ?? "") && !protect) {
      report(
        `${awsName(resource)} can be deleted by an update of ${stackName}; set protect: true on it (here: deletionProtection)`,
      );
    }
  },
});
