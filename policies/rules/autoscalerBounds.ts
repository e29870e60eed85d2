import type { ResourceValidationPolicy } from "@pulumi/policy";
import { at, entries, snapshot, UNKNOWN } from "../resources/values";
import { displayName, kubernetesType } from "../resources/workloads";

interface Settings {
  readonly highestMaximum?: number;
  readonly longestWindowSeconds?: number;
}

/** Bounds that contradict each other or that nobody meant. */
export const autoscalerBounds: ResourceValidationPolicy = {
  name: "autoscaler-bounds",
  description: "The bounds and windows of a HorizontalPodAutoscaler make sense.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      highestMaximum: {
        type: "integer",
        description: "Highest maxReplicas that is not taken for a slip of the pen.",
        default: 100,
      },
      longestWindowSeconds: {
        type: "integer",
        description: "Longest stabilization window; Kubernetes accepts 3600.",
        default: 3600,
      },
    },
  },
  validateResource: (args, report) => {
    const type = kubernetesType(args.type);
    if (type?.group !== "autoscaling" || type.kind !== "HorizontalPodAutoscaler") {
      return;
    }
    const { highestMaximum = 100, longestWindowSeconds = 3600 } = args.getConfig<Settings>();
    const props = snapshot(args.props);
    const name = displayName(args.type, props, args.name);
    const least = at(props, "spec", "minReplicas") ?? 1;
    const most = at(props, "spec", "maxReplicas");
    if (typeof least === "number" && least < 1) {
      report(
        `${name}: minReplicas is ${least}; write 1 or more, scaling to zero needs external metrics`,
      );
    }
    if (typeof least === "number" && typeof most === "number" && least > most) {
      report(`${name}: minReplicas ${least} is more than maxReplicas ${most}; swap or mend them`);
    }
    if (most === undefined || most === null) {
      report(`${name}: maxReplicas is missing; write the most replicas that the nodes can hold`);
    } else if (typeof most === "number" && most > highestMaximum) {
      report(
        `${name}: maxReplicas ${most} is more than ${highestMaximum}; lower it, or raise highestMaximum of this policy`,
      );
    }
    for (const [direction, rules] of entries(at(props, "spec", "behavior"))) {
      const window = at(rules, "stabilizationWindowSeconds");
      if (window !== UNKNOWN && typeof window === "number" && window > longestWindowSeconds) {
        report(
          `${name}: behavior.${direction}.stabilizationWindowSeconds ${window} is more than ${longestWindowSeconds}; lower it`,
        );
      }
    }
  },
};
