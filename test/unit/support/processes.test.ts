import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { runs, sendToAll } from "../../support/processes";

describe("a process of a test and its children", () => {
  const started = async () => {
    const parent = spawn("bash", ["-c", "sleep 600 & sleep 600 & echo ready; wait"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(parent.stdout, "data");
    return { parent, pid: parent.pid ?? NaN };
  };

  test("all of them end, though they are stopped and would not see that they have lost their parent", async () => {
    const { parent, pid } = await started();
    expect(sendToAll(pid, "SIGSTOP")).toHaveLength(3);
    const exit = once(parent, "exit");
    const all = sendToAll(pid, "SIGKILL");
    await exit;
    expect(all).toHaveLength(3);
    await expect.poll(() => all.filter(runs), { timeout: 10_000 }).toEqual([]);
  });

  test("they go on when they are told to", async () => {
    const { parent, pid } = await started();
    sendToAll(pid, "SIGSTOP");
    const exit = once(parent, "exit");
    const all = sendToAll(pid, "SIGCONT");
    const [, ...sleeping] = [...all].reverse();
    for (const each of sleeping) {
      process.kill(each, "SIGTERM");
    }
    // The shell waits for both, and ends by itself.
    await exit;
    expect(all).toHaveLength(3);
  });
});
