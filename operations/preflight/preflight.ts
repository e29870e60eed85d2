import { messageOf } from "../../domain/failure";
import {
  fail,
  pass,
  runChecklist,
  skipped,
  type Check,
  type ChecklistOptions,
  type Result,
} from "../stack/checklist";
import { kubeConfig } from "../stack/connection";
import { awsAccount } from "./awsAccount";
import { ACCESS_CHECKS } from "./accessChecks";
import { CAPACITY_CHECKS } from "./capacityChecks";
import { clusterReader, type ClusterReader } from "./clusterReader";
import { ENDPOINT_CHECKS } from "./endpointChecks";
import { EXISTING_CHECKS } from "./existingChecks";
import { HOST_NAME_CHECKS } from "./hostNameChecks";
import { accountRemedy, IDENTITY_CHECKS } from "./identityChecks";
import { LOG_GROUP_CHECKS } from "./logGroupChecks";
import { MODEL_CHECKS } from "./modelChecks";
import { CHART_CHECKS, IMAGE_CHECKS } from "./sourceChecks";
import { readStackFile } from "./stackFile";
import { setCommand, type EksCheck, type ExistingSettings, type StackSubject } from "./subject";
import { huggingFaceToken } from "./token";
import { VERSION_CHECKS } from "./versionChecks";
import { INTERNET } from "./web";

/** Everything that is checked before a stack with a cluster of its own costs money, in order. */
export const EKS_CHECKS: readonly EksCheck[] = [
  ...IDENTITY_CHECKS,
  ...ENDPOINT_CHECKS,
  ...ACCESS_CHECKS,
  ...VERSION_CHECKS,
  ...CAPACITY_CHECKS,
  ...HOST_NAME_CHECKS,
  ...LOG_GROUP_CHECKS,
  ...CHART_CHECKS,
  ...IMAGE_CHECKS,
  ...MODEL_CHECKS,
];

export interface PreflightOptions {
  /** Folder of `Pulumi.yaml` and the stacks' files. */
  readonly folder: string;
  readonly stack: string;
  /** Kubeconfig of a cluster that is there, in place of the one that the stack names. */
  readonly kubeconfig?: string;
  readonly signal: AbortSignal;
  /** Told the name of each check before it runs. */
  readonly onStart?: (check: string) => void;
}

/**
 * Checks what a stack needs of the account, or of the cluster that is there, and of the world. Nothing is changed.
 *
 * @throws UserError or ConfigError when the stack's own file is wrong
 */
export async function preflight(options: PreflightOptions): Promise<Result[]> {
  const { folder, stack, signal, onStart } = options;
  const file = await readStackFile(folder, stack);
  const subject: StackSubject = {
    stack,
    config: file.config,
    web: INTERNET,
    huggingFaceToken: await huggingFaceToken(folder, stack, file),
  };
  const { cluster } = file.config;
  const run = { signal, remedy: accountRemedy, ...(onStart === undefined ? {} : { onStart }) };
  if (cluster.kind === "existing") {
    const { kubeconfig } = options;
    return existing(
      subject,
      { ...cluster, ...(kubeconfig === undefined ? {} : { kubeconfig }) },
      run,
    );
  }
  const account = await awsAccount(cluster.region);
  return runChecklist(EKS_CHECKS, { ...subject, cluster, account, today: new Date() }, run);
}

const CONTEXT = "The kubeconfig has the context";

/** What a stack on a cluster that is there needs beside the cluster: everything that does not ask AWS. */
export const WORLD_CHECKS: readonly Check<StackSubject>[] = [...IMAGE_CHECKS, ...MODEL_CHECKS];

/** The checks of a cluster that is there; without its context only those that do not ask it. */
async function existing(
  subject: StackSubject,
  cluster: ExistingSettings,
  options: ChecklistOptions,
): Promise<Result[]> {
  const clusterOptions = {
    ...options,
    remedy: () => `see that kubectl --context ${cluster.context} version answers`,
  };
  const { kubeconfig, context } = cluster;
  const location = { context, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
  let reader: ClusterReader;
  try {
    reader = clusterReader(kubeConfig(location));
  } catch (error) {
    return [
      {
        check: CONTEXT,
        ...fail(
          messageOf(error),
          `kubectl config get-contexts\n${setCommand(subject.stack, "cluster.context", "NAME")}`,
        ),
      },
      ...EXISTING_CHECKS.map(({ name }) => ({ check: name, ...skipped("there is no context") })),
      ...(await runChecklist(WORLD_CHECKS, subject, options)),
    ];
  }
  return [
    { check: CONTEXT, ...pass(context) },
    ...(await runChecklist(EXISTING_CHECKS, { ...subject, cluster, reader }, clusterOptions)),
    ...(await runChecklist(WORLD_CHECKS, subject, options)),
  ];
}
