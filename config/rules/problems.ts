import { closest, distance } from "fastest-levenshtein";

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** Path inside the stack's configuration. */
  readonly path: readonly PropertyKey[];
  /** What was found there; left out for secrets and for keys that are missing. */
  readonly value?: unknown;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** Problems of items of the list at `path`, each by its place in the list. */
export function itemProblems(
  path: readonly PropertyKey[],
  items: readonly unknown[],
  found: readonly { readonly index: number; readonly message: string }[],
): ConfigProblem[] {
  return found.map(({ index, message }) => ({
    path: [...path, index],
    value: items[index],
    message,
  }));
}

/** Thrown once, with every problem of the configuration. */
export class ConfigError extends Error {
  public constructor(
    project: string,
    public readonly problems: readonly ConfigProblem[],
  ) {
    const lines = problems.map((problem) => `  - ${describe(project, problem)}`);
    super(
      `the stack's configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}; nothing was created:\n${lines.join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

function describe(project: string, problem: ConfigProblem): string {
  const [head, ...rest] = problem.path.map(readable);
  const path = head === undefined ? project : `${project}:${[head, ...rest].join(".")}`;
  const value = problem.value === undefined ? "" : ` = ${shorten(JSON.stringify(problem.value))}`;
  return `${path}${value}: ${problem.message}`;
}

/** A name in a path; one that could not be told from the text around it stands in quotes. */
function readable(key: PropertyKey): string {
  const name = String(key);
  return /^[\w./-]+$/.test(name) ? name : JSON.stringify(name);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** "; did you mean …?" for a name that is close to a known one, else the list of known names. */
export function suggestion(written: string, known: readonly string[]): string {
  if (known.length === 0) {
    return "";
  }
  const nearest = closest(written, [...known]);
  return distance(written, nearest) <= Math.max(2, Math.floor(written.length / 3))
    ? `did you mean "${nearest}"?`
    : `known: ${[...known].sort().join(", ")}`;
}
