import type { ListrTask } from "listr2";
import { ControlPlane, type Outcome } from "../control-plane/controlPlane";
import type { Environment } from "../control-plane/environment";
import { requirePostgresqlUser } from "../control-plane/otherUser";
import { ensureTools } from "../tools/build";
import { CONTROL_PLANE, ENGINE, ETCD, type Tool } from "../tools/manifest";
import { ensurePython } from "../tools/python";
import { startCloud, startKubelet, stopDaemons } from "./daemons";
import { isOfOtherVersions, noteVersions } from "./generation";
import { inOrder, list, step } from "./steps";

/** What the stack is deployed with, and on. */
export interface Started {
  /** Folders of the built tools, ready for PATH. */
  readonly toolFolders: readonly string[];
  readonly outcome: Outcome;
}

/**
 * Builds what is missing and starts control plane, cloud and pods, each step shown with its time. Each step waits only for what it
 * needs: Python packages are installed and the control plane is started while the compiler runs.
 *
 * @throws UserError where PostgreSQL cannot run as this user, and from the first step that fails; the others are ended
 */
export async function startEnvironment(environment: Environment): Promise<Started> {
  if (environment.processes) {
    await requirePostgresqlUser();
  }
  const failed = new AbortController();
  let etcd: readonly string[] = [];
  let controlPlane: readonly string[] = [];
  let engine: readonly string[] = [];
  let python = "";
  let outcome: Outcome = "running already";

  const built = (title: string, tools: readonly Tool[], done: (folders: string[]) => void) =>
    step(title, async (progress) => {
      done(await ensureTools(progress, tools, failed.signal));
    });
  const startControlPlane: ListrTask = {
    title: "Control plane with simulated nodes",
    task: async (_context, task) => {
      const instance = new ControlPlane(environment, controlPlane);
      const replaced = await isOfOtherVersions(environment);
      if (replaced) {
        await stopDaemons(environment);
        await instance.remove();
      }
      outcome = await instance.start();
      await noteVersions(environment);
      task.title = `Control plane with simulated nodes: ${outcome}${
        replaced ? ", in place of one that was made by other versions of its parts" : ""
      }`;
    },
  };

  const steps = list(true, [
    inOrder("Programs from Go modules, compiled once and kept in the user's cache", [
      // It compiles the standard library for the others, which then share the cores.
      built("etcd", [ETCD], (folders) => {
        etcd = folders;
      }),
      {
        title: "Cluster, and what deploys to it",
        task: (_context, task) =>
          task.newListr(
            [
              built("Pulumi CLI and Kubernetes provider", [ENGINE], (folders) => {
                engine = folders;
              }),
              inOrder("Cluster", [
                built("Kubernetes, metrics-server and KWOK", [CONTROL_PLANE], (folders) => {
                  controlPlane = [...etcd, ...folders];
                }),
                startControlPlane,
                {
                  title: "Volume provisioner and load balancers",
                  task: () => startCloud(environment),
                },
              ]),
            ],
            { concurrent: true },
          ),
      },
    ]),
    {
      ...step(
        "LiteLLM, PostgreSQL and Redis from Python packages, installed once",
        async (progress) => {
          python = await ensurePython(progress, failed.signal);
        },
      ),
      enabled: () => environment.processes,
    },
  ]);
  try {
    await steps.run();
    await list(false, [
      {
        title: "LiteLLM, its stores and vLLM simulators as processes of their pods",
        enabled: () => environment.processes,
        task: () => startKubelet(environment, python),
      },
    ]).run();
  } catch (error) {
    failed.abort();
    throw error;
  }
  return { toolFolders: [...controlPlane, ...engine], outcome };
}
