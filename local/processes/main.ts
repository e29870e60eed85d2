/**
 * The kubelet of the embedded environment: LiteLLM, its stores and vLLM simulators as processes for the pods that the scheduler
 * has placed. Runs until it is ended, or until the API server has not answered for a minute.
 */
import { CoreV1Api, KubernetesObjectApi } from "@kubernetes/client-node";
import { repeatRounds } from "../control-plane/rounds";
import { Kubelet } from "./kubelet";
import { endLeftovers } from "./leftovers";
import { PatientKubeConfig } from "../../operations/stack/patientKubeConfig";

const INTERVAL_MS = 300;

async function main(
  kubeconfig: string,
  folder: string,
  claims: string,
  python: string,
  podNetwork: number,
): Promise<void> {
  const config = new PatientKubeConfig();
  config.loadFromFile(kubeconfig);
  await endLeftovers(folder);
  const kubelet = new Kubelet({
    core: config.makeApiClient(CoreV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    folder,
    claims,
    software: { python },
    podNetwork,
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      kubelet.killAll();
      process.exit(0);
    });
  }
  await repeatRounds(() => kubelet.reconcile(), INTERVAL_MS);
  kubelet.killAll();
}

const [kubeconfig, folder, claims, python, podNetwork] = process.argv.slice(2);
if (
  kubeconfig === undefined ||
  folder === undefined ||
  claims === undefined ||
  python === undefined ||
  podNetwork === undefined
) {
  throw new Error("usage: main.ts KUBECONFIG FOLDER CLAIMS PYTHON POD_NETWORK");
}
void main(kubeconfig, folder, claims, python, Number(podNetwork));
