/**
 * What a cloud does for a cluster, for the embedded one: it makes volumes for claims and gives load balancers an address.
 * Runs until it is ended, or until the API server has not answered for a minute.
 */
import {
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  StorageV1Api,
} from "@kubernetes/client-node";
import { repeatRounds } from "../rounds";
import { isReleased, newLoadBalancers, volumeFor } from "./reconcile";

const INTERVAL_MS = 500;

async function reconcile(core: CoreV1Api, storage: StorageV1Api, address: string): Promise<void> {
  const [claims, volumes, classes, services] = await Promise.all([
    core.listPersistentVolumeClaimForAllNamespaces(),
    core.listPersistentVolume(),
    storage.listStorageClass(),
    core.listServiceForAllNamespaces(),
  ]);
  const existing = new Set(volumes.items.map(({ metadata }) => metadata?.name));
  for (const claim of claims.items) {
    const volume = volumeFor(claim, classes.items);
    if (volume !== undefined && !existing.has(volume.metadata?.name)) {
      await core.createPersistentVolume({ body: volume });
    }
  }
  for (const { metadata } of volumes.items.filter(isReleased)) {
    await core.deletePersistentVolume({ name: metadata?.name ?? "" });
  }
  for (const balanced of newLoadBalancers(services.items, address)) {
    await core.patchNamespacedServiceStatus(
      {
        name: balanced.name,
        namespace: balanced.namespace,
        body: { status: { loadBalancer: { ingress: [{ ip: balanced.address }] } } },
      },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }
}

async function main(kubeconfig: string, loadBalancerAddress: string): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const storage = config.makeApiClient(StorageV1Api);
  await repeatRounds(() => reconcile(core, storage, loadBalancerAddress), INTERVAL_MS);
}

const [kubeconfig, loadBalancerAddress] = process.argv.slice(2);
if (kubeconfig === undefined || loadBalancerAddress === undefined) {
  throw new Error("usage: main.ts KUBECONFIG LOAD_BALANCER_ADDRESS");
}
void main(kubeconfig, loadBalancerAddress);
