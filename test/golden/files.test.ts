import { describe, expect, test } from "vitest";
import { mismatches } from "./files";

const NAMESPACE = "Namespace models:\n  inputs:\n    metadata:\n      name: vllm\n";
const QUOTA = 'ResourceQuota models:\n  inputs:\n    spec:\n      hard:\n        pods: "4"\n';
const at = (text: string) => new Map([["local/workspace.yaml", text]]);

describe("a reader of a difference is told", () => {
  test("nothing where there is none", () => {
    expect(mismatches(at(NAMESPACE), at(NAMESPACE))).toEqual([]);
  });

  test("the object's name, and each value with its path", () => {
    expect(mismatches(at(QUOTA), at(QUOTA.replace("4", "8")))).toEqual([
      "local/workspace.yaml:",
      "  ResourceQuota models:",
      "    - inputs.spec.hard.pods: 4",
      "    + inputs.spec.hard.pods: 8",
    ]);
  });

  test("which objects are new, and which are gone", () => {
    expect(mismatches(at(NAMESPACE), at(QUOTA))).toEqual([
      "local/workspace.yaml:",
      "  Namespace models: is gone",
      "  ResourceQuota models: is new",
    ]);
  });

  test("which files are left over, and which are missing", () => {
    expect(mismatches(at(NAMESPACE), new Map())).toEqual([
      "local/workspace.yaml: nothing declares this any more",
    ]);
    expect(mismatches(new Map(), at(NAMESPACE))).toEqual([
      "local/workspace.yaml:",
      "  Namespace models: is new",
    ]);
  });

  test("that a text was edited by hand where it says the same", () => {
    expect(mismatches(at(`# a note\n${NAMESPACE}`), at(NAMESPACE))).toEqual([
      "local/workspace.yaml: the text is not as it would be written",
    ]);
  });

  test("the lines of a text of several that differ", () => {
    const config = (line: string) =>
      at(
        `ConfigMap routing:\n  inputs:\n    data:\n      file: |\n        a: 1\n        ${line}\n`,
      );
    expect(mismatches(config("b: 2"), config("b: 3"))).toEqual([
      "local/workspace.yaml:",
      "  ConfigMap routing:",
      "    - inputs.data.file | b: 2",
      "    + inputs.data.file | b: 3",
    ]);
  });
});
