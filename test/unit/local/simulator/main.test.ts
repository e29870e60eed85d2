import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { REPOSITORY } from "../../../../local/control-plane/environment";

/** A simulated server as a process, and what it says, line by line. */
function started(startMs: string) {
  const server = spawn(
    process.execPath,
    [
      "--require",
      join(REPOSITORY, "typescript.cjs"),
      join(REPOSITORY, "local", "simulator", "main.ts"),
      "/checkpoint",
      "--served-model-name=m",
      "--port=0",
    ],
    { env: { ...process.env, SIMULATOR_START_MS: startMs } },
  );
  onTestFinished(() => {
    server.kill("SIGKILL");
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    return line.done === true ? undefined : line.value;
  };
  return { server, next };
}

test("a simulated server listens after its start delay", async () => {
  const { next } = started("1");
  expect(await next()).toBe("vLLM simulator of m listens in 0.001 s");
  expect(await next()).toMatch(/^vLLM simulator of m on 127\.0\.0\.1:/);
});

test("one that was told to end before that ends without having listened", async () => {
  const { server, next } = started("86400000");
  expect(await next()).toBe("vLLM simulator of m listens in 86400 s");
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  expect(await next()).toBeUndefined();
  expect(await ended).toEqual([0, null]);
});
