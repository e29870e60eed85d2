/** What a statement applies to: ARNs, or everything for a written reason. */
export type StatementResources =
  { readonly arns: readonly string[] } | { readonly everything: string };

/** One thing that a role may do. */
export interface Statement {
  /** Name of the statement, letters and digits. */
  readonly sid: string;
  /** Exact actions, `service:Action`. */
  readonly actions: readonly string[];
  /** What the actions may be done to. */
  readonly on: StatementResources;
  /** Condition operators with their keys and values. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/** A policy document of the given statements. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, on, condition }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: "arns" in on ? on.arns : "*",
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  });
}

/** Who may take a role: an AWS service. */
export function trustOf(service: "ec2.amazonaws.com" | "pods.eks.amazonaws.com"): string {
  const pods = service === "pods.eks.amazonaws.com";
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        // Pod Identity passes cluster, namespace and service account as session tags.
        Action: pods ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"],
      },
    ],
  });
}

/** Reason that a test holds against AWS's own list of actions. */
export const NO_RESOURCE_LEVEL = "AWS offers no resource-level permission for these actions";
