import { ownTags } from "../../domain/awsNames";

/** What one environment's roles are limited to. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
  /** Stack of the gateway, which every resource of it is tagged with. */
  readonly environment: string;
  readonly clusterName: string;
  /** Hosted zones that the stack may write records to. */
  readonly hostedZoneIds: readonly string[];
}

/** ARNs of a service in the scope's account and region. */
export function arns(
  { region, accountId }: Scope,
  service: string,
  ...paths: readonly string[]
): string[] {
  return paths.map((path) => `arn:aws:${service}:${region}:${accountId}:${path}`);
}

/** Holds for a request that makes something with the stack's tags. */
export function newOnes(scope: Scope) {
  return { StringEquals: prefixed("aws:RequestTag/", ownTags(scope.environment)) };
}

/** Holds for what has the stack's tags already. */
export function ownOnes(scope: Scope) {
  return { StringEquals: prefixed("aws:ResourceTag/", ownTags(scope.environment)) };
}

function prefixed(
  prefix: string,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]),
  );
}
