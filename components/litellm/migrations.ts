import * as k8s from "@pulumi/kubernetes";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, selector } from "../../domain/labels";
import { GATEWAY, GATEWAY_SECRET, MIGRATIONS, PROXY_ENVIRONMENT } from "../../domain/names";
import type { GatewaySettings } from "../../domain/settings/gateway";
import { MIGRATION_MINUTES } from "../../domain/timing";
import { DNS_EGRESS } from "../kubernetes/networkPolicy";
import { withMetadata, withOverrides } from "../kubernetes/podOverrides";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/podSecurity";
import { egressTo, type StoreEndpoint } from "../stores/shared/storeEndpoint";
import { withDatabaseCertificate } from "./databaseCertificate";
import { UID } from "./proxyPod";

/** Inputs of {@link migrations}. */
export interface MigrationsArgs extends Pick<
  GatewaySettings,
  "containerOverrides" | "image" | "namespace" | "podOverrides"
> {
  /** Where PostgreSQL answers. */
  readonly database: StoreEndpoint;
  /** Checksum of the connection URL: another database is migrated anew. */
  readonly databaseChecksum: pulumi.Input<string>;
}

/** What loading LiteLLM and Prisma's engine takes; of its own, so that other resources for the gateway do not run it again. */
const RESOURCES = {
  requests: { cpu: "250m", memory: "1Gi" },
  limits: { cpu: "1", memory: "2Gi" },
};

/**
 * Attempts beside the first. LiteLLM exits with 2 from what only a person can mend and from a database that does not answer alike, so
 * that every failure gets a second chance, some ten seconds later, and none holds the update up for the minutes of more.
 */
const RETRIES = 1;

/**
 * Brings the database to the schema of the image's LiteLLM, once for each image and database, before its first pod: LiteLLM's own
 * migrations, as its charts run them. Several pods that migrate at their start would wait for each other, and each roll for all of them.
 *
 * @returns what the pods of the gateway wait for
 */
export function migrations(
  name: string,
  args: MigrationsArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.batch.v1.Job {
  const metadata = {
    name: MIGRATIONS,
    namespace: args.namespace,
    labels: labels(MIGRATIONS, "migrations"),
  };
  // What failed stays failed: without it the next update would wait for the same Job, and fail by it for ever.
  const annotations = { "pulumi.com/replaceUnready": "true" };
  const traffic = new k8s.networking.v1.NetworkPolicy(
    `${name}-traffic`,
    {
      metadata,
      spec: {
        podSelector: { matchLabels: selector(MIGRATIONS) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [DNS_EGRESS, egressTo(args.database)],
      },
    },
    opts,
  );
  return new k8s.batch.v1.Job(
    name,
    {
      metadata: { ...metadata, annotations },
      spec: {
        backoffLimit: RETRIES,
        // A pod that its node loses is no attempt. No rule fails the Job at once: the provider knows its failure by the reasons
        // BackoffLimitExceeded and DeadlineExceeded, and would wait for one of another reason until its own time is over.
        podFailurePolicy: {
          rules: [
            {
              action: "Ignore",
              onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
            },
          ],
        },
        activeDeadlineSeconds: MIGRATION_MINUTES * 60,
        template: {
          metadata: withMetadata(
            {
              labels: labels(MIGRATIONS, "migrations"),
              annotations: { "checksum/database": args.databaseChecksum },
            },
            args,
          ),
          spec: withOverrides(
            withDatabaseCertificate(migrationsPod(args), args.database),
            GATEWAY,
            args,
          ),
        },
      },
    },
    {
      ...pulumi.mergeOptions(opts, { dependsOn: [traffic] }),
      // Its template cannot change, and two of a name cannot be.
      deleteBeforeReplace: true,
      customTimeouts: { create: `${MIGRATION_MINUTES}m`, update: `${MIGRATION_MINUTES}m` },
    },
  );
}

function migrationsPod({ image }: MigrationsArgs): types.input.core.v1.PodSpec {
  const url = { name: GATEWAY_SECRET, key: PROXY_ENVIRONMENT.databaseUrl };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(UID),
    restartPolicy: "Never",
    containers: [
      {
        name: GATEWAY,
        image,
        args: ["--skip_server_startup"],
        env: [
          { name: PROXY_ENVIRONMENT.databaseUrl, valueFrom: { secretKeyRef: url } },
          ...Object.entries({
            LITELLM_LOG: "INFO",
            LITELLM_LOCAL_MODEL_COST_MAP: "True",
            LITELLM_NON_ROOT: "true",
            LITELLM_MIGRATION_DIR: "/tmp/migrations",
            XDG_CACHE_HOME: "/tmp/cache",
          }).map(([variable, value]) => ({ name: variable, value })),
        ],
        resources: RESOURCES,
        securityContext: RESTRICTED_CONTAINER,
        // What went wrong stands in the pod's status, where an update that fails by it finds it.
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
      },
    ],
    volumes: [{ name: "scratch", emptyDir: {} }],
  };
}
