/** A stand-in for the official `random` provider: RandomPassword and RandomId, by the system's random source. */
import { randomBytes, randomInt } from "node:crypto";
import { differingPaths, type Properties } from "./properties";
import { serve, type InputFailure, type ResourceState, type StandInProvider } from "./provider";

const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

interface RandomResource {
  readonly supported: readonly string[];
  readonly failures: (inputs: Properties) => InputFailure[];
  readonly make: (inputs: Properties) => ResourceState;
}

const RESOURCES: Readonly<Record<string, RandomResource>> = {
  "random:index/randomPassword:RandomPassword": {
    supported: ["length", "special", "keepers"],
    failures: ({ special }) =>
      special === false
        ? []
        : [{ property: "special", reason: "must be false with the stand-in random provider" }],
    make: (inputs) => {
      const result = Array.from({ length: Number(inputs.length) }, () =>
        LETTERS_AND_DIGITS.charAt(randomInt(LETTERS_AND_DIGITS.length)),
      ).join("");
      return { id: "none", outputs: { ...inputs, result } };
    },
  },
  "random:index/randomId:RandomId": {
    supported: ["byteLength", "keepers"],
    failures: () => [],
    make: (inputs) => {
      const bytes = randomBytes(Number(inputs.byteLength));
      return {
        id: bytes.toString("base64url"),
        outputs: {
          ...inputs,
          hex: bytes.toString("hex"),
          b64Url: bytes.toString("base64url"),
          b64Std: bytes.toString("base64"),
          dec: BigInt(`0x${bytes.toString("hex")}`).toString(),
        },
      };
    },
  },
};

function known(type: string): RandomResource {
  const resource = RESOURCES[type];
  if (resource === undefined) {
    throw new Error(
      `the stand-in random provider knows ${Object.keys(RESOURCES).join(", ")}, not ${type}`,
    );
  }
  return resource;
}

const standIn: StandInProvider = {
  name: "random",
  configure: () => Promise.resolve(),
  check(type, inputs) {
    const { supported, failures } = known(type);
    const unsupported = Object.keys(inputs)
      .filter((key) => !supported.includes(key))
      .map((property) => ({
        property,
        reason: "is not supported by the stand-in random provider",
      }));
    return { inputs, failures: [...unsupported, ...failures(inputs)] };
  },
  diff(_type, before, after) {
    const changed = differingPaths(before, after);
    return { changed, replacing: changed, deleteBeforeReplace: false };
  },
  create: ({ type, inputs, preview }) =>
    Promise.resolve(preview ? { id: "", outputs: inputs } : known(type).make(inputs)),
  read: (_type, id, outputs) => Promise.resolve({ id, outputs }),
  update: () => Promise.reject(new Error("a random value is replaced, never updated")),
  delete: () => Promise.resolve(),
};

void serve(standIn);
