import { join } from "node:path";

/** The folder of this repository. */
export const REPOSITORY = join(__dirname, "..");

/** One embedded environment: a control plane with its state, all of it below one folder. */
export interface Environment {
  /** Name of the control plane; its kubeconfig context is {@link contextOf}. */
  readonly name: string;
  /** Folder of everything that the environment writes. */
  readonly folder: string;
  /** Seconds between two rounds of the autoscaler controller; Kubernetes' own default is 15. */
  readonly horizontalPodAutoscalerSyncSeconds: number;
}

/** The environment of `make up`. */
export const LOCAL: Environment = {
  name: "llm-gateway",
  folder: join(REPOSITORY, ".state", "local"),
  horizontalPodAutoscalerSyncSeconds: 5,
};

/** Kubeconfig context of an environment, by kwokctl's naming. */
export function contextOf(environment: Environment): string {
  return `kwok-${environment.name}`;
}

/** The environment's own kubeconfig; the user's is never touched. */
export function kubeconfigOf(environment: Environment): string {
  return join(environment.folder, "kubeconfig");
}
