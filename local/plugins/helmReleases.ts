/**
 * A stand-in for the Helm releases of the official `kubernetes` provider, where a release's chart cannot be downloaded: it records
 * them, and no object of a chart comes to be. The official provider, which comes after this program on PATH, does all else.
 */
import { join } from "node:path";
import { nextOnPath, serveInFront } from "./front";
import { differingPaths, type Properties } from "./properties";
import type { StandInProvider } from "./provider";

const HELM_RELEASE = "kubernetes:helm.sh/v3:Release";

const releases: StandInProvider = {
  name: "kubernetes",
  configure: () => Promise.reject(new Error("the official provider is configured instead")),
  check: (_type, inputs) => ({
    inputs,
    failures: ["name", "namespace", "chart"]
      .filter((property) => typeof inputs[property] !== "string")
      .map((property) => ({
        property,
        reason: "is missing; the stand-in for Helm releases makes no defaults",
      })),
  }),
  diff(_type, before, after) {
    const changed = differingPaths(before, after);
    const replacing = changed.filter((path) => path === "name" || path === "namespace");
    return { changed, replacing, deleteBeforeReplace: false };
  },
  create: ({ inputs }) =>
    Promise.resolve({
      id: `${String(inputs.namespace)}/${String(inputs.name)}`,
      outputs: recorded(inputs),
    }),
  read: (_type, id, outputs) => Promise.resolve({ id, outputs }),
  update: ({ inputs }) => Promise.resolve(recorded(inputs)),
  delete: () => Promise.resolve(),
};

/** A release as if it were deployed, and a word on the console that it is not. */
function recorded(inputs: Properties): Properties {
  console.error(`stand-in: chart ${String(inputs.chart)} is recorded, not installed`);
  return {
    ...inputs,
    status: { name: inputs.name, namespace: inputs.namespace, status: "deployed" },
  };
}

const official = nextOnPath("pulumi-resource-kubernetes", join(__dirname, "bin", "helm-releases"));
void serveInFront(releases, official, (type) => type === HELM_RELEASE);
