import { everyoneIn, texts } from "./aws";
import { entries, UNKNOWN, type Value } from "./values";

/** One comparison of a condition: operator and key in lower case, and what the key is compared with. */
interface Comparison {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  /** Whether a value will be known only after the update. */
  readonly unknown: boolean;
}

/**
 * Keys that say who calls, or from where. Sources: IAM User Guide, "AWS global condition context keys"; Amazon S3 User Guide, "The
 * meaning of public"; AWS KMS and Amazon EFS, their own condition keys.
 */
const CALLERS: ReadonlySet<string> = new Set([
  ...["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"],
  ...["aws:principalservicename", "aws:userid", "aws:sourceaccount", "aws:sourcearn"],
  ...[
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
  ],
  ...["aws:sourcevpcarn", "aws:sourceip", "aws:vpcsourceip", "ec2:sourceinstancearn"],
  ...["kms:calleraccount", "s3:dataaccesspointarn", "s3:dataaccesspointaccount"],
  "elasticfilesystem:accessedviamounttarget",
]);

/** Operators that let nothing but the values pass; their negations, and those with IfExists, let others pass. */
const EXACT =
  /^(?:foranyvalue:)?(?:stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/;

/** Whether a condition lets some callers alone pass. An unknown one may. */
export function restrictsCaller(condition: Value): boolean {
  return condition === UNKNOWN || comparisons(condition).some(restricts);
}

/** Whether a condition of a trust policy names who of an identity provider may take the role. */
export function restrictsSubject(condition: Value, issuer: string): boolean {
  return holds(condition, `${issuer}:sub`, namesSubject);
}

/** Whether a condition names whose repository, or whose workflow, a job's token must be of: `owner/name`, `owner/name/path@ref`. */
export function restrictsRepository(condition: Value, issuer: string): boolean {
  return ["repository", "job_workflow_ref"].some((claim) =>
    holds(condition, `${issuer}:${claim}`, (value) => /^[^/*?]+\//.test(value)),
  );
}

/** Whether a condition of a trust policy names for whom the token must have been made. */
export function restrictsAudience(condition: Value, issuer: string): boolean {
  return holds(condition, `${issuer}:aud`, (value) => !/^[*?]+$/.test(value));
}

/** Whether a condition demands one audience that is one's own, not that of all who hand tokens to AWS. */
export function restrictsToOwnAudience(condition: Value, issuer: string): boolean {
  return holds(
    condition,
    `${issuer}:aud`,
    (value) => !/[*?]/.test(value) && value !== COMMON_AUDIENCE && value !== "",
  );
}

/** The audience of tokens for AWS by convention. */
export const COMMON_AUDIENCE = "sts.amazonaws.com";

function holds(condition: Value, key: string, fits: (value: string) => boolean): boolean {
  return (
    condition === UNKNOWN ||
    comparisons(condition).some(
      (one) => one.key === key.toLowerCase() && EXACT.test(one.operator) && one.values.every(fits),
    )
  );
}

function comparisons(condition: Value): Comparison[] {
  return entries(condition).flatMap(([operator, keys]) =>
    entries(keys).map(([key, value]) => {
      const { known, unknown, whole } = texts(typeof value === "boolean" ? String(value) : value);
      return {
        operator: operator.toLowerCase(),
        key: key.toLowerCase(),
        values: known,
        unknown: unknown > 0 || !whole,
      };
    }),
  );
}

function restricts({ operator, key, values, unknown }: Comparison): boolean {
  if (!CALLERS.has(key) || (values.length === 0 && !unknown)) {
    return false;
  }
  switch (operator) {
    case "bool":
      return (
        key === "elasticfilesystem:accessedviamounttarget" &&
        values.every((value) => value === "true")
      );
    case "ipaddress":
    case "foranyvalue:ipaddress":
      return everyoneIn(values).length === 0;
    default:
      return EXACT.test(operator) && values.every((value) => namesCaller(key, value));
  }
}

/** Whether a value is narrower than everyone: of an ARN its account counts, or its resource where it has no account. */
function namesCaller(key: string, value: string): boolean {
  const wildcard = value.search(/[*?]/);
  if (wildcard < 0) {
    return true;
  }
  const arn = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):(.*)$/.exec(value);
  if (arn !== null) {
    const [, account = "", resource = ""] = arn;
    return account === "" ? /^[^*?]{3,}/.test(resource) : !/[*?]/.test(account);
  }
  // `o-1234/r-5678/*`, `AROAEXAMPLE:*`: a name of AWS's own choice, then anything below it.
  const named = /^(?:o-[a-z0-9]+\/|[A-Z0-9]{16,}:)/.test(value);
  return named && (key.endsWith("orgpaths") || key === "aws:userid");
}

/** How many parts of a subject say only what kind of subject it is. */
const KINDS: readonly (readonly [RegExp, number])[] = [
  [/^system:serviceaccount:/, 2],
  [/^[\w-]+:/, 1],
];

/** Whether a subject names its owner: a repository's, a service account's namespace. */
function namesSubject(value: string): boolean {
  const parts = value.split(/[:/]/);
  const open = parts.findIndex((part) => /[*?]/.test(part));
  const kind = KINDS.find(([pattern]) => pattern.test(value))?.[1] ?? 0;
  return open < 0 || open > kind;
}
