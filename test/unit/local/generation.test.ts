import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LOCAL, type Environment } from "../../../local/control-plane/environment";
import { isOfOtherVersions, noteVersions } from "../../../local/environment/generation";

let environment: Environment;
beforeEach(() => {
  environment = { ...LOCAL, folder: mkdtempSync(join(tmpdir(), "llm-gateway-generation-")) };
});
afterEach(() => {
  rmSync(environment.folder, { recursive: true });
});

/** The folder that kwokctl makes for a control plane. */
function leaveControlPlane(): void {
  mkdirSync(join(environment.folder, "kwok"));
}

describe("an environment was made by other versions", () => {
  test("when a control plane is there that says nothing of them, as of before they were written down", async () => {
    leaveControlPlane();
    expect(await isOfOtherVersions(environment)).toBe(true);
  });

  test("when a control plane is there that names others", async () => {
    leaveControlPlane();
    writeFileSync(
      join(environment.folder, "versions.json"),
      JSON.stringify({ kubernetes: "v1.34.2", kwok: "v0.7.0", kubernetesProvider: "official" }),
    );
    expect(await isOfOtherVersions(environment)).toBe(true);
  });

  test("but not once its own are noted, and not where there is no control plane", async () => {
    expect(await isOfOtherVersions(environment)).toBe(false);
    leaveControlPlane();
    await noteVersions(environment);
    expect(await isOfOtherVersions(environment)).toBe(false);
  });
});
