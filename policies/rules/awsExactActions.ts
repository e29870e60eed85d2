import type { ResourceValidationPolicy } from "@pulumi/policy";
import { awsName, awsType, statementsOf } from "../resources/aws";
import { at, snapshot, UNKNOWN } from "../resources/values";

/** Where each type keeps a policy document that grants something. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  "iam/policy": "policy",
  "iam/rolePolicy": "policy",
  "iam/userPolicy": "policy",
  "iam/groupPolicy": "policy",
};

/** A wildcard grants what nobody has read, and what AWS adds later. */
export const awsExactActions: ResourceValidationPolicy = {
  name: "aws-exact-actions",
  description: "IAM statements name their actions one by one.",
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    const field = DOCUMENTS[awsType(args.type) ?? ""];
    if (field === undefined) {
      return;
    }
    const name = awsName(args.type, args.name);
    const statements = statementsOf(at(snapshot(args.props), field));
    for (const { sid, effect, actions } of statements === UNKNOWN ? [] : statements) {
      const wide = actions.filter((action) => action.includes("*"));
      if (effect === "Allow" && wide.length > 0) {
        report(`${name}, ${sid}: allows ${wide.join(", ")}; name the actions that are needed`);
      }
    }
  },
};
