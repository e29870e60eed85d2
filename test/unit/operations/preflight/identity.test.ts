/** What the preflight says where the account cannot be asked, by the cause. */
import { expect, test } from "vitest";
import { awsAccount } from "../../../../operations/preflight/awsAccount";
import { accountRemedy, IDENTITY_CHECKS } from "../../../../operations/preflight/identityChecks";
import { VERSION_CHECKS } from "../../../../operations/preflight/versionChecks";
import { runChecklist, type Result } from "../../../../operations/stack/checklist";
import { CLUSTER, DEV } from "../../../support/preflight";

/** Identity and versions for the dev stack, of an AWS that nobody reaches. */
async function asked(
  credentials: () => Promise<{ accessKeyId: string; secretAccessKey: string }>,
): Promise<Result[]> {
  const account = await awsAccount("us-west-2", {
    endpoint: "http://127.0.0.1:1",
    credentials,
    maxAttempts: 1,
  });
  return runChecklist(
    [...IDENTITY_CHECKS, ...VERSION_CHECKS],
    {
      stack: "dev",
      config: DEV,
      cluster: CLUSTER,
      account,
      web: { fetch: () => Promise.reject(new Error("unused")), dial: () => Promise.resolve() },
      huggingFaceToken: undefined,
      today: new Date("2026-11-25T00:00:00Z"),
    },
    { signal: new AbortController().signal, remedy: accountRemedy },
  );
}

const thrown = (name: string, message: string) => () =>
  Promise.reject(Object.assign(new Error(message), { name }));

test.each([
  [
    "there are no credentials",
    thrown("CredentialsProviderError", "Could not load credentials from any providers"),
    "Could not load credentials from any providers",
    "aws configure sso, then export AWS_PROFILE=...; aws sts get-caller-identity must answer",
  ],
  [
    "a session of SSO has ended",
    thrown("CredentialsProviderError", "The SSO session has Expired"),
    "The SSO session has Expired",
    "aws sso login, or take the role anew",
  ],
  [
    "nothing answers",
    () => Promise.resolve({ accessKeyId: "AKIA", secretAccessKey: "secret" }),
    "bad port",
    "see that https://sts.us-west-2.amazonaws.com can be reached from here (HTTPS_PROXY), and that us-west-2 is a region",
  ],
])("where %s, it says what to do, and judges nothing", async (_what, credentials, seen, remedy) => {
  const [identity, ...others] = await asked(credentials);
  expect(identity).toEqual({ check: "AWS credentials", status: "fail", seen, remedy });
  expect(others.map(({ status, seen: said }) => [status, said])).toEqual(
    VERSION_CHECKS.map(() => ["skipped", "the account cannot be asked without credentials"]),
  );
});

test.each(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])(
  "an action that is refused with %s needs permissions, and anything else the network",
  (name) => {
    const refusal = Object.assign(new Error("no"), { name });
    expect(accountRemedy(refusal)).toBe(
      "give the identity the permissions of the preflight (docs/aws.md)",
    );
    for (const other of [new Error("no"), { name }, undefined]) {
      expect(accountRemedy(other)).toBe(
        "see that the AWS endpoints of the region can be reached from here (HTTPS_PROXY), then run it again",
      );
    }
  },
);
