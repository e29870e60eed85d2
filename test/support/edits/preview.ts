import type { TestPlatform } from "../cluster";
import { Recorder } from "../engine";
import type { Edit } from "./edit";

type Changes = Readonly<Record<"create" | "update" | "replace" | "remove", readonly string[]>>;

/** What a preview says with `changes` laid over the configuration of a deployed stack, which then has its own again. */
export async function previewOf(
  { configure, stack, checked }: TestPlatform,
  { changes, refusedBy }: Pick<Edit, "changes" | "refusedBy">,
): Promise<Recorder> {
  const recorder = new Recorder();
  await configure(changes);
  try {
    await stack.preview({
      ...(refusedBy === undefined ? checked : {}),
      onEvent: recorder.onEvent,
    });
  } finally {
    await configure();
  }
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
