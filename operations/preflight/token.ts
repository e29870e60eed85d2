import execa from "execa";
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
  const { exitCode, stdout } = await execa(
    "pulumi",
    ["config", "get", "huggingFaceToken", "--stack", stack, "--non-interactive"],
    { cwd: folder, reject: false, timeout: 30_000 },
  );
  return exitCode === 0 && stdout !== "" ? stdout : undefined;
}
