/** How the scripts of containers are read, in which passwords are looked for. */
import { describe, expect, test } from "vitest";
import { callReader } from "../../policies/secrets/programs";
import { shellCommands } from "../../policies/secrets/shell";

describe("the commands of a script", () => {
  test.each<[string, string[][]]>([
    ["", []],
    [" \n ; ", []],
    ["a b  c", [["a", "b", "c"]]],
    ["a b; c | d && e || f & g\nh", [["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"]]],
    ["(a b) c", [["a", "b"], ["c"]]],
    [`a "b c" 'd e' f"g h"i`, [["a", "b c", "d e", "fg hi"]]],
    [`a "" ''`, [["a", "", ""]]],
    [`a "b \\" c" 'd \\'`, [["a", 'b " c', "d \\"]]],
    [`a "never ends; b`, [["a", "never ends; b"]]],
    ["a b\\ c \\; d", [["a", "b c", ";", "d"]]],
    ["a \\\n  b", [["a", "b"]]],
    ["a ${b:-c d} e", [["a", "${b:-c d}", "e"]]],
    ["a ${b:-$(c)} d", [["a", "${b:-$(c)}", "d"]]],
  ])("%j", (script, commands) => {
    expect(shellCommands(script)).toEqual(commands);
  });

  test.each<[string, string[][]]>([
    [
      "a $(b c) d",
      [
        ["b", "c"],
        ["a", "$(b c)", "d"],
      ],
    ],
    [
      "a `b c` d",
      [
        ["b", "c"],
        ["a", "`b c`", "d"],
      ],
    ],
    ["a $(b $(c (d))) e", [["d"], ["c"], ["b", "$(c (d))"], ["a", "$(b $(c (d)))", "e"]]],
    ["a $(b", [["b"], ["a", "$(b"]]],
  ])("those that are put in are among them: %j", (script, commands) => {
    const sorted = (found: string[][]) => found.map((words) => words.join("␣")).sort();
    expect(sorted(shellCommands(script))).toEqual(sorted(commands));
  });

  test("are read three insertions deep, and no deeper", () => {
    const names = shellCommands("a $(b $(c $(d $(e))))").map(([name]) => name);
    expect(names.sort()).toEqual(["a", "b", "c", "d"]);
  });
});

describe("a place in a text stands in a call", () => {
  const places = (text: string) => {
    const inCall = callReader(text);
    return [...text].map((_, index) => (inCall(index) ? "x" : "."));
  };

  test.each([
    ["f(a) b", "..xx.."],
    ["f[0](a)", ".....xx"],
    ["(a) b", "....."],
    ["(A=(B=c))", "........."],
    ["f(a(b)c)d", "..xxxxxx."],
    ["f((a)b)", "..x..xx"],
    [") a", "..."],
  ])("%s", (text, expected) => {
    expect(places(text).join("")).toBe(expected);
  });
});
