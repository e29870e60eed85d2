import { Daemon } from "./daemon";
import { podsFolderOf, type Environment } from "./environment";

/** Starts what plays the cloud: volumes and load-balancer addresses. */
export function startCloud(environment: Environment): Promise<void> {
  return new Daemon(environment, "cloud").start([environment.loadBalancerAddress]);
}

/**
 * Starts what runs pods as processes.
 *
 * @param python virtual environment with LiteLLM and Redis
 */
export function startKubelet(environment: Environment, python: string): Promise<void> {
  return new Daemon(environment, "kubelet").start([
    podsFolderOf(environment),
    python,
    String(environment.podNetwork),
    environment.loadBalancerAddress,
  ]);
}

/** Ends both, and with the kubelet the processes of its pods. */
export async function stopDaemons(environment: Environment): Promise<void> {
  await new Daemon(environment, "cloud").stop();
  await new Daemon(environment, "kubelet").stop();
}
