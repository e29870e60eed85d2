/** Issuer of the tokens that GitHub gives to jobs. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";
/** Audience that `aws-actions/configure-aws-credentials` asks for. */
export const AUDIENCE = "sts.amazonaws.com";

/**
 * Trust in the jobs of one GitHub environment of one repository. A job that names an environment has a subject without a branch:
 * which branches may use the environment, GitHub decides by its deployment branch rule.
 * Source: GitHub documentation, "OpenID Connect reference", example subject claims.
 */
export function githubTrust(
  providerArn: string,
  repository: string,
  githubEnvironment: string,
): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${GITHUB_ISSUER}:aud`]: AUDIENCE,
            [`${GITHUB_ISSUER}:sub`]: `repo:${repository}:environment:${githubEnvironment}`,
          },
        },
      },
    ],
  });
}
