/**
 * The kubelet of the embedded environment: LiteLLM, Redis and vLLM simulators as processes for the pods that the scheduler
 * has placed. Runs until it is ended, or until the API server has not answered for a minute.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { messageOf } from "../failure";
import { Kubelet } from "./kubelet";
import { endLeftovers } from "./leftovers";

const INTERVAL_MS = 300;
const PATIENCE_MS = 60_000;

async function main(
  kubeconfig: string,
  folder: string,
  python: string,
  podNetwork: number,
  loadBalancerAddress: string,
): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  await endLeftovers(folder);
  const kubelet = new Kubelet({
    core: config.makeApiClient(CoreV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    folder,
    software: { python },
    podNetwork,
    loadBalancerAddress,
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      kubelet.killAll();
      process.exit(0);
    });
  }
  let lastSuccess = Date.now();
  while (Date.now() - lastSuccess < PATIENCE_MS) {
    try {
      await kubelet.reconcile();
      lastSuccess = Date.now();
    } catch (error) {
      console.error(`${new Date().toISOString()} ${messageOf(error)}`);
    }
    await sleep(INTERVAL_MS);
  }
  console.error(`the API server has not answered for ${PATIENCE_MS / 1000} s: giving up`);
  kubelet.killAll();
  process.exitCode = 1;
}

const [kubeconfig, folder, python, podNetwork, loadBalancerAddress] = process.argv.slice(2);
if (
  kubeconfig === undefined ||
  folder === undefined ||
  python === undefined ||
  loadBalancerAddress === undefined
) {
  throw new Error("usage: main.ts KUBECONFIG FOLDER PYTHON POD_NETWORK LOAD_BALANCER_ADDRESS");
}
void main(kubeconfig, folder, python, Number(podNetwork), loadBalancerAddress);
