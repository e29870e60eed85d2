import { join } from "node:path";
import { Daemon } from "./daemon";
import {
  certificatesOf,
  claimsFolderOf,
  kedaFolderOf,
  podsFolderOf,
  type Environment,
} from "../control-plane/environment";

const cloud = (environment: Environment) =>
  new Daemon(environment, "cloud", join("control-plane", "cloud"));
const kubelet = (environment: Environment) => new Daemon(environment, "kubelet", "processes");
const keda = (environment: Environment) => new Daemon(environment, "keda", "keda");

/** Starts what plays the cloud: volumes and load-balancer addresses. */
export function startCloud(environment: Environment): Promise<void> {
  return cloud(environment).start([environment.loadBalancerAddress]);
}

/**
 * Starts what runs pods as processes.
 *
 * @param python virtual environment with LiteLLM, PostgreSQL and Redis
 */
export function startKubelet(environment: Environment, python: string): Promise<void> {
  return kubelet(environment).start([
    podsFolderOf(environment),
    claimsFolderOf(environment),
    python,
    String(environment.podNetwork),
  ]);
}

/**
 * Starts KEDA's operator and adapter, and what leads them to the pods.
 *
 * @param programs folder with both
 */
export function startKeda(environment: Environment, programs: string): Promise<void> {
  return keda(environment).start([
    kedaFolderOf(environment),
    certificatesOf(environment),
    programs,
    String(environment.podNetwork),
  ]);
}

/** The process that watches over KEDA's; undefined where none does. */
export function kedaPid(environment: Environment): Promise<number | undefined> {
  return keda(environment).runningPid();
}

/** Ends KEDA's processes. */
export function stopKeda(environment: Environment): Promise<void> {
  return keda(environment).stop();
}

/** Ends all, with the kubelet the processes of its pods, and with KEDA its own. */
export async function stopDaemons(environment: Environment): Promise<void> {
  await stopKeda(environment);
  await cloud(environment).stop();
  await kubelet(environment).stop();
}
