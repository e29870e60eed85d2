import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { ControlPlane } from "../control-plane/controlPlane";
import { stopDaemons } from "./daemons";
import { kubeconfigOf, LOCAL, podsFolderOf, type Environment } from "../control-plane/environment";
import { messageOf, UserError } from "../../domain/failure";
import { NAME_LABEL } from "../../domain/labels";
import { AUTOSCALER, DEFAULT_NAMESPACES, GATEWAY, keyCommand } from "../../domain/names";
import { runKeda } from "./keda";
import { showTools } from "./progress";
import { Project } from "./project";
import { platformTables, waitForMetrics } from "./report";
import { startEnvironment } from "./start";
import { ensureTools } from "../tools/build";
import { CONTROL_PLANE, KUBERNETES_PROVIDER_VERSION } from "../tools/manifest";
import { PatientKubeConfig } from "../../operations/stack/patientKubeConfig";

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
      `\nThe official Kubernetes provider ${KUBERNETES_PROVIDER_VERSION} is used.${
        project.standIns.length === 0
          ? ""
          : ` Stand-ins of this repository play the Pulumi plugins ${project.standIns.join(", ")}.`
      }`,
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
    if (LOCAL.keda) {
      await runKeda(LOCAL, outcome);
    }
    await report(await ensureTools(showTools, [CONTROL_PLANE]));
  });
}

/** `make down`: ends every process of the environment and removes all that it wrote. */
export async function down(): Promise<void> {
  await exclusively(LOCAL, async () => {
    await stopDaemons(LOCAL);
    if (ControlPlane.isThere(LOCAL)) {
      const toolFolders = await ensureTools(showTools, [CONTROL_PLANE]);
      await new ControlPlane(LOCAL, toolFolders).remove();
    }
    await rm(pulumiFolder(LOCAL), { recursive: true, force: true });
  });
  await rm(LOCAL.folder, { recursive: true, force: true });
  console.log("The embedded environment is gone: no process, no state.");
}

/** `make status`: the tables of `make up`. */
export async function status(): Promise<void> {
  const toolFolders = await ensureTools(showTools, [CONTROL_PLANE]);
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

async function report(toolFolders: readonly string[]): Promise<void> {
  const config = new PatientKubeConfig();
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
  console.log(`
Next:
  export KUBECONFIG=${kubeconfigOf(LOCAL)} PATH="${toolFolders.join(":")}:$PATH"
${LOCAL.processes ? COMPLETION : PRETENDED_LOAD}
  kubectl -n ${DEFAULT_NAMESPACES.gateway} get hpa ${AUTOSCALER} --watch
  make preview STACK=local     what an edit of the program or of Pulumi.local.yaml would change
  make down                    stop and remove everything`);
}

const COMPLETION = `  key=$(${keyCommand(DEFAULT_NAMESPACES.gateway)})
  curl http://localhost:4000/v1/chat/completions -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \\
    -d '{"model": "vllm/llama-3-1-8b-int8-neuron", "messages": [{"role": "user", "content": "Hello"}]}'
                               a completion by LiteLLM, from a simulated model server
  curl http://localhost:4000/team/new -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \\
    -d '{"team_alias": "first", "max_budget": 10}'
                               a team, whose requests cost ten dollars at most
  curl http://localhost:4000/key/generate -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \\
    -d '{"team_id": "...", "rpm_limit": 60}'
                               a key of it, with the team_id of the answer before (docs/keys.md)
  tail -f ${podsFolderOf(LOCAL)}/*/log
                               logs of LiteLLM, PostgreSQL, Redis and the model servers`;

const PRETENDED_LOAD = `  kubectl -n ${DEFAULT_NAMESPACES.gateway} annotate pod -l ${NAME_LABEL}=${GATEWAY} kwok.x-k8s.io/usage-cpu=900m
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
