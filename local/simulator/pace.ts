import type { Pace } from "./batch";

/** Environment variables that set the times of a simulated server, in milliseconds. */
export const PACE_VARIABLES = {
  timeToFirstTokenMs: "SIMULATOR_FIRST_TOKEN_MS",
  interTokenMs: "SIMULATOR_INTER_TOKEN_MS",
} as const satisfies Record<keyof Pace, string>;

/** Environment variable of the time until a simulated server listens, in milliseconds: what a real one loads its model in. */
export const START_VARIABLE = "SIMULATOR_START_MS";

/** Short, so that tests are: nobody has measured a model on Inf2 for them. */
const DEFAULTS: Pace = { timeToFirstTokenMs: 25, interTokenMs: 10 };

/** The times that the environment asks for. @throws Error naming a variable that is no number of milliseconds */
export function paceFrom(env: NodeJS.ProcessEnv): Pace {
  const read = (key: keyof Pace) => milliseconds(env, PACE_VARIABLES[key], DEFAULTS[key]);
  return {
    timeToFirstTokenMs: read("timeToFirstTokenMs"),
    interTokenMs: read("interTokenMs"),
  };
}

/** Milliseconds until the server is to listen. @throws Error where the variable is no number of milliseconds */
export function startDelayFrom(env: NodeJS.ProcessEnv): number {
  return milliseconds(env, START_VARIABLE, 0);
}

function milliseconds(env: NodeJS.ProcessEnv, variable: string, usual: number): number {
  const text = env[variable];
  const value = text === undefined ? usual : Number(text);
  if (text === "" || !Number.isFinite(value) || value < 0) {
    throw new Error(`${variable} = ${text}: is no number of milliseconds`);
  }
  return value;
}
