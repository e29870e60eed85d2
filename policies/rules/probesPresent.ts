import type { ResourceValidationPolicy } from "@pulumi/policy";
import { at, snapshot, UNKNOWN } from "../resources/values";
import { containersOf, displayName, kubernetesType, podSpecOf } from "../resources/workloads";

interface Settings {
  readonly kinds?: readonly string[];
}

const KINDS = ["Deployment", "StatefulSet"];
const PROBES = ["readinessProbe", "livenessProbe"];

/** Without probes a hung container stays in its Service and is never restarted. */
export const probesPresent: ResourceValidationPolicy = {
  name: "probes-present",
  description: "Every container of a long-running workload has a readiness and a liveness probe.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      kinds: {
        type: "array",
        items: { type: "string" },
        description: "Kinds whose containers need probes.",
        default: KINDS,
      },
    },
  },
  validateResource: (args, report) => {
    const { kinds = KINDS } = args.getConfig<Settings>();
    // A patch completes a workload that has its probes already.
    if (!kinds.includes(kubernetesType(args.type)?.kind ?? "") || args.type.endsWith("Patch")) {
      return;
    }
    const props = snapshot(args.props);
    const containers = containersOf(podSpecOf(args.type, props));
    if (containers === UNKNOWN) {
      return;
    }
    const name = displayName(args.type, props, args.name);
    for (const { label, spec, init } of containers) {
      for (const probe of PROBES) {
        const found = at(spec, probe);
        if (!init && (found === undefined || found === null)) {
          report(`${name}: ${label} has no ${probe}; add one that asks the server itself`);
        }
      }
    }
  },
};
