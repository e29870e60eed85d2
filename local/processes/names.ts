import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { connectedPods, hostOf, publishedPods } from "./endpoints";

/** Loopback addresses by DNS name. */
export type Names = Record<string, string[]>;

/**
 * What cluster DNS would answer: for a headless Service the pods that it publishes, and by their host name those of them whose
 * `subdomain` is the Service; for any other the pods that its cluster IP leads to, for here no address leads to several. A
 * Service without such a pod has a name and no address.
 */
export function clusterNames(services: readonly V1Service[], pods: readonly V1Pod[]): Names {
  const names: Names = {};
  for (const service of services) {
    const { metadata, spec } = service;
    const name = `${metadata?.name}.${metadata?.namespace}.svc`;
    if (spec?.clusterIP !== "None") {
      names[name] = connectedPods(service, pods).map(hostOf);
      continue;
    }
    const published = publishedPods(service, pods);
    names[name] = published.map(hostOf);
    for (const pod of published) {
      const { hostname, subdomain } = pod.spec ?? {};
      if (hostname !== undefined && subdomain === metadata?.name) {
        (names[`${hostname}.${name}`] ??= []).push(hostOf(pod));
      }
    }
  }
  return names;
}
