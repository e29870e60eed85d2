import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PROGRAM_TAGS } from "../domain/awsNames";
import { EnvironmentAccess } from "./environmentAccess";
import { loadSettings } from "./load";
import { previewReadsSecrets } from "./settings";
import { StateBackend } from "./stateBackend";
import { AUDIENCE, GITHUB_ISSUER } from "./trust";

const { accountId, region, stateBucket, github, environments } = loadSettings();

const provider = new aws.Provider("account", {
  // A type of region that only the SDK's release knows would refuse newer ones.
  region: region as aws.Region,
  // Anything else would be made in the account of whatever credentials are there.
  allowedAccountIds: [accountId],
  // No tag Environment: by it a deploy role knows what is its own, and neither its key nor itself may be.
  defaultTags: { tags: { ...PROGRAM_TAGS, Part: "bootstrap" } },
});
const options = { providers: [provider] };

const state = new StateBackend("state", { bucketName: stateBucket }, options);

const providerArn =
  github.oidcProviderArn ??
  new aws.iam.OpenIdConnectProvider(
    "github",
    { url: `https://${GITHUB_ISSUER}`, clientIdLists: [AUDIENCE] },
    { provider },
  ).arn;

/** For each environment, what docs/aws.md and docs/ci.md ask for. */
export const access = Object.fromEntries(
  Object.entries(environments).map(([environment, settings]) => {
    const { clusterName, hostedZoneIds } = settings;
    const made = new EnvironmentAccess(
      environment,
      {
        scope: { accountId, region, environment, clusterName, hostedZoneIds },
        previewReadsSecrets: previewReadsSecrets(settings),
        bucketArn: state.bucketArn,
        stateKeyArn: state.keyArn,
        providerArn,
        repository: github.repository,
      },
      options,
    );
    return [
      environment,
      {
        backendUrl: `s3://${stateBucket}/${environment}?region=${region}`,
        secretsProvider: pulumi.interpolate`awskms://${made.secretsAlias}?region=${region}`,
        deployRoleArn: made.deployRoleArn,
        previewRoleArn: made.previewRoleArn,
        driftRoleArn: made.driftRoleArn,
      },
    ];
  }),
);
