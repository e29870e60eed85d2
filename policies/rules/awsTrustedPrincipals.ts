import { rule } from "../factory/rule";
import { awsName, awsType, policyDocument, texts, type PolicyStatement } from "../resources/aws";
import { restrictsCaller } from "../resources/conditions";
import { openGrants } from "../resources/grants";
import { openIssuer, type Opening } from "../resources/issuers";
import { at, isAbsent, entries, UNKNOWN, type Value, isGiven } from "../resources/values";

/** Where each type says who may use it. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  "iam/role": "assumeRolePolicy",
  "kms/key": "policy",
  "kms/keyPolicy": "policy",
  "kms/externalKey": "policy",
  "kms/replicaKey": "policy",
  "kms/replicaExternalKey": "policy",
  "s3/bucket": "policy",
  "s3/bucketPolicy": "policy",
  "s3/accessPoint": "policy",
  "sqs/queue": "policy",
  "sqs/queuePolicy": "policy",
  "sns/topic": "policy",
  "sns/topicPolicy": "policy",
  "ecr/repositoryPolicy": "policy",
  "efs/fileSystemPolicy": "policy",
  "secretsmanager/secret": "policy",
  "secretsmanager/secretPolicy": "policy",
  "dynamodb/resourcePolicy": "policy",
  "kinesis/resourcePolicy": "policy",
  "backup/vaultPolicy": "policy",
  "s3/bucketV2": "policy",
  "opensearch/domain": "accessPolicies",
  "opensearch/domainPolicy": "accessPolicies",
  "elasticsearch/domain": "accessPolicies",
  "elasticsearch/domainPolicy": "accessPolicies",
  "cloudwatch/eventBusPolicy": "policy",
  "ecr/registryPolicy": "policy",
  "glacier/vault": "accessPolicy",
  "msk/clusterPolicy": "policy",
};

/** Actions with which a token of an identity provider becomes a role. */
const WEB_IDENTITY = /^(?:\*|sts:(?:\*|assumerole\*|assumerolewithwebidentity))$/i;

/** A trust policy for everyone is a credential that nobody needs to steal. */
export const awsTrustedPrincipals = rule({
  name: "aws-trusted-principals",
  description: "Trust and resource policies name who may use a role, key, bucket or queue.",
  severity: "critical",
  tags: ["aws", "iam"],
  remediationSteps:
    "Name the accounts, roles or services in Principal, or add a Condition on who calls.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  resource: (resource, _settings, report) => {
    const type = awsType(resource.type) ?? "";
    const name = awsName(resource);
    for (const { whom, remedy } of openGrants(type, resource.props)) {
      report(`${name}: is open to ${whom}; ${remedy}`);
    }
    const field = DOCUMENTS[type];
    // Who reaches a search domain inside a VPC, its security groups say.
    if (field === undefined || isGiven(at(resource.props, "vpcOptions"))) {
      return;
    }
    const document = policyDocument(at(resource.props, field));
    if ("problem" in document) {
      report(`${name}: its ${field} ${document.problem}; mend it`);
      return;
    }
    for (const statement of document.statements) {
      const open = openTo(statement);
      if (statement.effect === "Allow" && open !== undefined) {
        report(`${name}, ${statement.sid}: is open to ${open.whom}; ${open.remedy}`);
      }
    }
  },
});

/** Whom a statement lets in that it should name, and how to name them; undefined where it names them. */
function openTo({
  principal,
  notPrincipal,
  condition,
  actions,
}: PolicyStatement): Opening | undefined {
  if (!isAbsent(notPrincipal) && !restrictsCaller(condition)) {
    return {
      whom: "everyone but those in NotPrincipal",
      remedy: "name in Principal who may, and deny the others in a statement of their own",
    };
  }
  const named: readonly Value[] = [principal, ...entries(principal).map(([, value]) => value)];
  if (named.some((value) => texts(value).known.includes("*")) && !restrictsCaller(condition)) {
    return {
      whom: "everyone",
      remedy:
        "name the principals, or add a Condition on who calls, such as aws:PrincipalOrgID or aws:SourceArn",
    };
  }
  return actions.some((action) => WEB_IDENTITY.test(action))
    ? names(principal, "Federated")
        .map((provider) => openProvider(provider, condition))
        .find((opening) => opening !== undefined)
    : undefined;
}

/** Whom of an identity provider a trust policy lets in that it should name. */
function openProvider(provider: string, condition: Value): Opening | undefined {
  const issuer = /^arn:[^:]*:iam::[^:]*:oidc-provider\/(.+)$/.exec(provider)?.[1];
  if (issuer === undefined) {
    // A name without an ARN is a provider that AWS knows, whose audience is the application or pool of the program.
    const known = /^(?:[\w-]+\.)+\w+$/.test(provider);
    const unlimited = condition !== UNKNOWN && entries(condition).length === 0;
    return known && unlimited
      ? { whom: `every identity of ${provider}`, remedy: `add a Condition on ${provider}:aud` }
      : undefined;
  }
  return openIssuer(provider, issuer, condition);
}

function names(principal: Value, kind: string): readonly string[] {
  return texts(at(principal, kind)).known;
}
