import { createRequire } from "node:module";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { failureText } from "../domain/failure";
import { DEFAULT_NAMESPACES } from "../domain/names";
import { NODE_UNNEEDED_MINUTES } from "../domain/timing";
import { connect, type Connection, type StackLocation } from "./stack/connection";
import { load, type LoadSettings } from "./load/load";
import type * as planning from "./plan/command";
import type * as command from "./preflight/command";
import { resultTable, succeeded } from "./stack/checklist";
import { EXIT, exitCodeOf, exitCodeOfWork } from "./stack/exitCode";
import { verify } from "./verify/verify";
import { watch } from "./watch/watch";

const program = new Command("operations")
  .description("What an operator runs against a live stack, local or on EKS")
  .showHelpAfterError();

/** A command with the options that say where the stack is. */
function stackCommand(name: string): Command {
  return program
    .command(name)
    .option("--kubeconfig <path>", "kubeconfig file (default: KUBECONFIG, then ~/.kube/config)")
    .option("--context <name>", "context of the kubeconfig (default: its current one)")
    .option("--namespace <name>", "namespace of the gateway", DEFAULT_NAMESPACES.gateway)
    .option("--model-namespace <name>", "namespace of the model servers", DEFAULT_NAMESPACES.models)
    .option(
      "--url <url>",
      "base URL of the gateway without /v1 (default: its load balancer's, else a port-forward)",
    )
    .option(
      "--port-forward",
      "through the API server to the gateway's pods, where the load balancer is out of reach",
    );
}

/** The options that say which requests there are. */
function requests(made: Command): Command {
  return made
    .option("--rate <requests/s>", "requests per second", positive, 20)
    .option("--duration <s>", "seconds of load", positive, 180)
    .option("--ramp-to <requests/s>", "change the rate evenly from --rate to this", positive)
    .option("--spike-to <requests/s>", "a peak of this rate within the load", positive)
    .option(
      "--spike-start <s>",
      "when the peak begins (default: a quarter of --duration)",
      positive,
    )
    .option("--spike-seconds <s>", "its length (default: a quarter of --duration)", positive)
    .option(
      "--trace <file>",
      'JSON Lines: {"at": seconds, "promptTokens": n, "outputTokens": n}, sizes optional; or Azure\'s CSV: TIMESTAMP,ContextTokens,GeneratedTokens',
    )
    .option("--prompt-tokens <n>", "length of each prompt", positive, 32)
    .option("--output-tokens <n>", "length of each answer", positive, 16);
}

program
  .command("preflight")
  .description(
    "before pulumi up: what the stack needs of the AWS account (or of an existing cluster), of registries and models; changes nothing; exit code 1 on a failure",
  )
  .requiredOption("--stack <name>", "stack, by its file Pulumi.<name>.yaml")
  .option("--project <folder>", "folder of Pulumi.yaml", join(__dirname, ".."))
  .option("--kubeconfig <path>", "kubeconfig of an existing cluster (default: the stack's)")
  .option("--json", "results as JSON", false)
  .addHelpText(
    "after",
    `
Reads the stack's file without its key. Asks AWS with the usual credentials (AWS_PROFILE, aws sso login, environment) for what
docs/aws.md lists, and goes through HTTPS_PROXY and NO_PROXY. The Hugging Face token comes from HF_TOKEN, from the file, or from
"pulumi config get". With AWS_ENDPOINT_URL it asks another server than AWS, with HF_ENDPOINT another hub.`,
  )
  .action(async (options: command.PreflightCommand) => {
    // With the AWS SDK and the configuration's schema, which no other command waits for.
    const { preflightCommand } = createRequire(__filename)("./preflight/command") as typeof command;
    process.exitCode = exitCodeOf(await preflightCommand({ ...options, signal: interruption() }));
  });

stackCommand("verify")
  .description("the checklist: pass or fail, what was seen, what to do; exit code 1 on a failure")
  .option("--json", "results as JSON", false)
  .option("--disturb", "check the fallback too: it scales a model to 0 and back", false)
  .action((options: StackLocation & { readonly json: boolean; readonly disturb: boolean }) =>
    onStack(options, async (connection) => {
      const { disturb } = options;
      const results = await verify({ ...connection, disturb, signal: interruption() });
      console.log(options.json ? JSON.stringify(results, undefined, 2) : resultTable(results));
      return succeeded(results);
    }),
  );

