import { databaseName, ownTags } from "../../domain/awsNames";
import { controlPlaneLogGroup, databaseLogGroup } from "../../domain/logGroups";
import { pass } from "../stack/checklist";
import { accountCheck } from "./identityChecks";
import { judged, setCommand, type EksCheck, type EksSubject, type Problem } from "./subject";

/** Names of the log groups that the stack makes. */
function ownLogGroups({ cluster, config }: EksSubject): string[] {
  return [
    controlPlaneLogGroup(cluster.name),
    ...(config.gateway.database.kind === "managed"
      ? [databaseLogGroup(databaseName(cluster.name))]
      : []),
  ];
}

/**
 * CloudWatch Logs makes no second group of a name. EKS and RDS make groups of their own where none is there, and leave
 * them behind: those of an earlier cluster of the name stop the first update.
 */
const logGroups = accountCheck("The log groups can be made", async (subject) => {
  const { account, cluster, stack } = subject;
  if (!cluster.logs.create) {
    return pass("EKS and RDS make them");
  }
  const names = ownLogGroups(subject);
  const own = Object.entries(ownTags(stack));
  const problems: Problem[] = [];
  for (const name of names) {
    const tags = await account.logGroup(name);
    if (tags !== undefined && !own.every(([key, value]) => tags[key] === value)) {
      problems.push({
        seen: `${name} is there, and not by this stack`,
        remedy:
          `aws logs delete-log-group --region ${cluster.region} --log-group-name ${name}   # with the logs in it\n` +
          `${setCommand(stack, "cluster.logs.create", "false")}   # or keep it, with the retention that it has`,
      });
    }
  }
  return judged(problems, names.join(", "));
});

export const LOG_GROUP_CHECKS: readonly EksCheck[] = [logGroups];
