import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Properties } from "../properties";

/** Environment variable with the path of a folder: what stays of removed stores lies there, a file each. */
export const SNAPSHOTS_FOLDER = "STAND_IN_SNAPSHOTS";

/**
 * What AWS keeps of a store that is removed: a last snapshot, automated backups. Without a folder nothing is written down.
 *
 * @throws Error for a snapshot whose name is taken, as AWS refuses it, and for a missing name, as the provider does
 */
export async function keepCopies(type: string, id: string, store: Properties): Promise<void> {
  const folder = process.env[SNAPSHOTS_FOLDER];
  const database = type === "aws:rds/instance:Instance";
  if (folder === undefined || !(database || type === CACHE)) {
    return;
  }
  const { finalSnapshotIdentifier: snapshot } = store;
  if (typeof snapshot === "string" && !(database && store.skipFinalSnapshot === true)) {
    await writeFile(join(folder, snapshot), type, { flag: "wx" }).catch(() => {
      throw new Error(`SnapshotAlreadyExists: cannot create the snapshot ${snapshot}`);
    });
  } else if (database && store.skipFinalSnapshot !== true) {
    throw new Error("finalSnapshotIdentifier is required when skipFinalSnapshot is false");
  }
  if (database && store.deleteAutomatedBackups === false) {
    await writeFile(join(folder, `backups-of-${id}`), type);
  }
}

const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
