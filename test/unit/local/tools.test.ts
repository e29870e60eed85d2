import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KEDA_VERSION } from "../../../domain/keda";
import { REPOSITORY } from "../../../local/control-plane/environment";
import { fingerprint, GO_MINIMUM } from "../../../local/tools/build";
import { binaryName, countPackages } from "../../../local/tools/compiler";
import { CONTROL_PLANE, ENGINE, KEDA, TOOLS, type Tool } from "../../../local/tools/manifest";

const goMod = ({ module }: Tool) =>
  readFileSync(join(REPOSITORY, "local", "tools", module, "go.mod"), "utf8");

/** Version of a module that go.mod requires. */
const required = (tool: Tool, path: string) =>
  goMod(tool)
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^require /, "")
        .split(" "),
    )
    .find(([name]) => name === path)?.[1];

describe("what a tool reports is what it is built from:", () => {
  test("the control plane's programs are stamped with the versions of their modules", () => {
    const { stamps } = CONTROL_PLANE;
    const version = required(CONTROL_PLANE, "k8s.io/kubernetes");
    expect(stamps["k8s.io/component-base/version.gitVersion"]).toBe(version);
    const minor = stamps["k8s.io/component-base/version.gitMinor"];
    expect(version).toMatch(new RegExp(`^v1\\.${minor}\\.`));
    expect(stamps["sigs.k8s.io/kwok/pkg/consts.Version"]).toBe(
      required(CONTROL_PLANE, "sigs.k8s.io/kwok"),
    );
    // Kubernetes names the repositories of its own parts by relative paths, which another module cannot use.
    const parts = [...goMod(CONTROL_PLANE).matchAll(/^\s+(k8s\.io\/\S+) => \1 (\S+)$/gm)];
    expect(parts.length).toBeGreaterThan(30);
    expect(new Set(parts.map(([, , used]) => used))).toEqual(
      new Set([version?.replace("v1.", "v0.")]),
    );
  });

  test("the CLI is stamped with its module's version", () => {
    expect(`v${ENGINE.stamps["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"]}`).toBe(
      required(ENGINE, "github.com/pulumi/pulumi/pkg/v3"),
    );
  });

  test("the provider names the release that the SDK asks for, and the commit that it is", () => {
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const [release, commit] = ENGINE.stamps["main.version"]?.split("+") ?? [];
    expect(release).toBe(manifest.dependencies["@pulumi/kubernetes"]);
    const version = required(ENGINE, "github.com/pulumi/pulumi-kubernetes/provider/v4");
    expect(version).toMatch(new RegExp(`-${commit}$`));
  });

  test("KEDA is the release whose chart is installed, with the control plane's version of Kubernetes' packages", () => {
    expect(required(KEDA, "github.com/kedacore/keda/v2")).toBe(`v${KEDA_VERSION}`);
    const shared = ["apimachinery", "apiserver", "client-go", "metrics", "kube-openapi", "utils"];
    expect(shared.map((name) => required(KEDA, `k8s.io/${name}`))).toEqual(
      shared.map((name) => required(CONTROL_PLANE, `k8s.io/${name}`)),
    );
  });

  test("no module needs a later Go than is asked for", () => {
    for (const tool of [...TOOLS, KEDA]) {
      const [, go = ""] = /^go (\S+)$/m.exec(goMod(tool)) ?? [];
      expect(go.localeCompare(GO_MINIMUM, "en", { numeric: true })).toBeLessThanOrEqual(0);
    }
  });
});

describe("a fingerprint", () => {
  const tool: Tool = { module: "m", programs: { a: "example.org/a" }, stamps: { v: "1" } };
  const files = { "go.mod": "module m", "go.sum": "" };
  const of = (changes: Partial<Tool> = {}, sources: Record<string, string> = {}, go = "1.26.4") =>
    fingerprint({ ...tool, ...changes }, { ...files, ...sources }, go);

  test("is the same for the same inputs, in whatever order the files were read", () => {
    expect(fingerprint(tool, { "go.sum": "", "go.mod": "module m" }, "1.26.4")).toBe(of());
  });

  test.each([
    ["another stamp", of({ stamps: { v: "2" } })],
    ["another program", of({ programs: { b: "example.org/b" } })],
    ["another embedded file", of({ embeds: { "a/x.json": { module: "m", path: "x.json" } } })],
    ["another checksum", of({}, { "go.sum": "x" })],
    ["another source", of({}, { "a/main.go": "package main" })],
    ["another Go", of({}, {}, "1.26.5")],
  ])("changes with %s", (_what, changed) => {
    expect(changed).not.toBe(of());
  });
});

describe("the progress of a build", () => {
  test("counts the packages that the compiler names, and says when it links", () => {
    const shown: string[] = [];
    const line = countPackages("engine", 3, (text) => shown.push(text));
    for (const printed of [
      "internal/goarch",
      "# example.org/a",
      "go: downloading example.org/b v1.0.0",
      "",
      "a.go:1:2: undefined: b",
      "example.org/a/v2",
      "llm-gateway/local/tools/engine/pulumi-resource-kubernetes",
    ]) {
      line(printed);
    }
    expect(shown).toEqual([
      "engine: 1 of 3 packages",
      "engine: 2 of 3 packages",
      "engine: all 3 packages, linking",
    ]);
  });
});

test.each([
  ["go.etcd.io/etcd/server/v3", "server"],
  ["k8s.io/kubernetes/cmd/kubectl", "kubectl"],
  ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "pulumi"],
  ["./pulumi-resource-kubernetes", "pulumi-resource-kubernetes"],
])("go build calls the program of %s %s", (path, name) => {
  expect(binaryName(path)).toBe(name);
});
