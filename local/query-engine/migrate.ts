import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseError, type ClientBase } from "pg";

/** A failure of `migrate deploy`, with Prisma's code and words, which LiteLLM reads. */
export class MigrationError extends Error {
  public constructor(
    public readonly code: "P1002" | "P3005" | "P3009" | "P3018",
    message: string,
  ) {
    super(`Error: ${code}\n\n${message}`);
  }
}

/** The lock that Prisma's own engine takes, so that both keep out of each other's way. */
const LOCK = 72_707_369;
/** How long Prisma waits for it. */
const LOCK_TIMEOUT_MS = 10_000;

/** Prisma's ledger. Source: prisma-engines 5.17.0, flavour postgres of the SQL schema connector. */
const LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Applies the migrations of a folder that the database does not have yet, in the order of their names, as `prisma migrate
 * deploy` does: each file in one round trip, which PostgreSQL takes for one transaction.
 *
 * @param folder with one folder for each migration, and its `migration.sql` in it
 * @returns names of those that were applied
 * @throws MigrationError for a migration that fails, one that failed before, a database that was not made by migrations, or a lock
 *   that somebody else holds
 */
export async function deployMigrations(client: ClientBase, folder: string): Promise<string[]> {
  await takeLock(client);
  const done = await appliedMigrations(client);
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "migration.sql")))
    .map(({ name }) => name)
    .sort();
  const pending = names.filter((name) => !done.has(name));
  for (const name of pending) {
    await apply(client, name, await readFile(join(folder, name, "migration.sql"), "utf8"));
  }
  return pending;
}

async function takeLock(client: ClientBase): Promise<void> {
  try {
    await client.query(`SET statement_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
  } catch (error) {
    throw isDatabaseError(error)
      ? new MigrationError(
          "P1002",
          `The database server was reached but timed out.\n\nContext: Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock(${LOCK})). Timeout: ${LOCK_TIMEOUT_MS}ms.`,
        )
      : error;
  }
  await client.query("SET statement_timeout = 0");
}

interface LedgerRow {
  readonly migration_name: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

async function appliedMigrations(client: ClientBase): Promise<ReadonlySet<string>> {
  const { rows: found } = await client.query<{ tables: number; ledger: boolean }>(
    `SELECT count(*)::int AS tables, coalesce(bool_or(tablename = '_prisma_migrations'), false) AS ledger
     FROM pg_tables WHERE schemaname = 'public'`,
  );
  if (found[0]?.ledger === false && found[0].tables > 0) {
    throw new MigrationError(
      "P3005",
      "The database schema is not empty. Read more about how to baseline an existing production database: https://pris.ly/d/migrate-baseline",
    );
  }
  await client.query(LEDGER);
  const { rows } = await client.query<LedgerRow>(
    `SELECT migration_name, started_at, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  const failed = rows.find(({ finished_at: finished }) => finished === null);
  if (failed !== undefined) {
    throw new MigrationError(
      "P3009",
      `migrate found failed migrations in the target database, new migrations will not be applied. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\nThe \`${failed.migration_name}\` migration started at ${failed.started_at.toISOString()} failed`,
    );
  }
  return new Set(rows.map(({ migration_name: name }) => name));
}

async function apply(client: ClientBase, name: string, script: string): Promise<void> {
  const id = randomUUID();
  const checksum = createHash("sha256").update(script).digest("hex");
  await client.query(
    `INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)`,
    [id, checksum, name],
  );
  try {
    await client.query(script);
  } catch (error) {
    if (!isDatabaseError(error)) {
      throw error;
    }
    const message = `A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\nMigration name: ${name}\n\nDatabase error code: ${error.code}\n\nDatabase error:\n${error.severity}: ${error.message}`;
    await client.query(`UPDATE "_prisma_migrations" SET logs = $2 WHERE id = $1`, [id, message]);
    throw new MigrationError("P3018", message);
  }
  await client.query(
    `UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = 1 WHERE id = $1`,
    [id],
  );
}

function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError;
}
