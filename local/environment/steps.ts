import { Listr, PRESET_TIMER, type ListrTask } from "listr2";
import type { Progress } from "../tools/once";
import { paced } from "./progress";

/** A step that shows how far it is. */
export function step(title: string, work: (progress: Progress) => Promise<void>): ListrTask {
  return {
    title,
    task: (_context, task) =>
      work(
        paced((text) => {
          task.output = text;
        }),
      ),
  };
}

/** A step made of others, one after the other. */
export function inOrder(title: string, tasks: ListrTask[]): ListrTask {
  return { title, task: (_context, task) => task.newListr(tasks, { concurrent: false }) };
}

/** Steps as they are shown, each with its time. @param concurrent whether they run side by side */
export function list(concurrent: boolean, tasks: ListrTask[]) {
  return new Listr(tasks, {
    rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false, collapseSubtasks: false },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    fallbackRenderer: "verbose",
    concurrent,
  });
}
