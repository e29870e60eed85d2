import { deployPolicies, previewPolicies, type RolePolicies } from "../../bootstrap/policies/roles";
import type { Scope } from "../../bootstrap/policies/scope";
import type { StateLocation } from "../../bootstrap/policies/stateStatements";

export const SCOPE: Scope = {
  accountId: "123456789012",
  region: "us-west-2",
  environment: "dev",
  clusterName: "llm-gateway-dev",
  hostedZoneIds: ["Z0123456789ABC"],
};

export const LOCATION: StateLocation = {
  bucketArn: "arn:aws:s3:::example-state",
  stateKeyArn: "arn:aws:kms:us-west-2:123456789012:key/state",
  secretsKeyArn: "arn:aws:kms:us-west-2:123456789012:key/secrets",
};

/** Policies of every kind of role. */
export const ROLES: Readonly<Record<string, RolePolicies>> = {
  deploy: deployPolicies(SCOPE, LOCATION),
  preview: previewPolicies(SCOPE, LOCATION, { secrets: true }),
  "production-preview": previewPolicies(SCOPE, LOCATION, { secrets: false }),
};
