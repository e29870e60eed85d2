import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replicaUrl } from "../../domain/models/addresses";
import type { ParsedConfig } from "../../domain/settings/schema";

/** Name of the file that the processes take the cluster's DNS names from. */
export const NAMES_FILE = "names.json";

export interface Published {
  readonly models: ParsedConfig["models"];
  /** Namespace of the model servers. */
  readonly namespace: string;
  /** Addresses of the replicas that run, by `<model>-<ordinal>`. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Addresses of the gateway's stores by their names. */
  readonly stores: Readonly<Record<string, string>>;
}

/** Writes what cluster DNS would say: whole or not at all, for processes read it at any moment. */
export async function publishNames(
  folder: string,
  { models, namespace, addresses, stores }: Published,
): Promise<void> {
  const names: Record<string, string[]> = Object.fromEntries(
    Object.entries(stores).map(([name, address]) => [`${name}.litellm.svc`, [address]]),
  );
  for (const [model, { autoscaling }] of Object.entries(models)) {
    const all: string[] = [];
    for (let ordinal = 0; ordinal < autoscaling.maxReplicas; ordinal += 1) {
      const address = addresses.get(`${model}-${ordinal}`);
      if (address !== undefined) {
        const { hostname } = new URL(replicaUrl(model, namespace, ordinal));
        names[hostname] = [address];
        all.push(address);
      }
    }
    names[`${model}.${namespace}.svc`] = all;
  }
  const file = join(folder, NAMES_FILE);
  await writeFile(`${file}.new`, JSON.stringify(names));
  await rename(`${file}.new`, file);
}
