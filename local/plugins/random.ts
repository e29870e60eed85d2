/** A stand-in for the official `random` provider: RandomPassword alone, by the system's random source. */
import { randomInt } from "node:crypto";
import { differingPaths } from "./properties";
import { serve, type StandInProvider } from "./provider";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SUPPORTED: readonly string[] = ["length", "special", "keepers"];

const standIn: StandInProvider = {
  name: "random",
  configure: () => Promise.resolve(),
  check(type, inputs) {
    if (type !== PASSWORD) {
      throw new Error(`the stand-in random provider knows ${PASSWORD}, not ${type}`);
    }
    const failures = Object.keys(inputs)
      .filter((key) => !SUPPORTED.includes(key))
      .map((property) => ({
        property,
        reason: "is not supported by the stand-in random provider",
      }));
    if (inputs.special !== false) {
      failures.push({
        property: "special",
        reason: "must be false with the stand-in random provider",
      });
    }
    return { inputs, failures };
  },
  diff(_type, before, after) {
    const changed = differingPaths(before, after);
    return { changed, replacing: changed, deleteBeforeReplace: false };
  },
  create({ inputs, preview }) {
    if (preview) {
      return Promise.resolve({ id: "", outputs: inputs });
    }
    const length = Number(inputs.length);
    const result = Array.from({ length }, () =>
      LETTERS_AND_DIGITS.charAt(randomInt(LETTERS_AND_DIGITS.length)),
    ).join("");
    return Promise.resolve({ id: "none", outputs: { ...inputs, result } });
  },
  read: (_type, id, outputs) => Promise.resolve({ id, outputs }),
  update: () => Promise.reject(new Error("a password is replaced, never updated")),
  delete: () => Promise.resolve(),
};

void serve(standIn);
