/** How a failure reads, whatever was thrown. */
import { describe, expect, test } from "vitest";
import {
  failureText,
  messageOf,
  messageWithCause,
  outputOf,
  UserError,
} from "../../../domain/failure";

test("a failure that a user can mend says what is wrong, and what to do", () => {
  const error = new UserError("there is no stack", "choose one");
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "UserError",
    message: "there is no stack",
    remedy: "choose one",
  });
});

describe("what was thrown reads", () => {
  test("as its message, or as its text where it is no error", () => {
    expect(messageOf(new Error("broken"))).toBe("broken");
    expect(messageOf("a text")).toBe("a text");
    expect(messageOf(undefined)).toBe("undefined");
  });

  test("with its cause, where that is an error", () => {
    expect(messageWithCause(new Error("broken", { cause: new Error("refused") }))).toBe(
      "broken: refused",
    );
    expect(messageWithCause(new Error("broken", { cause: "a text" }))).toBe("broken");
    expect(messageWithCause(new Error("broken"))).toBe("broken");
    expect(messageWithCause({ message: "m", cause: new Error("c") })).toBe("[object Object]");
  });
});

test("a command that ends over it prints what happened, and what to do where somebody can", () => {
  expect(failureText(new UserError("there is no stack", "choose one"))).toBe(
    "error: there is no stack\nremedy: choose one",
  );
  expect(failureText(new Error("broken", { cause: new Error("refused") }))).toBe(
    "error: broken: refused",
  );
});

describe("of a failed command is shown", () => {
  const failed = (more: object) => Object.assign(new Error("Command failed with 1"), more);

  test("all that it printed, or else what it said of errors", () => {
    expect(outputOf(failed({ all: "out\nerr\n", stderr: "err" }))).toBe("out\nerr");
    expect(outputOf(failed({ stderr: "\n  err\n" }))).toBe("err");
    expect(outputOf(failed({ all: undefined, stderr: "err" }))).toBe("err");
  });

  test("its last eight lines", () => {
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    expect(outputOf(failed({ all: lines.join("\n") }))).toBe(lines.slice(4).join("\n"));
  });

  test.each<[string, unknown, string]>([
    ["that printed nothing", failed({ all: " \n" }), "Command failed with 1"],
    ["whose output nobody kept", failed({}), "Command failed with 1"],
    ["whose output is no text", failed({ stderr: 1 }), "Command failed with 1"],
    ["where no error was thrown", "a text", "a text"],
    ["where something else has its fields", { all: "out", stderr: "err" }, "[object Object]"],
  ])("the message of a command %s", (_what, error, shown) => {
    expect(outputOf(error)).toBe(shown);
  });
});