requests(
  stackCommand("load").description(
    "open-loop load with live progress and a report in HTML and JSON; exit code 1 below --min-success",
  ),
)
  .option("--model <name>", "model as the gateway names it (default: the first Llama)")
  .option("--no-stream", "whole answers: no time to the first token, none between tokens")
  .option("--timeout <s>", "longest wait for an answer", positive, 120)
  .option(
    "--max-in-flight <n>",
    "most requests at a time; more are counted as failed",
    positive,
    1000,
  )
  .option("--report <file>", "the HTML report; the JSON one lies beside it", "load-report.html")
  .option("--min-success <percent>", "fail below this share of successful requests", positive, 99)
  .option(
    "--calibrate <file>",
    "write the model's times for plan --calibration, from answers that had no other beside them: --rate 0.2",
  )
  .action((options: StackLocation & LoadSettings) =>
    onStack(options, (connection) => load(connection, options, interruption())),
  );

requests(
  program
    .command("plan")
    .description(
      "which minimum, maximum, target and behaviour for my requests: replays them under every policy and searches the cheapest settings that reach a goal; exit code 1 where none does",
    ),
)
  .option("--stack <name>", "read model, price, autoscaler and queue of Pulumi.<name>.yaml")
  .option("--project <folder>", "folder of Pulumi.yaml", join(__dirname, ".."))
  .option(
    "--model <name>",
    "model of the stack (default: that of --calibration, else its only one)",
  )
  .option("--goal <s>", "seconds within which the first token is to come", positive, 3)
  .option("--share <percent>", "share of the requests that is to reach the goal", positive, 95)
  .option("--min-replicas <n>", "least replicas (default: the stack's, else 1)", count)
  .option("--max-replicas <n>", "most replicas (default: the stack's, else 8)", count)
  .option("--initial-replicas <n>", "replicas at the beginning (default: the minimum)", count)
  .option("--headroom <n>", "nodes kept ready (default: the stack's, else 0)", count)
  .option(
    "--slots <n>",
    "requests that a replica decodes at a time (default: the stack's, else 4)",
    positive,
  )
  .option("--calibration <file>", "times of the model, as load --calibrate wrote them")
  .option("--first-token <s>", "seconds to the first token (default: 0.3, an assumption)", seconds)
  .option("--per-prompt-token <s>", "seconds that a token of the prompt adds (default: 0)", seconds)
  .option(
    "--per-token <s>",
    "seconds for a token of the answer (default: 0.04, an assumption)",
    positive,
  )
  .option(
    "--start <s>",
    "seconds until a pod serves on a node that is ready (an assumption)",
    seconds,
    60,
  )
  .option("--boot <s>", "seconds until an ordered node is ready (an assumption)", seconds, 120)
  .option(
    "--keep <s>",
    "seconds that a node stays after its last pod (default: Cluster Autoscaler's)",
    seconds,
    NODE_UNNEEDED_MINUTES * 60,
  )
  .option(
    "--usd-per-hour <usd>",
    "price of a replica's node (default: the stack's, else inf2.xlarge in us-east-1)",
    positive,
  )
  .option("--starts-at <time>", "time of the first request, for a stack with a schedule")
  .option("--unbounded-queue", "let every request wait, whatever the stack's admission says", false)
  .option("--report <file>", "the HTML report", "plan-report.html")
  .option("--figure <file>", "a picture of the chosen settings' replay, SVG")
  .option("--json", "results as JSON", false)
  .action(async (options: planning.PlanCommand) => {
    // With the configuration's schema, which no other command but preflight waits for.
    const { planCommand } = createRequire(__filename)("./plan/command") as typeof planning;
    process.exitCode = exitCodeOf(await planCommand(options));
  });

stackCommand("watch")
  .description("one live screen: autoscalers, requests per model replica, pods, scaling, events")
  .option("--interval <s>", "seconds between two screens", positive, 3)
  .option("--once", "one screen, then end", false)
  .action((options: StackLocation & { readonly interval: number; readonly once: boolean }) =>
    onStack(options, async (connection) => {
      const { interval: intervalSeconds, once } = options;
      await watch(connection, { intervalSeconds, once }, interruption());
      return true;
    }),
  );

async function onStack(
  location: StackLocation,
  work: (connection: Connection) => Promise<boolean>,
): Promise<void> {
  process.exitCode = await exitCodeOfWork(await connect(location), work);
}

/** Ctrl-C once ends the work in order, twice ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      controller.abort();
    });
  }
  return controller.signal;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("write a number above 0.");
  }
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError("write a number, 0 or more.");
  }
  return value;
}

function count(text: string): number {
  const value = seconds(text);
  if (!Number.isInteger(value)) {
    throw new InvalidArgumentError("write a whole number, 0 or more.");
  }
  return value;
}

program.parseAsync().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = EXIT.broken;
});
