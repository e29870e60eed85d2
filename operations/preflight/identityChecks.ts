import { fail, pass, skipped, warn, type Finding } from "../stack/checklist";
import type { EksCheck, EksSubject } from "./subject";
import { reasonOf } from "./web";

const credentials: EksCheck = {
  name: "AWS credentials",
  run: async ({ account, cluster }) => {
    try {
      const { account: id, arn } = await account.identity();
      return arn.endsWith(":root")
        ? warn(
            `account ${id} as its root user, who would own the cluster`,
            "use a role: AWS_PROFILE=... or aws sso login",
          )
        : pass(`account ${id} in ${cluster.region} as ${arn}`);
    } catch (error) {
      return fail(reasonOf(error), credentialsRemedy(error, cluster.region));
    }
  },
};

export const IDENTITY_CHECKS: readonly EksCheck[] = [credentials];

/** A check that asks the account, and is skipped where nobody may ask it anything. */
export function accountCheck(
  name: string,
  run: (subject: EksSubject) => Promise<Finding>,
): EksCheck {
  return {
    name,
    run: async (subject) => {
      try {
        await subject.account.identity();
      } catch {
        return skipped("the account cannot be asked without credentials");
      }
      return run(subject);
    },
  };
}

/** Names of errors by which AWS says that credentials are too old. */
const EXPIRED = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];
/** Names of errors by which services refuse an action: one for each wire protocol. */
const DENIED = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];

function credentialsRemedy(error: unknown, region: string): string {
  const name = error instanceof Error ? error.name : "";
  if (EXPIRED.includes(name) || /expired/i.test(reasonOf(error))) {
    return "aws sso login, or take the role anew";
  }
  if (name === "CredentialsProviderError") {
    return "aws configure sso, then export AWS_PROFILE=...; aws sts get-caller-identity must answer";
  }
  if (name === "InvalidClientTokenId" || name === "UnrecognizedClientException") {
    return (
      "use keys that exist: aws sts get-caller-identity; a region that must be switched on first refuses them, too: " +
      `aws account enable-region --region-name ${region}`
    );
  }
  return `see that https://sts.${region}.amazonaws.com can be reached from here (HTTPS_PROXY), and that ${region} is a region`;
}

/** What to do about a request that AWS refused or did not answer. */
export function accountRemedy(error: unknown): string {
  return error instanceof Error && DENIED.includes(error.name)
    ? "give the identity the permissions of the preflight (docs/aws.md)"
    : "see that the AWS endpoints of the region can be reached from here (HTTPS_PROXY), then run it again";
}
