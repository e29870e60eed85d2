import type { Pace } from "./batch";

/** Environment variables that set the times of a simulated server, in milliseconds. */
export const PACE_VARIABLES = {
  timeToFirstTokenMs: "SIMULATOR_FIRST_TOKEN_MS",
  interTokenMs: "SIMULATOR_INTER_TOKEN_MS",
} as const satisfies Record<keyof Pace, string>;

/** Short, so that tests are: nobody has measured a model on Inf2 for them. */
const DEFAULTS: Pace = { timeToFirstTokenMs: 25, interTokenMs: 10 };

/** The times that the environment asks for. @throws Error naming a variable that is no number of milliseconds */
export function paceFrom(env: NodeJS.ProcessEnv): Pace {
  const read = (key: keyof Pace): number => {
    const text = env[PACE_VARIABLES[key]];
    const value = text === undefined ? DEFAULTS[key] : Number(text);
    if (text === "" || !Number.isFinite(value) || value < 0) {
      throw new Error(`${PACE_VARIABLES[key]} = ${text}: is no number of milliseconds`);
    }
    return value;
  };
  return {
    timeToFirstTokenMs: read("timeToFirstTokenMs"),
    interTokenMs: read("interTokenMs"),
  };
}
