import Table from "cli-table3";
import { messageWithCause, UserError } from "../../domain/failure";

/** What a check found. Only `fail` fails a checklist: `warn` is something to know before going on. */
export interface Finding {
  readonly status: "pass" | "warn" | "fail" | "skipped";
  /** What was seen. */
  readonly seen: string;
  /** What to do about it; absent where nothing is to be done. */
  readonly remedy?: string;
}

/** One line of a checklist over a subject. */
export interface Check<Subject> {
  readonly name: string;
  readonly run: (subject: Subject) => Promise<Finding>;
}

/** A finding with the check that made it. */
export interface Result extends Finding {
  readonly check: string;
}

/** How a checklist is run. */
export interface ChecklistOptions {
  /** Ends the checklist early; checks that it leaves no time for are skipped. */
  readonly signal: AbortSignal;
  /** What to do about a check that throws. */
  readonly remedy: (error: unknown) => string;
  /** Told the name of each check before it runs. */
  readonly onStart?: (check: string) => void;
}

export const pass = (seen: string): Finding => ({ status: "pass", seen });
export const warn = (seen: string, remedy: string): Finding => ({ status: "warn", seen, remedy });
export const fail = (seen: string, remedy: string): Finding => ({ status: "fail", seen, remedy });
export const skipped = (seen: string): Finding => ({ status: "skipped", seen });

/** One finding of a list of problems. */
export function verdict(problems: readonly string[], fine: string, remedy: string): Finding {
  return problems.length === 0 ? pass(fine) : fail(problems.join("; "), remedy);
}

/** Runs the checks in order. One that throws has failed, with what it threw. */
export async function runChecklist<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  { signal, remedy, onStart }: ChecklistOptions,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const { name, run } of checks) {
    if (signal.aborted) {
      results.push({ check: name, ...skipped("interrupted") });
      continue;
    }
    onStart?.(name);
    try {
      results.push({ check: name, ...(await run(subject)) });
    } catch (error) {
      const toDo = error instanceof UserError ? error.remedy : remedy(error);
      results.push({ check: name, ...fail(messageWithCause(error), toDo) });
    }
  }
  return results;
}

/** Whether nothing failed: the exit code of a checklist. */
export function succeeded(results: readonly Result[]): boolean {
  return results.every(({ status }) => status !== "fail");
}

/** The results as a table for people. */
export function resultTable(results: readonly Result[]): string {
  const table = new Table({
    head: ["Check", "Result", "Seen", "What to do"],
    colWidths: [30, 9, 60, 50],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  table.push(
    ...results.map(({ check, status, seen, remedy }) => [check, status, seen, remedy ?? ""]),
  );
  return table.toString();
}
