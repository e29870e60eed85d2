/** Which Python the embedded environment takes. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { UserError } from "../../../domain/failure";
import { findPython } from "../../../local/tools/interpreter";

/** What a command of Python prints; undefined for one that fails, as a version manager's for a version that is not chosen. */
type Commands = Readonly<Record<string, string | undefined>>;

async function found(commands: Commands) {
  const folder = await mkdtemp(join(tmpdir(), "interpreters-"));
  const path = process.env.PATH;
  onTestFinished(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true });
  });
  for (const command of ["python3.13", "python3.12", "python3"]) {
    const version = commands[command];
    const says = version === undefined ? "echo not chosen >&2; exit 127" : `echo ${version}`;
    await writeFile(join(folder, command), `#!/bin/sh\n${says}\n`, { mode: 0o755 });
  }
  process.env.PATH = [folder, path].join(delimiter);
  return findPython();
}

test.each<[string, Commands, { command: string; version: string }]>([
  [
    "a version that does not crash before the one that is called python3",
    { "python3.12": "3.12.1", python3: "3.11.7" },
    { command: "python3.12", version: "3.12.1" },
  ],
  [
    "the newest that LiteLLM was tried on",
    { "python3.13": "3.13.0", "python3.12": "3.12.1", python3: "3.14.0" },
    { command: "python3.13", version: "3.13.0" },
  ],
  [
    "python3, where the others fail",
    { python3: "3.11.7" },
    { command: "python3", version: "3.11.7" },
  ],
])("it takes %s", async (_, commands, wanted) => {
  expect(await found(commands)).toEqual(wanted);
});

test.each<[string, Commands, string]>([
  ["3.10", { python3: "3.10.13" }, "Python 3.10.13 is too old"],
  ["none that runs", {}, "python3 cannot be run: not chosen"],
])("it refuses %s, and says what to install", async (_, commands, message) => {
  const failure: unknown = await found(commands).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  expect(failure).toMatchObject({
    message,
    remedy: expect.stringMatching(/^install Python 3\.1/) as string,
  });
});
