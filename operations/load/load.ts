import { mkdir, writeFile } from "node:fs/promises";
import { dirname, format, parse } from "node:path";
import type { Connection } from "../stack/connection";
import { workloads } from "../stack/platformState";
import { calibration } from "./calibration";
import { plannedArrivals, type ProfileSettings } from "./planned";
import { showProgress, summaryTable } from "./progress";
import { htmlReport, loadReport } from "./report";
import { runLoad } from "./run";
import type { Summary } from "./statistics";

/** What the command line asks for. */
export interface LoadSettings extends ProfileSettings {
  readonly model?: string;
  readonly stream: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly maxInFlight: number;
  /** Path of the HTML report; the JSON report lies beside it. */
  readonly report: string;
  /** Least share of successful requests, percent. */
  readonly minSuccess: number;
  /** Path of the file that gets the model's times. @default - none is written */
  readonly calibrate?: string;
}

/** Seconds between two looks at pods and autoscalers. */
const OBSERVE_SECONDS = 2;

/**
 * Runs a load to its end or until `signal`, and writes its report either way.
 *
 * @returns whether enough requests succeeded
 * @throws Error for a profile that makes no sense, a model that is not served or a report that cannot be written there,
 *   before anything is sent
 */
export async function load(
  connection: Connection,
  settings: LoadSettings,
  signal: AbortSignal,
): Promise<boolean> {
  if (settings.calibrate !== undefined && !settings.stream) {
    throw new Error("--calibrate needs streamed answers; leave --no-stream out");
  }
  const { profile, times } = await plannedArrivals(settings);
  const files = reportFiles(settings.report);
  await mkdir(dirname(files.html), { recursive: true });
  const { gateway, config, namespace, modelNamespace } = connection;
  const model = chooseModel(await gateway.models(), settings.model);
  const plan = { model, profile, route: connection.route, streaming: settings.stream };
  process.stderr.write(
    `${profile} on ${model} through ${connection.route}; Ctrl-C ends it and writes the report\n`,
  );
  let finish: () => void = () => undefined;
  const run = await runLoad(
    {
      target: {
        ...gateway.access,
        model,
        stream: settings.stream,
        timeoutMs: settings.timeout * 1000,
      },
      arrivals: times,
      mostInFlight: settings.maxInFlight,
      observe: () => workloads(config, [namespace, modelNamespace]),
      observeSeconds: OBSERVE_SECONDS,
      signal,
    },
    (started) => {
      finish = showProgress(started, times.length, process.stderr);
    },
  );
  finish();
  const report = loadReport(run, plan, signal.aborted);
  await writeFile(files.html, await htmlReport(report));
  await writeFile(files.json, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(`${summaryTable(report)}\nreport: ${files.html} and ${files.json}`);
  if (settings.calibrate !== undefined) {
    const measuredAt = report.startedAt;
    const found = calibration(run.outcomes, times, { model, measuredAt });
    await writeFile(settings.calibrate, `${JSON.stringify(found, undefined, 2)}\n`);
    console.log(`calibration: ${settings.calibrate}, for operations plan --calibration`);
  }
  if (loadSucceeded(report, settings.minSuccess)) {
    return true;
  }
  console.error(
    `error: ${report.summary.successPercent.toFixed(2)} % of the requests succeeded, less than --min-success ${settings.minSuccess}`,
  );
  return false;
}

/** Whether at least `minSuccess` percent of a load's requests succeeded: the exit code of the command. */
export function loadSucceeded(
  { summary }: { readonly summary: Pick<Summary, "successPercent"> },
  minSuccess: number,
): boolean {
  return summary.successPercent >= minSuccess;
}

/** Where the two reports go: the JSON one beside the HTML one. @throws Error for a path that both would have */
export function reportFiles(path: string): { readonly html: string; readonly json: string } {
  const { dir, name, ext } = parse(path);
  if (/^\.*$/.test(name) || ext === ".json") {
    throw new Error(`--report ${path}: names no HTML file; write for example load-report.html`);
  }
  return { html: path, json: format({ dir, name, ext: ".json" }) };
}

/** The wanted model, or the first Llama. @throws Error naming the models when there is no such */
export function chooseModel(served: readonly string[], wanted: string | undefined): string {
  const found =
    wanted === undefined
      ? served.find((name) => /llama/i.test(name))
      : served.find((name) => name === wanted);
  if (found === undefined) {
    throw new Error(
      `${wanted === undefined ? "no Llama model is served" : `--model ${wanted} is not served`}; write --model with one of ${served.join(", ") || "no models"}`,
    );
  }
  return found;
}
