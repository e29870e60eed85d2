/**
 * Stands in for Prisma's command line, whose schema engine can only be downloaded, before LiteLLM: it applies migrations as
 * `prisma migrate deploy` does, and refuses every other command.
 */
import { join } from "node:path";
import { messageOf } from "../../domain/failure";
import { databaseLocation, databaseUrl, poolOf } from "./database";
import { deployMigrations } from "./migrate";
import { ENGINE_HASH, PRISMA_VERSION } from "./version";

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const command = args.join(" ");
  if (command === "--version") {
    console.log(`prisma : ${PRISMA_VERSION} (stand-in)\nDefault Engines Hash : ${ENGINE_HASH}`);
    return;
  }
  if (command !== "migrate deploy") {
    throw new Error(
      `prisma ${command}: the stand-in of the embedded environment knows --version and migrate deploy`,
    );
  }
  const pool = poolOf(databaseLocation(databaseUrl(env)), env);
  const client = await pool.connect();
  try {
    const applied = await deployMigrations(client, join(process.cwd(), "migrations"));
    console.log(
      applied.length === 0
        ? "No pending migrations to apply."
        : `${applied.map((name) => `Applying migration \`${name}\``).join("\n")}\n\nAll migrations have been successfully applied.`,
    );
  } finally {
    client.release(true);
    await pool.end();
  }
}

main(process.argv.slice(2), process.env).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
