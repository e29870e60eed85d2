import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isMap } from "../../domain/map";
import { REPOSITORY } from "../control-plane/environment";
import { RecordingMonitor } from "./monitor";
import type { Declaration } from "./resource";

const PROJECT = "llm-gateway";

/** A run of the program: which stack, with which configuration. */
export interface StackRun {
  readonly stack: string;
  /** Values by key without the project's name, as `stackSettings` reads them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Ends when the runs so far have ended: the SDK keeps one stack in a process. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs the program (`index.ts`) in this process against a monitor that records what is registered: no engine, no provider
 * plugin, no cluster. Runs that are started together follow one another.
 *
 * @throws pulumi.RunError where the configuration is refused
 */
export function record(run: StackRun): Promise<Declaration> {
  const result = previous.then(() => runProgram(run));
  previous = result.catch(() => undefined);
  return result;
}

async function runProgram({ stack, settings }: StackRun): Promise<Declaration> {
  const monitor = new RecordingMonitor(PROJECT, stack);
  pulumi.runtime.setMockOptions(monitor, PROJECT, stack);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        `${PROJECT}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  const restoreStacks = shortenStacks();
  const failures: unknown[] = [];
  const onFailure = (reason: unknown) => {
    failures.push(reason);
  };
  // A callback that throws inside `apply` rejects a promise that nobody else waits for.
  process.on("unhandledRejection", onFailure);
  try {
    await pulumi.runtime.runInPulumiStack(() => {
      pulumi.runtime.registerStackTransformation((args) => {
        monitor.see(args);
        return undefined;
      });
      try {
        return Promise.resolve(loadProgram());
      } catch (error) {
        // Thrown on, it would reject promises of the SDK that nobody waits for.
        failures.push(error);
        return Promise.resolve({});
      }
    });
    await pulumi.runtime.disconnect();
  } finally {
    process.off("unhandledRejection", onFailure);
    restoreStacks();
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  return monitor.declaration();
}

/**
 * Keeps three frames of a stack and writes none out: the SDK takes a stack for each promise, which is half of a run's time.
 * An error's own stack is written out when it is first read, after the run.
 *
 * @returns what sets stacks back to how they were
 */
function shortenStacks(): () => void {
  const { stackTraceLimit } = Error;
  const writer = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.stackTraceLimit = 3;
  Error.prepareStackTrace = () => "";
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
    if (writer === undefined) {
      Reflect.deleteProperty(Error, "prepareStackTrace");
    } else {
      Object.defineProperty(Error, "prepareStackTrace", writer);
    }
  };
}

/** Runs the entry anew and gives the outputs that it has in this stack; the modules that it imports keep nothing of a run. */
function loadProgram(): Record<string, unknown> {
  const entry = join(REPOSITORY, "index.ts");
  const load = createRequire(entry);
  load("./typescript.cjs");
  Reflect.deleteProperty(load.cache, entry);
  const outputs: unknown = load(entry);
  if (!isMap(outputs)) {
    throw new Error(`${entry} exports no outputs`);
  }
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
