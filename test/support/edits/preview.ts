import type { TestPlatform } from "../cluster";
import { Recorder } from "../engine";
import type { Edit } from "./edit";

type Changes = Readonly<Record<"create" | "update" | "replace" | "remove", readonly string[]>>;

/** What a preview of a deployed stack says with `changes` laid over its configuration. */
export async function previewOf(
  { configuration, stack, checked }: TestPlatform,
  { changes, refusedBy }: Pick<Edit, "changes" | "refusedBy">,
): Promise<Recorder> {
  const recorder = new Recorder();
  await stack.preview({
    ...(refusedBy === undefined ? checked : {}),
    configFile: await configuration.fileWith(changes),
    onEvent: recorder.onEvent,
  });
  return recorder;
}

/** The resources that a preview named, by what would become of them. */
export function changesOf(recorder: Recorder): Changes {
  return {
    create: recorder.resources("create"),
    update: recorder.resources("update"),
    replace: recorder.resources("replace"),
    remove: recorder.resources("delete"),
  };
}

/** The resources that a preview of an edit must name. */
export function expectedOf({ create = [], update = [], replace = [], remove = [] }: Edit): Changes {
  return {
    create: [...create].sort(),
    update: [...update].sort(),
    replace: [...replace].sort(),
    remove: [...remove].sort(),
  };
}
