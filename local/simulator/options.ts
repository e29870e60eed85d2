import { Command, Option } from "commander";

/** What a simulated server is started with. */
export interface SimulatorOptions {
  /** Path of the checkpoint, as the list of models tells it; never read. */
  readonly checkpoint: string;
  readonly model: string;
  readonly host: string;
  readonly port: number;
  /** Sequences at a time. */
  readonly maxNumSeqs: number;
  /** Tokens of prompt and answer together. */
  readonly maxModelLen: number;
}

/** Options of `vllm serve` that change nothing here. */
const IGNORED = [
  "--tensor-parallel-size <n>",
  "--no-enable-prefix-caching",
  "--num-gpu-blocks-override <n>",
  "--additional-config <json>",
  "--enable-auto-tool-choice",
  "--tool-call-parser <name>",
  "--reasoning-parser <name>",
  "--chat-template <path>",
];

/**
 * Reads the arguments of `vllm serve`.
 *
 * @throws CommanderError for an option that the simulator does not know, as for one without its value
 */
export function parseOptions(args: readonly string[]): SimulatorOptions {
  const command = new Command("vllm-simulator")
    .exitOverride()
    .argument("<checkpoint>", "path of the checkpoint, never read")
    .requiredOption("--served-model-name <name>", "name that requests ask for")
    .option("--host <address>", "loopback address to listen on", "127.0.0.1")
    .option("--port <port>", "port to listen on", Number, 8000)
    .option("--max-num-seqs <n>", "sequences at a time", Number, 4)
    .option("--max-model-len <n>", "tokens of prompt and answer", Number, 8192);
  for (const flags of IGNORED) {
    command.addOption(new Option(flags).hideHelp());
  }
  command.parse([...args], { from: "user" });
  const [checkpoint = ""] = command.args;
  const options = command.opts<{
    servedModelName: string;
    host: string;
    port: number;
    maxNumSeqs: number;
    maxModelLen: number;
  }>();
  return { ...options, checkpoint, model: options.servedModelName };
}
