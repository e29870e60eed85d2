/** The work over long texts grows with their length, and no faster. */
import { describe, expect, test } from "vitest";
import { credentialsFound as found } from "./corpus/builders/credentials";
import { args, env, file } from "./corpus/builders/workloads";

describe("what is long is read once:", { timeout: 120_000 }, () => {
  // What looks at each character once for every other one would take hours over this.
  const LENGTH = 200_000;
  const repeated = (text: string) => text.repeat(Math.ceil(LENGTH / text.length));

  test("an argument of a megabyte of words", async () => {
    const words = Array.from({ length: 120_000 }, (_, index) => `w${index}`);
    expect(await found(args(words.join(" ")))).toEqual([]);
  });

  test.each([
    ...[
      "a",
      " ",
      "=",
      "a=",
      "a=b ",
      "--a",
      "-a-",
      "a b ",
      "a:",
      '"a":',
      '"',
      "'",
      '\\"',
      "`",
      "$(",
    ],
    ...[
      "${",
      "{{",
      "{",
      "[",
      "<a",
      "<a>",
      "<a>b",
      "eyJ-",
      "sk-",
      "://",
      "://a:",
      "Bearer a",
      "A",
      "aA",
    ],
    ...[
      "PASSWORD ",
      "IDENTIFIED BY ",
      "name:x ",
      "name: ",
      "password",
      "password=",
      "\n",
      "a\n",
      "- ",
    ],
    ...[
      "curl -u ",
      "sh -c ' ",
      ";",
      "a;",
      "?a=b&",
      "-----BEGIN ",
      "password: |\n",
      "#",
      " #",
      "%",
      ".",
    ],
  ])("%j", async (piece) => {
    const text = repeated(piece);
    for (const stack of [args(text), env("PASSWORD", text), file(`a: b\n${text}`)]) {
      await expect(found(stack)).resolves.toBeDefined();
    }
  });
});
