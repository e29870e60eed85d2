import { delimiter, join } from "node:path";
import execa from "execa";

/** Entry of Prisma's command line. */
const CLI = require.resolve("prisma/build/index.js");
/** Says the version of an engine, which is all that the command line asks of one here. */
const ENGINE = join(__dirname, "bin", "query-engine");

/**
 * Writes LiteLLM's database client, Python code that the package comes without, into the virtual environment. Prisma's own command
 * line and its generator for Python do it; the engines that it would download are named, and not used.
 *
 * @param python folder of the virtual environment
 * @param schema path of LiteLLM's `schema.prisma`
 */
export async function generateClient(python: string, schema: string): Promise<void> {
  await execa(process.execPath, [CLI, "generate", "--schema", schema], {
    env: {
      PATH: [join(python, "bin"), process.env.PATH ?? ""].join(delimiter),
      PRISMA_QUERY_ENGINE_BINARY: ENGINE,
      PRISMA_QUERY_ENGINE_LIBRARY: ENGINE,
      PRISMA_SCHEMA_ENGINE_BINARY: ENGINE,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  });
}
