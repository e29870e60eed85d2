import type { ResourceValidationPolicy } from "@pulumi/policy";
import { at, entries, isList, snapshot, UNKNOWN, type Value } from "../resources/values";
import { containersOf, displayName, podSpecOf } from "../resources/workloads";

const PREFIX = "aws.amazon.com/neuron";

interface Settings {
  readonly imagePattern?: string;
  readonly exempt?: readonly string[];
}

/** A Neuron pod without a device request shares chips by accident; one without the toleration never starts. */
export const neuronPods: ResourceValidationPolicy = {
  name: "neuron-pods",
  description:
    "Pods for Neuron request a device, with equal limits, and tolerate the Neuron taint.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      imagePattern: {
        type: "string",
        description: "Images that need a Neuron device, as a regular expression.",
        default: "neuronx|optimum-neuron",
      },
      exempt: {
        type: "array",
        items: { type: "string" },
        description: "Workloads that need no device, each as `Kind namespace/name`.",
        default: [],
      },
    },
  },
  validateResource: (args, report) => {
    const props = snapshot(args.props);
    const podSpec = podSpecOf(args.type, props);
    const containers = containersOf(podSpec);
    if (podSpec === undefined || podSpec === UNKNOWN || containers === UNKNOWN) {
      return;
    }
    const { imagePattern = "neuronx|optimum-neuron", exempt = [] } = args.getConfig<Settings>();
    const name = displayName(args.type, props, args.name);
    if (exempt.includes(name)) {
      return;
    }
    const pattern = new RegExp(imagePattern);
    const neuron = containers.filter(({ init, spec }) => {
      const image = at(spec, "image");
      return !init && typeof image === "string" && pattern.test(image);
    });
    const requesting = containers.filter(({ spec }) => devices(spec).length > 0);
    for (const { label, spec } of neuron) {
      if (devices(spec).length === 0 && at(spec, "resources") !== UNKNOWN) {
        report(
          `${name}: ${label} runs a Neuron image without a device; write resources.limits["${PREFIX}"]: "1"`,
        );
      }
    }
    for (const { label, spec } of requesting) {
      for (const resource of devices(spec)) {
        const request = at(spec, "resources", "requests", resource);
        const limit = at(spec, "resources", "limits", resource);
        if (
          request !== undefined &&
          request !== UNKNOWN &&
          limit !== UNKNOWN &&
          JSON.stringify(request) !== JSON.stringify(limit)
        ) {
          report(`${name}: ${label} must have the same request and limit for ${resource}`);
        }
      }
    }
    if ((neuron.length > 0 || requesting.length > 0) && tolerated(podSpec) === false) {
      report(
        `${name}: its pods do not tolerate the Neuron taint; add a toleration {key: "${PREFIX}", operator: "Exists", effect: "NoSchedule"}`,
      );
    }
  },
};

function devices(container: Value): string[] {
  const names = [
    ...entries(at(container, "resources", "requests")),
    ...entries(at(container, "resources", "limits")),
  ]
    .map(([name]) => name)
    .filter((name) => name.startsWith(PREFIX));
  return [...new Set(names)];
}

function tolerated(podSpec: Value): boolean | typeof UNKNOWN {
  const tolerations = at(podSpec, "tolerations");
  if (tolerations === UNKNOWN) {
    return UNKNOWN;
  }
  const checks = (isList(tolerations) ? tolerations : []).map((toleration) => {
    const key = at(toleration, "key");
    const effect = at(toleration, "effect");
    if (toleration === UNKNOWN || key === UNKNOWN || effect === UNKNOWN) {
      return UNKNOWN;
    }
    return (
      (key === PREFIX || (key === undefined && at(toleration, "operator") === "Exists")) &&
      (effect === undefined || effect === "NoSchedule")
    );
  });
  if (checks.includes(true)) {
    return true;
  }
  return checks.includes(UNKNOWN) ? UNKNOWN : false;
}
