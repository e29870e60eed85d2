/** A stand-in for `vllm serve`, started with the same arguments; ./pace.ts names the variables that set its times. */
import { CommanderError } from "commander";
import { endGently } from "./ending";
import { parseOptions } from "./options";
import { paceFrom, startDelayFrom } from "./pace";
import { simulatorServer } from "./server";

try {
  const options = parseOptions(process.argv.slice(2));
  const server = simulatorServer(options, paceFrom(process.env), process.env.VLLM_API_KEY);
  const delayMs = startDelayFrom(process.env);
  const start = setTimeout(() => {
    server.listen(options.port, options.host, () => {
      console.log(`vLLM simulator of ${options.model} on ${options.host}:${options.port}`);
    });
  }, delayMs);
  const end = endGently(server);
  process.on("SIGTERM", () => {
    // One that does not listen yet ends at once.
    clearTimeout(start);
    end();
  });
  console.log(`vLLM simulator of ${options.model} listens in ${delayMs / 1000} s`);
} catch (error) {
  console.error(error instanceof CommanderError ? error.message : String(error));
  process.exitCode = 2;
}
