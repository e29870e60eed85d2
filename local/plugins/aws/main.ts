/**
 * A stand-in for the official `aws` provider: it knows the resource types that the program declares, asks for what AWS
 * requires, and makes up ids and ARNs. It reaches no network and keeps no state of its own; what an autoscaler did beside the engine,
 * it is told by a file (see {@link autoScalingGroups}).
 */
import { randomBytes } from "node:crypto";
import { differingPaths } from "../properties";
import { serve, type StandInProvider } from "../provider";
import { autoScalingFunction } from "./autoScalingGroups";
import { BOOTSTRAP_RESOURCES } from "./bootstrapResources";
import { refusals } from "./refusals";
import { AWS_RESOURCES, type AwsResource } from "./resources";

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

  invoke: (token, args) => {
    // The zone of us-west-2. Source: AWS General Reference, "Elastic Load Balancing endpoints and quotas".
    const zone = { id: "Z18D5FSROUN65G", region: "us-west-2" };
    return token === "aws:lb/getHostedZoneId:getHostedZoneId"
      ? Promise.resolve(zone)
      : autoScalingFunction(token, args);
  },

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

  read: (_type, id, outputs) => Promise.resolve({ id, outputs }),

  update({ type, id, inputs, old }) {
    // What AWS computed stays known in a preview, unlike at a creation.
    return Promise.resolve({ ...old, ...inputs, ...known(type).outputs(inputs, id) });
  },

  delete: () => Promise.resolve(),
};

void serve(standIn);
