import { readFile } from "node:fs/promises";
import { arrivals, constant } from "../../operations/load/profile";
import { runLoad } from "../../operations/load/run";
import { send, type Outcome, type RequestTarget } from "../../operations/load/request";

/** Tokens of every request of a benchmark. */
export const SIZE = { promptTokens: 8, outputTokens: 8 };

export interface Endpoint {
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

const targetOf = (endpoint: Endpoint): RequestTarget => ({
  ...endpoint,
  stream: false,
  timeoutMs: 120_000,
});

/** Requests at a fixed rate, whether or not earlier ones were answered. */
export async function openLoop(
  endpoint: Endpoint,
  rate: number,
  seconds: number,
): Promise<readonly Outcome[]> {
  const { outcomes } = await runLoad(
    {
      target: targetOf(endpoint),
      arrivals: arrivals(constant(rate, seconds), SIZE),
      mostInFlight: 1000,
      observe: () => Promise.resolve([]),
      observeSeconds: seconds,
      signal: new AbortController().signal,
    },
    () => undefined,
  );
  return outcomes;
}

/** As many requests as `atATime` clients get answered one after the other. */
export async function closedLoop(
  endpoint: Endpoint,
  atATime: number,
  seconds: number,
): Promise<readonly Outcome[]> {
  const startedAt = performance.now();
  const outcomes: Outcome[] = [];
  const { signal } = new AbortController();
  const client = async (name: number) => {
    for (let turn = 0; performance.now() - startedAt < seconds * 1000; turn += 1) {
      const atMs = performance.now() - startedAt;
      const number = `closed ${Date.now()} ${name} ${turn}`;
      outcomes.push(
        await send(targetOf(endpoint), { atMs, ...SIZE }, { startedAt, number, signal }),
      );
    }
  };
  await Promise.all(Array.from({ length: atATime }, (_, name) => client(name)));
  return outcomes;
}

/** What a proxy answers clients that never pause, and how many requests that is for each second of its process's CPU. */
export async function perCpuSecond(
  endpoint: Endpoint,
  {
    pid,
    clients,
    seconds,
  }: { readonly pid: number; readonly clients: number; readonly seconds: number },
) {
  const before = await cpuSeconds(pid);
  const outcomes = await closedLoop(endpoint, clients, seconds);
  return { outcomes, perCpu: outcomes.length / ((await cpuSeconds(pid)) - before) };
}

/** Seconds of CPU that a process has used, as Linux counts them: in hundredths. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may have blanks; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
