import { workloads } from "../stack/platformState";
import { scaledObjects, type ScaledObjectState } from "../stack/scaledObjects";
import { workloadOf, type Subject } from "./check";

/** Models without a ready replica that are as they should be, by the name of their workload. */
export type Sleepers = ReadonlyMap<string, "asleep" | "waking">;

type Where = Pick<Subject, "config" | "modelNamespace" | "namespace">;

/** The models that sleep while nobody asks for them, or have just been woken. */
export async function sleepers({ config, modelNamespace }: Where): Promise<Sleepers> {
  const found = await workloads(config, [modelNamespace]);
  return new Map(
    found.flatMap(({ name, phase }) =>
      phase === "asleep" || phase === "waking" ? [[name, phase]] : [],
    ),
  );
}

/** The sleepers as the end of what a check saw: `; asleep: a, b; waking: c`. */
export function sleepersText(sleeping: Sleepers): string {
  return (["asleep", "waking"] as const)
    .map((phase) => [phase, [...sleeping].filter(([, is]) => is === phase)] as const)
    .filter(([, names]) => names.length > 0)
    .map(([phase, names]) => `; ${phase}: ${names.map(([name]) => name).join(", ")}`)
    .join("");
}

/** A model of the gateway that runs, to be asked without waking one; undefined where every one sleeps. */
export async function awakeModel(
  subject: Where & Pick<Subject, "gateway">,
): Promise<string | undefined> {
  const [models, sleeping] = await Promise.all([subject.gateway.models(), sleepers(subject)]);
  return models.find((model) => !sleeping.has(workloadOf(model)));
}

/** What a check says that found nobody to ask. */
export const EVERY_MODEL_SLEEPS =
  "every model is asleep, and asking one would wake it: send a request, and run this again once it is answered";

/** The ScaledObjects of the stack. */
export async function scaledObjectsOf({
  config,
  namespace,
  modelNamespace,
}: Where): Promise<ScaledObjectState[]> {
  const lists = await Promise.all(
    [...new Set([namespace, modelNamespace])].map((each) => scaledObjects(config, each)),
  );
  return lists.flat();
}
