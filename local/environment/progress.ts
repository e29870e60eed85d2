import type { Progress } from "../tools/once";

/** Time between two lines of a log: a log has no use for a moving line. */
const LOG_INTERVAL_MS = 10_000;

/** Passes every text on to a terminal, and one now and then to a log. */
export function paced(show: Progress): Progress {
  if (process.stdout.isTTY) {
    return show;
  }
  let last = 0;
  return (text) => {
    if (Date.now() - last > LOG_INTERVAL_MS) {
      last = Date.now();
      show(text);
    }
  };
}

/** A moving line on a terminal's error output, lines in a log. */
export const showTools: Progress = paced((text) => {
  process.stderr.write(process.stdout.isTTY ? `\r\u001b[Ktools: ${text}` : `tools: ${text}\n`);
});
