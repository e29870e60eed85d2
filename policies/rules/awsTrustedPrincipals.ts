import { rule } from "../factory/rule";
import {
  awsName,
  awsType,
  isAbsent,
  policyDocument,
  texts,
  type PolicyStatement,
} from "../resources/aws";
import { at, entries, isTree, type Value } from "../resources/values";

/** Where each type says who may use it. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  "iam/role": "assumeRolePolicy",
  "kms/key": "policy",
  "kms/keyPolicy": "policy",
  "s3/bucketPolicy": "policy",
  "sqs/queuePolicy": "policy",
  "sns/topicPolicy": "policy",
  "ecr/repositoryPolicy": "policy",
  "efs/fileSystemPolicy": "policy",
  "secretsmanager/secretPolicy": "policy",
};

/** A trust policy for everyone is a credential that nobody needs to steal. */
export const awsTrustedPrincipals = rule({
  name: "aws-trusted-principals",
  description: "Trust and resource policies name who may use a role, key, bucket or queue.",
  severity: "critical",
  tags: ["aws", "iam"],
  remediationSteps: "Name the accounts, roles or services in Principal, or add a Condition.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  resource: (resource, _settings, report) => {
    const field = DOCUMENTS[awsType(resource.type) ?? ""];
    if (field === undefined) {
      return;
    }
    const name = awsName(resource);
    const document = policyDocument(at(resource.props, field));
    if ("problem" in document) {
      report(`${name}: its ${field} ${document.problem}; mend it`);
      return;
    }
    for (const statement of document.statements) {
      const open = openTo(statement);
      if (statement.effect === "Allow" && open !== undefined) {
        report(
          `${name}, ${statement.sid}: is open to ${open}; name the principals, or add a Condition`,
        );
      }
    }
  },
});

/** Whom a statement without a condition lets in that it should name. */
function openTo({ principal, condition, actions }: PolicyStatement): string | undefined {
  if (!isAbsent(condition) && !(isTree(condition) && entries(condition).length === 0)) {
    return undefined;
  }
  if (principal === "*" || names(principal, "AWS").includes("*")) {
    return "everyone";
  }
  const federated = names(principal, "Federated");
  return federated.length > 0 && actions.includes("sts:AssumeRoleWithWebIdentity")
    ? `every identity of ${federated.join(", ")}`
    : undefined;
}

function names(principal: Value, kind: string): readonly string[] {
  return texts(at(principal, kind)).known;
}
