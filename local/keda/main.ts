/**
 * KEDA of the embedded environment: its operator and its metrics adapter as processes, and the proxy by which the operator reads the
 * metrics of pods. Runs until it is ended, or until the API server has not answered for a minute.
 */
import { mkdir } from "node:fs/promises";
import {
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  VersionApi,
} from "@kubernetes/client-node";
import { repeatRounds } from "../control-plane/rounds";
import { adapterObjects } from "./objects";
import { endLeftovers, Pair } from "./pair";
import { listen } from "./ports";
import { podProxy } from "./proxy";

/** Also how long a program that cannot run rests before it is tried again. */
const INTERVAL_MS = 1000;

async function main(
  kubeconfig: string,
  folder: string,
  certificates: string,
  programs: string,
  podNetwork: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await endLeftovers(folder);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const version = config.makeApiClient(VersionApi);
  const pair = new Pair({
    programs,
    kubeconfig,
    certificates,
    folder,
    proxy: `http://127.0.0.1:${await listen(podProxy(podNetwork))}`,
    announce: async (port) => {
      for (const object of adapterObjects(port)) {
        await objects.patch(
          object,
          undefined,
          undefined,
          "embedded-keda",
          true,
          PatchStrategy.ServerSideApply,
        );
      }
    },
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      pair.kill();
      process.exit(0);
    });
  }
  await repeatRounds(async () => {
    await version.getCode();
    await pair.keepUp();
  }, INTERVAL_MS);
  pair.kill();
  process.exit();
}

const [kubeconfig, folder, certificates, programs, podNetwork] = process.argv.slice(2);
if (
  kubeconfig === undefined ||
  folder === undefined ||
  certificates === undefined ||
  programs === undefined ||
  podNetwork === undefined
) {
  throw new Error("usage: main.ts KUBECONFIG FOLDER CERTIFICATES PROGRAMS POD_NETWORK");
}
void main(kubeconfig, folder, certificates, programs, Number(podNetwork));
