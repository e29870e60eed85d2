/**
 * A stand-in for the official `aws` provider: it knows the resource types that the program declares, asks for what AWS
 * requires, and makes up ids and ARNs. It reaches no network and keeps no state of its own; what an autoscaler did beside the engine,
 * it is told by a file, and what stays of removed stores it writes to a folder (autoScalingGroups.ts, snapshots.ts).
 */
import { randomBytes } from "node:crypto";
import { differingPaths } from "../properties";
import { serve, type StandInProvider } from "../provider";
import { BOOTSTRAP_RESOURCES } from "./bootstrapResources";
import { answer } from "./functions";
import { refusals } from "./refusals";
import { AWS_RESOURCES, type AwsResource } from "./resources";
import { keepCopies } from "./snapshots";
import { zoneRefusal } from "./zones";

function known(type: string): AwsResource {
  const resource = AWS_RESOURCES[type] ?? BOOTSTRAP_RESOURCES[type];
  if (resource === undefined) {
    throw new Error(
      `the stand-in aws provider does not know ${type}; describe it in local/plugins/aws/resources.ts`,
    );
  }
  return resource;
}

const standIn: StandInProvider = {
  name: "aws",
  configure(config) {
    if (typeof config.region !== "string") {
      throw new Error("the aws provider needs a region");
    }
    return Promise.resolve();
  },

  check(type, inputs) {
    const missing = known(type)
      .required.filter((property) => inputs[property] === undefined)
      .map((property) => ({ property, reason: "is missing; AWS requires it" }));
    return { inputs, failures: [...missing, ...refusals(type, inputs)] };
  },

  invoke: (token, args) => answer(token, args),

  diff(type, before, after) {
    const changed = differingPaths(before, after);
    const replacing = changed.filter((path) =>
      known(type).replaceOn.some((field) => path === field || path.startsWith(`${field}.`)),
    );
    return { changed, replacing, deleteBeforeReplace: false };
  },

  create({ type, inputs, preview }) {
    if (preview) {
      return Promise.resolve({ id: "", outputs: inputs });
    }
    const resource = known(type);
    const id = resource.id(inputs, randomBytes(8).toString("hex"));
    return Promise.resolve({ id, outputs: { ...inputs, ...resource.outputs(inputs, id) } });
  },

  read(type, id, outputs) {
    const resource = known(type);
    if (Object.keys(outputs).length > 0) {
      return Promise.resolve({ id, outputs });
    }
    const inputs = resource.imported?.(id);
    return inputs === undefined
      ? Promise.reject(new Error(`the stand-in aws provider imports no ${type}`))
      : Promise.resolve({ id, outputs: { ...inputs, ...resource.outputs(inputs, id) } });
  },

  update({ type, id, inputs, old, preview }) {
    const refusal = type === "aws:eks/cluster:Cluster" ? zoneRefusal(old, inputs) : undefined;
    if (!preview && refusal !== undefined) {
      return Promise.reject(new Error(refusal));
    }
    // What AWS computed stays known in a preview, unlike at a creation.
    return Promise.resolve({ ...old, ...inputs, ...known(type).outputs(inputs, id) });
  },

  delete: ({ type, id, inputs }) => keepCopies(type, id, inputs),
};

void serve(standIn);
