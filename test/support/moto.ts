/** moto's server, which answers as AWS for much of EC2, STS and EKS; installed from locked and hashed requirements. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";
import { buildOnce, cacheFolder } from "../../local/tools/once";
import { makeVirtualEnvironment } from "../../local/tools/virtualEnvironment";

const LOCK_FILE = join(__dirname, "moto", "requirements.txt");

export interface MotoServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts a server on a free loopback port. @throws UserError when Python or its packages cannot be had */
export async function startMoto(): Promise<MotoServer> {
  const folder = await ensureMoto();
  const server = execa(join(folder, "bin", "moto_server"), ["--host", "127.0.0.1", "--port", "0"], {
    // Its request log says which port it got.
    env: { PYTHONUNBUFFERED: "1" },
    all: true,
    reject: false,
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    const seen: string[] = [];
    if (server.all === undefined) {
      throw new Error("moto_server has no output");
    }
    createInterface({ input: server.all })
      .on("line", (line) => {
        seen.push(line);
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
        if (url !== undefined) {
          resolve(url);
        }
      })
      .on("close", () => {
        reject(new Error(`moto_server ended: ${seen.join("\n")}`));
      });
  });
  return {
    endpoint,
    close: async () => {
      server.kill();
      await server;
    },
  };
}

async function ensureMoto(): Promise<string> {
  const lock = await readFile(LOCK_FILE);
  const hash = createHash("sha256").update(lock).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), `moto-${hash}`);
  const finished = join(folder, "complete");
  await buildOnce(
    "moto",
    () => existsSync(finished),
    async () => {
      try {
        await makeVirtualEnvironment(folder, LOCK_FILE);
        await writeFile(finished, "");
      } catch (error) {
        throw new UserError(
          `installing moto failed:\n${outputOf(error)}`,
          "check that Python 3.11 or later with its venv module is there, and that the Python package index can be reached",
        );
      }
    },
    () => undefined,
  );
  return folder;
}
