import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { StackFile } from "./stackFile";

/**
 * The Hugging Face token to check: of the environment, of the stack's file, or as `pulumi config get` decrypts it for who may.
 *
 * @returns undefined where there is none, or nobody here may read it
 */
export async function huggingFaceToken(
  folder: string,
  stack: string,
  { plainToken, encryptedToken }: StackFile,
): Promise<string | undefined> {
  const token = process.env.HF_TOKEN ?? plainToken;
  if (token !== undefined || !encryptedToken) {
    return token;
  }
  try {
    const { stdout } = await promisify(execFile)(
      "pulumi",
      ["config", "get", "huggingFaceToken", "--stack", stack, "--non-interactive"],
      { cwd: folder, timeout: 30_000 },
    );
    return stdout.trim() === "" ? undefined : stdout.trim();
  } catch {
    // No CLI, no login or no key: the check of the token says that there was none to check.
    return undefined;
  }
}
