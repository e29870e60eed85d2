import { join } from "node:path";

/** The folder of this repository. */
export const REPOSITORY = join(__dirname, "..", "..");

/** One embedded environment: a control plane with its state, all of it below one folder. */
export interface Environment {
  /** Name of the control plane; its kubeconfig context is {@link contextOf}. */
  readonly name: string;
  /** Folder of everything that the environment writes. */
  readonly folder: string;
  /** Seconds between two rounds of the autoscaler controller; Kubernetes' own default is 15. */
  readonly horizontalPodAutoscalerSyncSeconds: number;
  /** Whether gateway, cache and models run as processes; all pods are simulated otherwise. */
  readonly processes: boolean;
  /** Whether KEDA runs, which reads the metrics of pods that are processes. */
  readonly keda: boolean;
  /** Second number of the addresses of pods that run as processes; another for each environment of a machine. */
  readonly podNetwork: number;
  /** Loopback address of the first load balancer; another gets the next one. */
  readonly loadBalancerAddress: string;
}

/** The environment of `make up`. */
export const LOCAL: Environment = {
  name: "llm-gateway",
  folder: join(REPOSITORY, ".state", "local"),
  horizontalPodAutoscalerSyncSeconds: 5,
  // A pod's address is one of 127.0.0.0/8, which other systems than Linux do not give to processes.
  processes: process.platform === "linux",
  keda: process.platform === "linux",
  podNetwork: 244,
  loadBalancerAddress: "127.0.0.1",
};

/** Kubeconfig context of an environment, by kwokctl's naming. */
export function contextOf(environment: Environment): string {
  return `kwok-${environment.name}`;
}

/** The environment's own kubeconfig; the user's is never touched. */
export function kubeconfigOf(environment: Environment): string {
  return join(environment.folder, "kubeconfig");
}

/** Folder of the pods that run as processes: one by the pod's uid, with its log. */
export function podsFolderOf(environment: Environment): string {
  return join(environment.folder, "pods");
}

/** Folder of the volumes that claims are bound to: one by the claim's uid. */
export function claimsFolderOf(environment: Environment): string {
  return join(environment.folder, "claims");
}

/** What kwokctl writes: its configuration, the data of etcd, the logs. */
export function workFolderOf(environment: Environment): string {
  return join(environment.folder, "kwok");
}

/** The part of {@link workFolderOf} that is of the control plane itself. */
export function clusterFolderOf(environment: Environment): string {
  return join(workFolderOf(environment), "clusters", environment.name);
}

/** Folder of the control plane's certificates: of the authority, and one pair that clients and servers of the environment share. */
export function certificatesOf(environment: Environment): string {
  return join(clusterFolderOf(environment), "pki");
}

/** Folder of what KEDA's processes need and write. */
export function kedaFolderOf(environment: Environment): string {
  return join(environment.folder, "keda");
}
