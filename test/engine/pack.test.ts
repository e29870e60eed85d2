/** The pack as somebody else uses it: packed, installed into a project of its own, started by the engine. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REPOSITORY } from "../../local/control-plane/environment";
import { openStack, type TestStack } from "../support/engine";

const SOURCES = join(REPOSITORY, "policies");
const PROGRAM = join(__dirname, "programs", "autoscaler.ts");

let folder = "";
let pack = "";
const open: TestStack[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-gateway-pack-"));
  pack = await installed(folder);
});

afterAll(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
  await rm(folder, { recursive: true, force: true });
});

/** Packs the policies and unpacks them beside their dependencies, as an installation leaves them. @returns where they are */
async function installed(into: string): Promise<string> {
  const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", into], {
    cwd: SOURCES,
  });
  const modules = join(into, "node_modules");
  const target = join(modules, "llm-gateway-policies");
  await mkdir(target, { recursive: true });
  const tarball = join(into, stdout.trim().split("\n").at(-1) ?? "");
  await execa("tar", ["-xzf", tarball, "--strip-components=1", "-C", target]);
  for (const name of await readdir(join(REPOSITORY, "node_modules"))) {
    if (!name.startsWith(".")) {
      await symlink(join(REPOSITORY, "node_modules", name), join(modules, name));
    }
  }
  return target;
}

/** What a preview of the example program with the installed pack says, and whether it went through. */
async function previewed(requests: boolean, config: object = {}) {
  const stack = await openStack({
    stack: "test",
    program: PROGRAM,
    config: { "llm-gateway:requests": requests },
  });
  open.push(stack);
  const file = join(stack.folder, "policy-config.json");
  await writeFile(file, JSON.stringify(config));
  const { failed, all } = await execa(
    "pulumi",
    [
      ...["preview", "--non-interactive", "--stack", "test", "--policy-pack", pack],
      ...["--policy-pack-config", file],
    ],
    { cwd: stack.project.folder, env: stack.project.env, all: true, reject: false },
  );
  return { accepted: !failed, output: all ?? "" };
}

describe("the installed pack", () => {
  test("has compiled files and none of this repository's settings", async () => {
    const files = await readdir(pack);
    expect(files).toEqual(expect.arrayContaining(["dist", "main.cjs", "PulumiPolicy.yaml"]));
    const pages = await readdir(join(pack, "docs", "policies"));
    expect(pages).toEqual(await readdir(join(REPOSITORY, "docs", "policies")));
    expect(files.filter((name) => /tsconfig|^index\.ts$/.test(name))).toEqual([]);
  });

  test("refuses an autoscaler without requests whose namespace is an output", async () => {
    const { accepted, output } = await previewed(false);
    expect(output).toMatch(/containers\["web"\] of Deployment web requests none/);
    expect(accepted).toBe(false);
  });

  test("passes it with the requests", async () => {
    const { accepted, output } = await previewed(true);
    expect(output).not.toMatch(/mandatory/);
    expect(accepted).toBe(true);
  });

  test("judges with the headline rule alone", async () => {
    const headline = { all: "disabled", "autoscaler-target-requests": "mandatory" };
    expect((await previewed(false, headline)).accepted).toBe(false);
    expect((await previewed(true, headline)).accepted).toBe(true);
  });

  test.each([
    [{ "images-pined": "advisory" }, /images-pined: .* did you mean "images-pinned"\?/],
    [
      { "images-pinned": { requireDigests: true } },
      /images-pinned\.requireDigests: .* did you mean "requireDigest"\?/,
    ],
    [
      { all: { enforcementLevel: "advisory", foo: 1 } },
      /all\.foo: all takes enforcementLevel alone/,
    ],
    [{ "images-pinned": { constructor: true } }, /images-pinned\.constructor: there is no such/],
    [{ "autoscaler-bounds": { highestMaximum: -1 } }, /highestMaximum = -1: must be 1 or more/],
    [{ "neuron-pods": { imagePattern: "(" } }, /neuron-pods\.imagePattern = "\(": /],
  ])("refuses the configuration %j with what to write", async (config, message) => {
    const { accepted, output } = await previewed(true, config);
    expect(output).toMatch(message);
    expect(accepted).toBe(false);
  });
});
