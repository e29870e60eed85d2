import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CustomObjectsApi } from "@kubernetes/client-node";
import type { Outcome } from "../control-plane/controlPlane";
import { kedaFolderOf, kubeconfigOf, type Environment } from "../control-plane/environment";
import { messageOf, UserError } from "../../domain/failure";
import { EXTERNAL_METRICS, KEDA_VERSION } from "../../domain/keda";
import { readKedaState } from "../keda/state";
import { ensureTools } from "../tools/build";
import { KEDA } from "../tools/manifest";
import { kedaPid, startKeda, stopKeda } from "./daemons";
import { list, step } from "./steps";
import { PatientKubeConfig } from "../../operations/stack/patientKubeConfig";

/** Seconds that KEDA may take to answer: a few on idle cores. */
const READY_SECONDS = 120;

/**
 * Builds KEDA where it is not built yet, starts it and waits until it answers, each step shown with its time. The platform runs
 * already: whoever waits for the compiler can use it.
 *
 * @param outcome how the control plane came to run: a KEDA that knows an earlier one is ended
 * @throws UserError when it cannot be built, or with its logs' ends when it does not answer
 */
export async function runKeda(environment: Environment, outcome: Outcome): Promise<void> {
  let programs = "";
  await list(false, [
    step(`KEDA ${KEDA_VERSION}, compiled once while the platform runs`, async (progress) => {
      [programs = ""] = await ensureTools(progress, [KEDA]);
    }),
    {
      title: "KEDA's operator and metrics adapter as processes",
      task: async () => {
        if (outcome !== "running already") {
          await stopKeda(environment);
        }
        await startKeda(environment, programs);
        await waitForKeda(environment);
      },
    },
  ]).run();
}

/**
 * Waits until the operator is ready and the API server answers for external metrics.
 *
 * @throws UserError with the logs' ends when they do not come
 */
export async function waitForKeda(environment: Environment): Promise<void> {
  const config = new PatientKubeConfig();
  config.loadFromFile(kubeconfigOf(environment));
  const metrics = config.makeApiClient(CustomObjectsApi);
  const deadline = Date.now() + READY_SECONDS * 1000;
  for (;;) {
    try {
      const state = await readKedaState(kedaFolderOf(environment));
      // What a daemon left that was killed answers, too, until the next one ends it.
      if (state === undefined || state.daemon !== (await kedaPid(environment))) {
        throw new Error("KEDA's processes have not been started yet");
      }
      const ready = await fetch(`http://127.0.0.1:${state.operator.port}/readyz`);
      if (!ready.ok) {
        throw new Error(`the operator answers ${ready.status} when asked whether it is ready`);
      }
      await metrics.getAPIResources(EXTERNAL_METRICS);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new UserError(
          `KEDA did not answer within ${READY_SECONDS} s (${messageOf(error)})\n${await logEnds(environment)}`,
          `look at the logs in ${kedaFolderOf(environment)}, then run make down and make up`,
        );
      }
    }
    await sleep(300);
  }
}

/** Last lines of both programs' logs. */
async function logEnds(environment: Environment): Promise<string> {
  const ends = ["keda-operator", "keda-adapter"].map(async (program) => {
    try {
      const log = await readFile(join(kedaFolderOf(environment), `${program}.log`), "utf8");
      return `${program}: ${log.trim().split("\n").slice(-3).join("\n")}`;
    } catch (error) {
      return `${program}: no log (${messageOf(error)})`;
    }
  });
  return (await Promise.all(ends)).join("\n");
}
