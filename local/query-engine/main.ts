/**
 * Stands in for the native program of Prisma's query engine, which can only be downloaded, before Prisma's Python client: the
 * engine itself is Prisma's, of the same version, in its WebAssembly build. Ends with whoever started it.
 */
import { messageOf } from "../../domain/failure";
import { databaseLocation, databaseUrl, poolOf } from "./database";
import { Engine } from "./engine";
import { engineServer } from "./server";
import { ENGINE_HASH } from "./version";

/** How often it looks whether its parent is still there: nothing tells a process of that. */
const PARENT_INTERVAL_MS = 500;

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (args.includes("--version")) {
    console.log(`query-engine ${ENGINE_HASH}`);
    return;
  }
  const port = Number(args[args.indexOf("-p") + 1]);
  const datamodel = env.PRISMA_DML_PATH;
  if (!args.includes("-p") || !Number.isInteger(port) || datamodel === undefined) {
    throw new Error("usage: PRISMA_DML_PATH=... DATABASE_URL=... query-engine -p PORT");
  }
  const parent = process.ppid;
  const location = databaseLocation(databaseUrl(env));
  const pool = poolOf(location, env);
  pool.on("error", (error) => {
    console.error(`query-engine: an idle connection ended: ${messageOf(error)}`);
  });
  // As the native engine does: without its database it does not start.
  (await pool.connect()).release();
  const server = engineServer(await Engine.start(datamodel, pool, location));
  // The pod's own address, which is what "localhost" means to its processes.
  server.listen(port, env.CLUSTER_DNS_SELF ?? "127.0.0.1");
  const end = () => {
    process.exit(0);
  };
  process.on("SIGTERM", end).on("SIGINT", end);
  setInterval(() => {
    if (process.ppid !== parent) {
      end();
    }
  }, PARENT_INTERVAL_MS);
}

main(process.argv.slice(2), process.env).catch((error: unknown) => {
  console.error(`query-engine: ${messageOf(error)}`);
  process.exit(1);
});
