import type { KubeConfig } from "@kubernetes/client-node";
import { forward, type PodPort } from "./forward";

/**
 * Reads a page of a pod.
 *
 * @throws Error when the pod does not answer, or answers with another status than 200
 */
export type PodPages = (pod: PodPort, path: string) => Promise<string>;

/** Longest wait for a page, milliseconds. */
const TIMEOUT_MS = 10_000;

/** Pages of a cluster's pods by port-forwards: by way of the node, which no network policy keeps out. */
export function podPages(config: KubeConfig): PodPages {
  return async (pod, path) => {
    const forwarded = await forward(config, () => Promise.resolve(pod));
    try {
      const response = await fetch(`http://127.0.0.1:${forwarded.port}${path}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status !== 200) {
        throw new Error(`answers ${response.status}`);
      }
      return await response.text();
    } finally {
      forwarded.close();
    }
  };
}
