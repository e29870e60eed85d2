import { Command } from "commander";
import { failureText, UserError } from "../../domain/failure";
import { render } from "../render/render";
import { preview } from "./preview";
import { down, status, up } from "./up";

const program = new Command("llm-gateway")
  .description(
    "The embedded environment: the platform on a Kubernetes control plane on this machine",
  )
  .showHelpAfterError();

program
  .command("up")
  .description(
    "build the tools, start the control plane and deploy the local stack; safe to repeat",
  )
  .action(up);
program.command("down").description("stop and remove everything that up started").action(down);
program.command("status").description("show pods, autoscalers and nodes").action(status);
program
  .command("preview")
  .description("the engine's preview of a stack with the policy pack")
  .requiredOption("--stack <name>", "stack, as in Pulumi.<name>.yaml")
  .action(async ({ stack }: { stack: string }) => {
    process.exitCode = await preview(stack);
  });
program
  .command("render")
  .description("write every Kubernetes object of a stack as YAML, secrets masked")
  .requiredOption("--stack <name>", "stack, as in Pulumi.<name>.yaml")
  .requiredOption("--out <folder>", "folder, made or written anew")
  .action(async ({ stack, out }: { stack: string; out: string }) => {
    const { folder, objects } = await render(stack, out);
    console.log(`${objects} objects of stack ${stack} in ${folder}`);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(failureText(error));
  if (error instanceof Error && !(error instanceof UserError) && process.env.DEBUG !== undefined) {
    console.error(error.stack);
  }
  process.exitCode = 1;
});
