import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildOnce, cacheFolder } from "../../../local/tools/once";
import { EVENTUALLY } from "../../support/eventually";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-gateway-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", folder);
});
afterAll(() => rm(folder, { recursive: true }));

const quiet = () => undefined;

describe("a build that is made once", () => {
  test("is kept below the user's cache folder", () => {
    expect(cacheFolder()).toBe(join(folder, "llm-gateway", "tools"));
  });

  test("is made by one of those that want it at the same time; the others wait for it", async () => {
    let built = false;
    let finish = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const build = vi.fn(async () => {
      await released;
      built = true;
    });
    const progress = vi.fn();
    const wanting = Array.from({ length: 3 }, async () => {
      await buildOnce("tool", () => built, build, progress);
      expect(built).toBe(true);
    });
    // All have asked, and one builds.
    await vi.waitFor(() => {
      expect(progress).toHaveBeenCalledTimes(3);
      expect(build).toHaveBeenCalledTimes(1);
    }, EVENTUALLY);
    finish();
    await Promise.all(wanting);
    expect(build).toHaveBeenCalledTimes(1);
  });

  test("is tried again after a failure, which leaves no lock", async () => {
    const failing = () => Promise.reject(new Error("no network"));
    await expect(buildOnce("broken", () => false, failing, quiet)).rejects.toThrow("no network");
    const build = vi.fn(() => Promise.resolve());
    await buildOnce("broken", () => false, build, quiet);
    expect(build).toHaveBeenCalledTimes(1);
  });
});
