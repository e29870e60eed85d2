/**
 * A stand-in for `vllm serve`, started with the same arguments. Its times are set by SIMULATOR_FIRST_TOKEN_MS and
 * SIMULATOR_INTER_TOKEN_MS; nobody measured a model on Inf2 for their defaults.
 */
import { CommanderError } from "commander";
import { parseOptions } from "./options";
import { simulatorServer } from "./server";

function milliseconds(variable: string, fallback: number): number {
  const value = Number(process.env[variable] ?? fallback);
  if (!Number.isFinite(value) || value < 0) {
    throw new Error(`${variable} = ${process.env[variable]} is no number of milliseconds`);
  }
  return value;
}

try {
  const options = parseOptions(process.argv.slice(2));
  const pace = {
    timeToFirstTokenMs: milliseconds("SIMULATOR_FIRST_TOKEN_MS", 25),
    interTokenMs: milliseconds("SIMULATOR_INTER_TOKEN_MS", 10),
  };
  const server = simulatorServer(options, pace, process.env.VLLM_API_KEY);
  server.listen(options.port, options.host, () => {
    console.log(`vLLM simulator of ${options.model} on ${options.host}:${options.port}`);
  });
  // As vLLM does: no new connection, requests in flight end, then the process.
  process.on("SIGTERM", () => server.close());
} catch (error) {
  console.error(error instanceof CommanderError ? error.message : String(error));
  process.exitCode = 2;
}
