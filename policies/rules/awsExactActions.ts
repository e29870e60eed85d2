import { strings } from "../factory/parameters";
import { rule, type Report } from "../factory/rule";
import { awsName, awsType, policyDocument, texts } from "../resources/aws";
import { at, items, type Value } from "../resources/values";

/** Where each type keeps a policy document that grants something. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  "iam/policy": "policy",
  "iam/rolePolicy": "policy",
  "iam/userPolicy": "policy",
  "iam/groupPolicy": "policy",
};

/** Where each type names policies that AWS or somebody else keeps. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  "iam/rolePolicyAttachment": "policyArn",
  "iam/userPolicyAttachment": "policyArn",
  "iam/groupPolicyAttachment": "policyArn",
  "iam/policyAttachment": "policyArn",
  "iam/rolePolicyAttachmentsExclusive": "policyArns",
  "iam/role": "managedPolicyArns",
};

/** A wildcard grants what nobody has read, and what AWS adds later. */
export const awsExactActions = rule({
  name: "aws-exact-actions",
  description:
    "IAM statements name their actions one by one, and no role has a policy for everything.",
  severity: "high",
  tags: ["aws", "iam"],
  remediationSteps: "Name the actions that are needed, one by one.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  parameters: {
    forbiddenPolicies: strings(
      "Managed policies that may not be attached, by the end of their ARN.",
      ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"],
    ),
  },
  resource: (resource, { forbiddenPolicies }, report) => {
    const type = awsType(resource.type) ?? "";
    const { props } = resource;
    const name = awsName(resource);
    const field = DOCUMENTS[type];
    if (field !== undefined) {
      judge(name, at(props, field), report);
    }
    const inline = type === "iam/role" ? at(props, "inlinePolicies") : undefined;
    for (const policy of items(inline)) {
      const own = at(policy, "name");
      const label = typeof own === "string" ? `, inline policy ${own}` : ", inline policy";
      judge(`${name}${label}`, at(policy, "policy"), report);
    }
    const attached = ATTACHMENTS[type];
    for (const arn of attached === undefined ? [] : texts(at(props, attached)).known) {
      if (forbiddenPolicies.some((policy) => arn.endsWith(`/${policy}`))) {
        report(`${name} attaches ${arn}; attach a policy with the actions that are needed`);
      }
    }
  },
});

function judge(name: string, document: Value, report: Report): void {
  const read = policyDocument(document);
  if ("problem" in read) {
    report(`${name}: its policy document ${read.problem}; mend it`);
    return;
  }
  for (const { sid, effect, actions, notActions } of read.statements) {
    const wide = actions.filter((action) => /[*?]/.test(action));
    if (effect === "Allow" && wide.length > 0) {
      report(`${name}, ${sid}: allows ${wide.join(", ")}; name the actions that are needed`);
    }
    if (effect === "Allow" && notActions.length > 0) {
      report(
        `${name}, ${sid}: allows all but ${notActions.join(", ")} with NotAction; name the actions that are needed in Action`,
      );
    }
  }
}
