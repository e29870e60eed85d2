import { CoreV1Api } from "@kubernetes/client-node";
import { create } from "log-update";
import { projectSelector } from "../../domain/labels";
import { pause } from "../../domain/pause";
import type { Connection } from "../stack/connection";
import { workloads } from "../stack/platformState";
import { ratesOf, ReplicaRequests } from "./replicaRequests";
import { screen } from "./screen";

/** Shows a screen until `signal`, or one screen when `once`. */
export async function watch(
  connection: Connection,
  options: { readonly intervalSeconds: number; readonly once: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { config, namespace, modelNamespace } = connection;
  const core = config.makeApiClient(CoreV1Api);
  const namespaces = [namespace, modelNamespace];
  const requests = new ReplicaRequests(connection);
  const live = process.stdout.isTTY && !options.once ? create(process.stdout) : console.log;
  try {
    let before = await requests.read();
    // Rates need two readings.
    await pause(Math.min(1, options.intervalSeconds) * 1000, signal);
    while (!signal.aborted) {
      const [states, after, pods, events] = await Promise.all([
        workloads(config, namespaces),
        requests.read(),
        Promise.all(
          namespaces.map((name) =>
            core.listNamespacedPod({ namespace: name, labelSelector: projectSelector() }),
          ),
        ),
        Promise.all(namespaces.map((name) => core.listNamespacedEvent({ namespace: name }))),
      ]);
      live(
        screen({
          at: new Date(),
          workloads: states,
          pods: pods
            .flatMap(({ items }) => items)
            .filter(({ status }) => status?.phase !== "Succeeded"),
          events: events.flatMap(({ items }) => items),
          rates: ratesOf(before, after),
        }),
      );
      if (options.once) {
        return;
      }
      before = after;
      await pause(options.intervalSeconds * 1000, signal);
    }
  } finally {
    requests.close();
  }
}
