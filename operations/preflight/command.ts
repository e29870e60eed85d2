import { create } from "log-update";
import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";
import { resultTable, succeeded, type Result } from "../stack/checklist";
import { preflight, type PreflightOptions } from "./preflight";

/** What the command line says. */
export interface PreflightCommand {
  readonly stack: string;
  /** Folder of `Pulumi.yaml`. */
  readonly project: string;
  readonly kubeconfig?: string;
  readonly json: boolean;
}

/** Environment variables that name a proxy. */
const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

/** `operations preflight`: prints the results. @returns whether nothing failed */
export async function preflightCommand(
  options: PreflightCommand & Pick<PreflightOptions, "signal">,
): Promise<boolean> {
  if (PROXIES.some((name) => process.env[name] !== undefined)) {
    // Node's fetch takes no notice of them by itself. Everything here goes through it, the AWS SDK included.
    setGlobalDispatcher(new EnvHttpProxyAgent());
  }
  const { project: folder, json, ...rest } = options;
  const progress = create(process.stderr);
  const results = await preflight({
    ...rest,
    folder,
    onStart: (check) => {
      if (process.stderr.isTTY) {
        progress(`${check} ...`);
      }
    },
  });
  progress.clear();
  console.log(json ? JSON.stringify(results, undefined, 2) : report(results));
  return succeeded(results);
}

/** The table, and below it what to do in lines that a table would wrap: ready to copy. */
function report(results: readonly Result[]): string {
  const todo = results.flatMap(({ check, status, remedy }) =>
    remedy === undefined
      ? []
      : [`${status}: ${check}`, ...remedy.split("\n").map((line) => `  ${line}`)],
  );
  return [resultTable(results), ...todo].join("\n");
}
