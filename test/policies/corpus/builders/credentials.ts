import { violations, type TestResource } from "../../support";

const RULE = "no-plain-secrets";

/** What the rule of credentials says of a resource. */
export async function credentialsFound(
  resource: TestResource,
  config: object = {},
): Promise<string[]> {
  return (await violations([resource], { only: [RULE], config: { [RULE]: config } }))[RULE] ?? [];
}
