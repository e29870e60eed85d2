import {
  COMMON_AUDIENCE,
  restrictsAudience,
  restrictsRepository,
  restrictsSubject,
  restrictsToOwnAudience,
} from "./conditions";
import type { Value } from "./values";

/** Whom a trust policy lets in that it should name, and what to write. */
export interface Opening {
  readonly whom: string;
  readonly remedy: string;
}

/** An issuer of tokens by its address, with the claim that names one's own, and an example of it. */
interface Issuer {
  readonly pattern: RegExp;
  readonly claim: "sub" | "aud";
  readonly example: string;
  /** Whether an audience says nothing of who asks: one for all, or whatever the job asks for. */
  readonly openAudience: boolean;
}

/** GitHub's issuer of tokens for jobs, one for all repositories of the world; an enterprise has its name behind it. */
const GITHUB = /^token\.actions\.githubusercontent\.com(?:\/|$)/;

/** Known issuers. Sources: each vendor's own page on OpenID Connect with AWS. */
const ISSUERS: readonly Issuer[] = [
  {
    pattern: GITHUB,
    claim: "sub",
    example: "repo:owner/name:environment:prod",
    openAudience: true,
  },
  {
    pattern: /^oidc\.eks\.[\w-]+\.amazonaws\.com(?:\.cn)?\/id\//,
    claim: "sub",
    example: "system:serviceaccount:namespace:name",
    openAudience: true,
  },
  {
    pattern: /^gitlab\.com$/,
    claim: "sub",
    example: "project_path:group/project:ref_type:branch:ref:main",
    openAudience: true,
  },
  {
    pattern: /^app\.terraform\.io$/,
    claim: "sub",
    example: "organization:my-org:project:my-project:workspace:my-workspace:run_phase:apply",
    openAudience: true,
  },
  {
    pattern: /^agent\.buildkite\.com$/,
    claim: "sub",
    example: "organization:my-org:pipeline:my-pipeline:*",
    openAudience: true,
  },
  {
    pattern: /^api\.pulumi\.com\/oidc$/,
    claim: "aud",
    example: "aws:my-org",
    openAudience: false,
  },
  {
    pattern: /^api\.bitbucket\.org\//,
    claim: "aud",
    example: "ari:cloud:bitbucket::workspace/workspace-uuid",
    openAudience: false,
  },
];

/** Whom of an issuer a condition lets in that it should name; undefined where it names them. */
export function openIssuer(
  provider: string,
  issuer: string,
  condition: Value,
): Opening | undefined {
  const known = ISSUERS.find(({ pattern }) => pattern.test(issuer));
  const github = GITHUB.test(issuer);
  const named =
    restrictsSubject(condition, issuer) ||
    (github && restrictsRepository(condition, issuer)) ||
    (known?.openAudience !== true && restrictsToOwnAudience(condition, issuer));
  if (!named) {
    const remedy =
      known === undefined
        ? `add a Condition on ${issuer}:sub with the subject of who may, or on ${issuer}:aud with an audience of your own`
        : `add a Condition on ${issuer}:${known.claim}, such as "${known.example}"`;
    return { whom: `every identity of ${provider}`, remedy };
  }
  return github && !restrictsAudience(condition, issuer)
    ? {
        whom: `tokens of ${provider} that were made for somebody else`,
        remedy: `add a Condition on ${issuer}:aud, "${COMMON_AUDIENCE}"`,
      }
    : undefined;
}
