import { join } from "node:path";
import { Daemon } from "./daemon";
import { claimsFolderOf, podsFolderOf, type Environment } from "../control-plane/environment";

const cloud = (environment: Environment) =>
  new Daemon(environment, "cloud", join("control-plane", "cloud"));
const kubelet = (environment: Environment) => new Daemon(environment, "kubelet", "processes");

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

/** Ends both, and with the kubelet the processes of its pods. */
export async function stopDaemons(environment: Environment): Promise<void> {
  await cloud(environment).stop();
  await kubelet(environment).stop();
}
