import { setTimeout as sleep } from "node:timers/promises";
import { CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { SCALED_OBJECTS } from "../../domain/keda";
import { holds, scaledObjects } from "../stack/scaledObjects";
import type { Subject } from "./check";

/** Annotation that makes KEDA leave a target alone, its replicas as they are. */
const PAUSED = "autoscaling.keda.sh/paused";

/** KEDA acts on an annotation at once; a busy cluster may take a while. */
const PAUSE_SECONDS = 60;
const POLL_MS = 1000;

/**
 * Does work while KEDA leaves a model alone, and gives it back whatever happens. A model that has no ScaledObject, or is paused already, is left
 * as it is.
 *
 * @param model name of its workload
 * @throws Error when KEDA does not say that it has paused
 */
export async function whilePaused<T>(
  { config, modelNamespace, signal }: Subject,
  model: string,
  work: () => Promise<T>,
): Promise<T> {
  const find = async () =>
    (await scaledObjects(config, modelNamespace)).find(({ target }) => target.name === model);
  const scaled = await find();
  if (scaled === undefined || scaled.pauses.length > 0) {
    return work();
  }
  const annotate = (value: string | null) =>
    config.makeApiClient(CustomObjectsApi).patchNamespacedCustomObject(
      {
        ...SCALED_OBJECTS,
        namespace: modelNamespace,
        name: scaled.name,
        body: { metadata: { annotations: { [PAUSED]: value } } },
      },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  await annotate("true");
  try {
    const deadline = Date.now() + PAUSE_SECONDS * 1000;
    for (let now = await find(); now !== undefined && !holds(now, "Paused"); now = await find()) {
      if (Date.now() > deadline || signal.aborted) {
        throw new Error(
          signal.aborted
            ? `interrupted; KEDA goes on with ${model}`
            : `KEDA has not paused ${model} within ${PAUSE_SECONDS} s: see the checks of KEDA`,
        );
      }
      await sleep(POLL_MS);
    }
    return await work();
  } finally {
    await annotate(null);
  }
}
