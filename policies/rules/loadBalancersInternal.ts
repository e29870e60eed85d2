import { strings } from "../factory/parameters";
import { rule } from "../factory/rule";
import type { KubernetesObject } from "../resources/resource";
import { at, UNKNOWN, type Value } from "../resources/values";

const SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const INGRESS_SCHEME = "alb.ingress.kubernetes.io/scheme";
const PUBLIC = "internet-facing";

/** GKE's classes of public Gateways: cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities. */
const PUBLIC_CLASSES = /^gke-l7-(?:(?:global|regional)-external-managed|gxlb)(?:-mc)?$/;

/** Annotations of the load-balancer controllers that keep a Service inside its network. */
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  [SCHEME, /^internal$/],
  ["service.beta.kubernetes.io/aws-load-balancer-internal", /^(true|0\.0\.0\.0\/0)$/],
  ["networking.gke.io/load-balancer-type", /^Internal$/i],
  ["cloud.google.com/load-balancer-type", /^Internal$/i],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", /^true$/],
];

/** Classes and types of the AWS controllers, whose load balancers are internal unless they are told otherwise. */
const INTERNAL_CLASSES: readonly Value[] = ["service.k8s.aws/nlb", "eks.amazonaws.com/nlb"];
const TYPE = "service.beta.kubernetes.io/aws-load-balancer-type";
const INTERNAL_TYPES: readonly Value[] = ["external", "nlb-ip"];

/** A public model endpoint is an open bill. */
export const loadBalancersInternal = rule({
  name: "load-balancers-internal",
  description:
    "Services of type LoadBalancer, Ingresses and Gateways are internal unless they are named as public.",
  severity: "critical",
  tags: ["kubernetes", "network"],
  remediationSteps: `Annotate a Service with ${SCHEME}: internal, an Ingress with ${INGRESS_SCHEME}: internal, or name it in allowPublic.`,
  url: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/",
  parameters: {
    allowPublic: strings(
      "Services, Ingresses and Gateways that may be public, each as `Service namespace/name`.",
      [],
    ),
  },
  resource: (resource, { allowPublic }, report) => {
    for (const object of resource.objects) {
      const remedy = allowPublic.includes(object.name) ? undefined : publicBy(object);
      if (remedy !== undefined) {
        report(
          `${object.name}: its load balancer is public; ${remedy}, or name "${object.name}" in allowPublic`,
        );
      }
    }
  },
});

/** What would make an object's load balancer internal; undefined where there is none, it is internal, or nobody can tell. */
function publicBy(object: KubernetesObject): string | undefined {
  const { group, kind, patch } = object.kubernetes;
  const annotations = at(object.props, "metadata", "annotations");
  const spec = at(object.props, "spec");
  switch (kind) {
    case "Ingress":
      return at(annotations, INGRESS_SCHEME) === PUBLIC
        ? `annotate it with ${INGRESS_SCHEME}: internal`
        : undefined;
    case "IngressClassParams":
    // Of the AWS controller's Gateways, internal by default; its TargetGroupConfiguration has no scheme.
    case "LoadBalancerConfiguration":
      return at(spec, "scheme") === PUBLIC ? "write scheme: internal" : undefined;
    case "Gateway":
      return group === "gateway.networking.k8s.io" ? gatewayRemedy(spec, annotations) : undefined;
    case "Service":
      return isPublicService(spec, annotations, patch)
        ? `annotate it with ${SCHEME}: internal`
        : undefined;
    default:
      return undefined;
  }
}

/** A Gateway is its class's matter, but for what it says of the Service that some controllers make for it. */
function gatewayRemedy(spec: Value, annotations: Value): string | undefined {
  const given: readonly Value[] = [annotations, at(spec, "infrastructure", "annotations")];
  if (given.some((place) => at(place, SCHEME) === PUBLIC)) {
    return `annotate it with ${SCHEME}: internal`;
  }
  const name = at(spec, "gatewayClassName");
  return typeof name === "string" && PUBLIC_CLASSES.test(name)
    ? "name an internal gatewayClassName, such as gke-l7-rilb"
    : undefined;
}

function isPublicService(spec: Value, annotations: Value, patch: boolean): boolean {
  const type = at(spec, "type");
  const asked = at(annotations, SCHEME) === PUBLIC;
  // A patch need not say the type: whoever gives a Service this annotation means its load balancer.
  if (patch && (type === undefined || type === null)) {
    return asked;
  }
  if (type !== "LoadBalancer") {
    return false;
  }
  if (asked) {
    return true;
  }
  const loadBalancerClass = at(spec, "loadBalancerClass");
  // Another controller's class, or one that is unknown yet, is that controller's matter.
  const others = loadBalancerClass !== undefined && loadBalancerClass !== null;
  const internalByDefault =
    INTERNAL_CLASSES.includes(loadBalancerClass) || INTERNAL_TYPES.includes(at(annotations, TYPE));
  const values = INTERNAL.map(([key, pattern]) => ({ pattern, value: at(annotations, key) }));
  const internal = values.some(
    ({ pattern, value }) => typeof value === "string" && pattern.test(value),
  );
  const undecided = [...values.map(({ value }) => value), at(annotations, TYPE)].includes(UNKNOWN);
  return !others && !internalByDefault && !internal && !undecided && !patch;
}
