/** Where the preflight finds the Hugging Face token. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { huggingFaceToken } from "../../../../operations/preflight/token";
import { parsed } from "../../../support/config";

const file = (plainToken: string | undefined, encryptedToken = false) => ({
  config: parsed(),
  plainToken,
  encryptedToken,
});
const ENCRYPTED = file(undefined, true);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "token-"));
  vi.stubEnv("HF_TOKEN", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A `pulumi` on PATH that notes how it was called, and does this. */
async function pulumi(commands: string): Promise<void> {
  const path = join(folder, "pulumi");
  await writeFile(path, `#!/bin/sh\necho "$PWD $*" > "${folder}/called"\n${commands}\n`);
  await chmod(path, 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
}

test("the environment's comes before the file's", async () => {
  vi.stubEnv("HF_TOKEN", "hf_environment");
  expect(await huggingFaceToken(folder, "dev", file("hf_file"))).toBe("hf_environment");
  expect(await huggingFaceToken(folder, "dev", ENCRYPTED)).toBe("hf_environment");
});

test("one in clear is read from the file, and nobody is asked for another", async () => {
  await pulumi("echo hf_decrypted");
  expect(await huggingFaceToken(folder, "dev", file("hf_file", true))).toBe("hf_file");
  expect(await huggingFaceToken(folder, "dev", file(undefined))).toBeUndefined();
  await expect(readFile(join(folder, "called"))).rejects.toThrow("ENOENT");
});

test("an encrypted one is decrypted by Pulumi, in the stack's folder and without questions", async () => {
  await pulumi("echo hf_decrypted");
  expect(await huggingFaceToken(folder, "dev", ENCRYPTED)).toBe("hf_decrypted");
  expect(await readFile(join(folder, "called"), "utf8")).toBe(
    `${folder} config get huggingFaceToken --stack dev --non-interactive\n`,
  );
});

test.each([
  ["may not decrypt it", "echo no passphrase >&2; exit 1"],
  ["finds it empty", "echo"],
])("an encrypted one is not known to who %s", async (_who, commands) => {
  await pulumi(commands);
  expect(await huggingFaceToken(folder, "dev", ENCRYPTED)).toBeUndefined();
});
