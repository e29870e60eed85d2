import type { ResourceValidationPolicy } from "@pulumi/policy";
import { at, snapshot, UNKNOWN } from "../resources/values";
import { displayName, kubernetesType } from "../resources/workloads";

interface Settings {
  readonly allowPublic?: readonly string[];
}

/** Annotations of the load-balancer controllers that keep a Service inside its network. */
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", /^internal$/],
  ["service.beta.kubernetes.io/aws-load-balancer-internal", /^(true|0\.0\.0\.0\/0)$/],
  ["networking.gke.io/load-balancer-type", /^Internal$/i],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", /^true$/],
];

/** A public model endpoint is an open bill. */
export const loadBalancersInternal: ResourceValidationPolicy = {
  name: "load-balancers-internal",
  description: "Services of type LoadBalancer are internal unless they are named as public.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      allowPublic: {
        type: "array",
        items: { type: "string" },
        description: "Services that may be public, each as `Service namespace/name`.",
        default: [],
      },
    },
  },
  validateResource: (args, report) => {
    const props = snapshot(args.props);
    const kind = kubernetesType(args.type)?.kind;
    if (kind !== "Service" || at(props, "spec", "type") !== "LoadBalancer") {
      return;
    }
    const { allowPublic = [] } = args.getConfig<Settings>();
    const name = displayName(args.type, props, args.name);
    const annotations = at(props, "metadata", "annotations");
    const values = INTERNAL.map(([key, internal]) => ({ internal, value: at(annotations, key) }));
    const internal = values.some(
      ({ internal: pattern, value }) => typeof value === "string" && pattern.test(value),
    );
    const undecided = values.some(({ value }) => value === UNKNOWN);
    if (!internal && !undecided && !allowPublic.includes(name)) {
      report(
        `${name}: its load balancer is public; annotate it with ${INTERNAL[0]?.[0]}: internal, or name "${name}" in allowPublic`,
      );
    }
  },
};
