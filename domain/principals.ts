/** An IAM role or user of the aws partition: `arn:aws:iam::ACCOUNT:role/PATH/NAME`. */
export type PrincipalArn = string;

const PRINCIPAL = /^arn:aws:iam::\d{12}:(role|user)\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

/** What is wrong with the ARN of somebody who is let into a cluster, and what to write; undefined where nothing is. */
export function principalProblem(arn: string): string | undefined {
  const [, partition = "", service, , account = "", resource = ""] = arn.split(":");
  if (partition.startsWith("aws-")) {
    return `is of the partition ${partition}; write one of the partition aws: arn:aws:iam::ACCOUNT:role/NAME`;
  }
  if (service === "sts") {
    const [, role = "NAME"] = resource.split("/");
    return `is a session, which ends; write its role: arn:aws:iam::${account}:role/${role}, with the role's path if it has one`;
  }
  if (resource.startsWith("role/aws-service-role/")) {
    return "is a role of an AWS service, which EKS lets nobody use here; write a role of your own";
  }
  return PRINCIPAL.test(arn)
    ? undefined
    : "is no ARN of an IAM role or user; write arn:aws:iam::ACCOUNT:role/NAME";
}

/** Part of a resource's name that is the principal's alone: a name may not hold the `::` of an ARN. */
export function principalName(arn: PrincipalArn): string {
  return arn.split(":").slice(4).join("-");
}
