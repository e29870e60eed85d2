import type { Statement } from "../../domain/iam";
import { PREFLIGHT_STATEMENTS } from "../../domain/preflightPermissions";
import { clusterReads, clusterStatements } from "./clusterStatements";
import { dataReads, dataStatements } from "./dataStatements";
import { fileStatements } from "./fileStatements";
import { identityReads, identityStatements } from "./identityStatements";
import { networkReads, networkStatements } from "./networkStatements";
import type { Scope } from "./scope";
import { stateReads, stateStatements, type StateLocation } from "./stateStatements";

/** Statements of a role by the policy that they are put into: one policy holds 6 144 characters, a role ten policies. */
export type RolePolicies = Readonly<Record<string, readonly Statement[]>>;

/** What `pulumi up` and `pulumi destroy` of an environment need. */
export function deployPolicies(scope: Scope, location: StateLocation): RolePolicies {
  return {
    state: [...stateStatements(scope, location), ...PREFLIGHT_STATEMENTS],
    network: [...networkReads(scope), ...networkStatements(scope)],
    cluster: [...clusterReads(scope), ...clusterStatements(scope)],
    identity: [...identityReads(scope), ...identityStatements(scope)],
    files: fileStatements(scope),
    data: [...dataReads(scope), ...dataStatements(scope)],
  };
}

/** What a preview, a refresh and the preflight of an environment need: reading alone, with its secrets or without. */
export function previewPolicies(
  scope: Scope,
  location: StateLocation,
  options: { readonly secrets: boolean },
): RolePolicies {
  return {
    state: [...stateReads(scope, location, options), ...PREFLIGHT_STATEMENTS],
    read: [
      ...networkReads(scope),
      ...clusterReads(scope),
      ...identityReads(scope),
      ...dataReads(scope),
    ],
  };
}
