import { z } from "zod";
import { ConfigError } from "../config/rules/problems";

const environment = z.strictObject({
  clusterName: z
    .string()
    .regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, "is no cluster name; write cluster.name of the stack")
    .max(63),
  production: z.boolean().default(false),
  previewReadsSecrets: z.boolean().optional(),
  hostedZoneIds: z
    .array(z.string().regex(/^Z[A-Z0-9]+$/, "is no Route 53 hosted zone; write Z..."))
    .default([]),
});

const schema = z.strictObject({
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'is no AWS account; write its 12 digits in quotes: "012345678901"'),
  region: z
    .string()
    .regex(
      /^(?!cn-|us-gov-)[a-z]{2}(-[a-z]+)+-\d$/,
      "is no region of the aws partition; write for example us-west-2",
    ),
  stateBucket: z
    .string()
    .regex(
      /^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      "is no bucket name; write 3 to 63 lower-case letters, digits and dashes",
    ),
  github: z.strictObject({
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "is no GitHub repository; write owner/name"),
    oidcProviderArn: z
      .string()
      .regex(
        /^arn:aws:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
        "is no ARN of GitHub's identity provider; write arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com",
      )
      .optional(),
  }),
  environments: z
    .record(
      z
        .string()
        .regex(
          /^[a-z][a-z0-9-]{0,19}$/,
          "must be a stack's name of at most 20 lower-case letters, digits and dashes",
        ),
      environment,
    )
    .refine((environments) => Object.keys(environments).length > 0, "is empty; name each stack"),
});

/**
 * Whether the preview role of an environment may decrypt its secrets: by default not in production, where a preview would run the
 * code of any branch with them. True is right where the GitHub environment `<name>-preview` has required reviewers.
 */
export function previewReadsSecrets({
  production,
  previewReadsSecrets: written = !production,
}: EnvironmentSettings): boolean {
  return written;
}

/** Settings of the account, validated. */
export type BootstrapSettings = z.output<typeof schema>;

/** One environment: a stack of the gateway, and what it may touch. */
export type EnvironmentSettings = BootstrapSettings["environments"][string];

/**
 * Validates the bootstrap stack's configuration.
 *
 * @param project name of the Pulumi project, which prefixes the keys in messages
 * @throws ConfigError with every problem at once
 */
export function parseSettings(
  project: string,
  written: Readonly<Record<string, unknown>>,
): BootstrapSettings {
  const result = schema.safeParse(written, { reportInput: true });
  if (!result.success) {
    throw new ConfigError(
      project,
      result.error.issues.flatMap((issue) => {
        if (issue.code === "unrecognized_keys") {
          return issue.keys.map((key) => ({
            path: [...issue.path, key],
            message: "is not a known key; bootstrap/Pulumi.example.yaml has them all",
          }));
        }
        const missing = issue.code === "invalid_type" && issue.input === undefined;
        const named =
          issue.code === "invalid_key" ? issue.issues.map(({ message }) => message) : [];
        return [
          {
            path: issue.path,
            ...(missing || typeof issue.input === "object" ? {} : { value: issue.input }),
            message: missing
              ? `is missing; write a ${issue.expected} as in bootstrap/Pulumi.example.yaml`
              : named.length > 0
                ? `as a name, ${named.join(", ")}`
                : issue.message,
          },
        ];
      }),
    );
  }
  const { accountId, github, environments } = result.data;
  const clusters = Object.entries(environments);
  const problems = [
    ...(github.oidcProviderArn?.includes(`::${accountId}:`) === false
      ? [
          {
            path: ["github", "oidcProviderArn"],
            value: github.oidcProviderArn,
            message: `is not in account ${accountId}`,
          },
        ]
      : []),
    ...clusters.flatMap(([name, { clusterName }], index) =>
      clusters.findIndex(([, other]) => other.clusterName === clusterName) === index
        ? []
        : [
            {
              path: ["environments", name, "clusterName"],
              value: clusterName,
              message:
                "is another environment's, too: each would have power over the other's; write one of its own",
            },
          ],
    ),
  ];
  if (problems.length > 0) {
    throw new ConfigError(project, problems);
  }
  return result.data;
}
