import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { Listr, PRESET_TIMER } from "listr2";
import { lock } from "proper-lockfile";
import { ControlPlane, type Outcome } from "../control-plane/controlPlane";
import { startCloud, startKubelet, stopDaemons } from "./daemons";
import { kubeconfigOf, LOCAL, podsFolderOf, type Environment } from "../control-plane/environment";
import { messageOf, UserError } from "../../domain/failure";
import { NAME_LABEL } from "../../domain/labels";
import { GATEWAY, keyCommand } from "../../domain/names";
import { paced } from "./progress";
import { Project } from "./project";
import { platformTables, waitForMetrics } from "./report";
import { ensureTools } from "../tools/build";
import { ensurePython } from "../tools/python";

const STACK = "local";

/** `make up`: tools, control plane, cloud, the stack, and a report of what runs. */
export async function up(): Promise<void> {
  await exclusively(LOCAL, async () => {
    const { toolFolders, outcome } = await startEnvironment(LOCAL);
    if (outcome === "created") {
      // The objects of an earlier control plane are gone; a state that lists them would mislead the engine.
      await rm(pulumiFolder(LOCAL), { recursive: true, force: true });
    }
    const project = await openLocalProject(toolFolders);
    console.log(
      project.standIns.length === 0
        ? "\nOfficial Pulumi plugins are installed and used."
        : `\nStand-ins of this repository play the Pulumi plugins ${project.standIns.join(", ")}.`,
    );
    // An update that was killed leaves a lock and pending operations; nobody else uses this state.
    await project.capture(["cancel", "--yes", "--stack", STACK]).catch(ignoreNoUpdate);
    // With its preview, so that a policy violation stops the update before it changes anything.
    const code = await project.show(["up", "--yes", ...project.checkedRun()]);
    if (code !== 0) {
      throw new UserError(
        `pulumi up ended with exit code ${code}`,
        "mend what the diagnostics above name and run make up again; make down starts afresh",
      );
    }
    await report(toolFolders);
  });
}

/** `make down`: ends every process of the environment and removes all that it wrote. */
export async function down(): Promise<void> {
  await exclusively(LOCAL, async () => {
    const toolFolders = await ensureTools(() => undefined);
    await stopDaemons(LOCAL);
    await new ControlPlane(LOCAL, toolFolders).remove();
    await rm(pulumiFolder(LOCAL), { recursive: true, force: true });
  });
  await rm(LOCAL.folder, { recursive: true, force: true });
  console.log("The embedded environment is gone: no process, no state.");
}

/** `make status`: the tables of `make up`. */
export async function status(): Promise<void> {
  const toolFolders = await ensureTools(() => undefined);
  if (!(await new ControlPlane(LOCAL, toolFolders).isRunning())) {
    throw new UserError("the embedded environment does not run", "run make up");
  }
  await report(toolFolders);
}

/** The `local` stack's project on the embedded environment's state. */
export async function openLocalProject(toolFolders: readonly string[]): Promise<Project> {
  return Project.open({
    folder: pulumiFolder(LOCAL),
    stack: STACK,
    toolFolders,
    kubeconfig: kubeconfigOf(LOCAL),
  });
}

/** Builds the tools and starts control plane and cloud, each step shown with its time. */
async function startEnvironment(
  environment: Environment,
): Promise<{ readonly toolFolders: readonly string[]; readonly outcome: Outcome }> {
  let toolFolders: readonly string[] = [];
  let outcome: Outcome = "running already";
  await new Listr(
    [
      {
        title: "Tools (built from Go modules once, kept in the user's cache)",
        task: async (_context, task) => {
          toolFolders = await ensureTools(
            paced((text) => {
              task.output = text;
            }),
          );
        },
      },
      {
        title: "Control plane with simulated nodes",
        task: async (_context, task) => {
          outcome = await new ControlPlane(environment, toolFolders).start();
          task.title = `Control plane with simulated nodes: ${outcome}`;
        },
      },
      {
        title: "Volume provisioner and load balancers",
        task: () => startCloud(environment),
      },
      {
        title: "LiteLLM, Redis and vLLM simulators as processes of their pods",
        enabled: () => environment.processes,
        task: async (_context, task) => {
          const python = await ensurePython(
            paced((text) => {
              task.output = text;
            }),
          );
          await startKubelet(environment, python);
        },
      },
    ],
    {
      rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
      fallbackRenderer: "verbose",
      concurrent: false,
    },
  ).run();
  return { toolFolders, outcome };
}

async function report(toolFolders: readonly string[]): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigOf(LOCAL));
  console.log("\nWaiting for the autoscalers' first metrics...");
  const blind = await waitForMetrics(config);
  console.log(await platformTables(config));
  if (blind.length > 0) {
    throw new UserError(
      `these autoscalers show no metrics: ${blind.join(", ")}`,
      "run make status in a minute; kubectl describe hpa says what is missing",
    );
  }
  const kubernetes = toolFolders.at(-1) ?? "";
  console.log(`
Next:
  export KUBECONFIG=${kubeconfigOf(LOCAL)} PATH="${kubernetes}:$PATH"
${LOCAL.processes ? COMPLETION : PRETENDED_LOAD}
  kubectl -n litellm get hpa litellm-hpa --watch
  make preview STACK=local     what an edit of the program or of Pulumi.local.yaml would change
  make down                    stop and remove everything`);
}

const COMPLETION = `  key=$(${keyCommand("litellm")})
  curl http://localhost:4000/v1/chat/completions -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \\
    -d '{"model": "vllm/llama-3-1-8b-int8-neuron", "messages": [{"role": "user", "content": "Hello"}]}'
                               a completion by LiteLLM, from a simulated model server
  tail -f ${podsFolderOf(LOCAL)}/*/log
                               logs of LiteLLM, Redis and the model servers; PostgreSQL is simulated: keys and spend are off`;

const PRETENDED_LOAD = `  kubectl -n litellm annotate pod -l ${NAME_LABEL}=${GATEWAY} kwok.x-k8s.io/usage-cpu=900m
                               pretend load: the gateway scales from 2 pods towards 10`;

/** Runs one command on an environment at a time. @throws UserError when another one runs */
async function exclusively(environment: Environment, work: () => Promise<void>): Promise<void> {
  await mkdir(environment.folder, { recursive: true });
  let release: () => Promise<void>;
  try {
    release = await lock(environment.folder, {
      stale: 15_000,
      lockfilePath: lockPath(environment),
    });
  } catch (error) {
    throw new UserError(
      `another make up or make down works on ${environment.folder} (${messageOf(error)})`,
      "wait until it has ended; after a crash, 15 seconds are enough",
    );
  }
  try {
    await work();
  } finally {
    await release();
  }
}

function lockPath(environment: Environment): string {
  return `${environment.folder}.lock`;
}

function pulumiFolder(environment: Environment): string {
  return join(environment.folder, "pulumi");
}

function ignoreNoUpdate(error: unknown): void {
  if (!/no (update|stack)|not.*in progress|lock/i.test(messageOf(error))) {
    throw error;
  }
}
