import { strings } from "../factory/parameters";
import { rule } from "../factory/rule";
import { awsName, awsType, isOn } from "../resources/aws";
import type { KubernetesObject, Resource } from "../resources/resource";
import { at, isAbsent, UNKNOWN, type Value } from "../resources/values";

const SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const AWS_INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-internal";
const INGRESS_SCHEME = "alb.ingress.kubernetes.io/scheme";
const INGRESS_CLASS = "kubernetes.io/ingress.class";
const PUBLIC = "internet-facing";

/** GKE's classes of public Gateways: cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities. */
const PUBLIC_CLASSES = /^gke-l7-(?:(?:global|regional)-external-managed|gxlb)(?:-mc)?$/;

/** What Go's strconv.ParseBool takes for true and false: so the controllers read their annotations. */
const TRUE = /^(?:1|t|T|TRUE|true|True)$/;
const FALSE = /^(?:0|f|F|FALSE|false|False)$/;
const ANY = /./;

/**
 * Annotations by which the cloud's own load balancers stay inside their network. Sources: kubernetes.io/docs/concepts/services-networking/service,
 * "Internal load balancer"; cloud-provider-aws, which takes all but "false"; cloud-provider-openstack and oci-cloud-controller-manager,
 * their constants ServiceAnnotationLoadBalancerInternal. It does not read the scheme of the AWS controller.
 */
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  [AWS_INTERNAL, /^(?!false$)./],
  ["networking.gke.io/load-balancer-type", /^Internal$/i],
  ["cloud.google.com/load-balancer-type", /^Internal$/i],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", /^true$/],
  ["service.beta.kubernetes.io/openstack-internal-load-balancer", TRUE],
  ["service.beta.kubernetes.io/oci-load-balancer-internal", TRUE],
  ["oci-network-load-balancer.oraclecloud.com/internal", TRUE],
  ["service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", /^private$/],
  ["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", /^intranet$/],
  ["service.kubernetes.io/qcloud-loadbalancer-internal-subnetid", ANY],
  ["service.beta.kubernetes.io/cce-load-balancer-internal-vpc", /^true$/],
  // MetalLB has no cloud behind it: what its pools reach is the network's matter.
  ["metallb.universe.tf/address-pool", ANY],
  ["metallb.io/address-pool", ANY],
  ["metallb.universe.tf/loadBalancerIPs", ANY],
  ["metallb.io/loadBalancerIPs", ANY],
];

/** Classes and types of the AWS controllers, whose load balancers are internal unless they are told otherwise. */
const INTERNAL_CLASSES: readonly Value[] = ["service.k8s.aws/nlb", "eks.amazonaws.com/nlb"];
const TYPE = "service.beta.kubernetes.io/aws-load-balancer-type";
const INTERNAL_TYPES: readonly Value[] = ["external", "nlb-ip"];

/** AWS's own load balancers, in all spellings of the provider. */
const AWS_BALANCERS =
  /^(?:lb|alb|elb|applicationloadbalancing|elasticloadbalancing|elasticloadbalancingv2)\/loadBalancer$/;

const SERVICE_REMEDY = `annotate it with ${AWS_INTERNAL}: "true", or write loadBalancerClass: service.k8s.aws/nlb for the AWS controller`;

/** A public model endpoint is an open bill. */
export const loadBalancersInternal = rule({
  name: "load-balancers-internal",
  description:
    "Services of type LoadBalancer, Ingresses, Gateways and load balancers of AWS are internal unless they are named as public.",
  severity: "critical",
  tags: ["kubernetes", "aws", "network"],
  remediationSteps: `Give a Service the class of the AWS controller, loadBalancerClass: service.k8s.aws/nlb, or the annotation of its cloud, such as ${AWS_INTERNAL}: "true"; annotate an Ingress with ${INGRESS_SCHEME}: internal; or name it in allowPublic.`,
  url: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/",
  parameters: {
    allowPublic: strings(
      'What may be public: Services, Ingresses and Gateways as `Service namespace/name`, load balancers of AWS as `lb/loadBalancer "name"`.',
      [],
    ),
  },
  resource: (resource, { allowPublic }, report) => {
    const found = [
      ...resource.objects.map((object) => ({ name: object.name, remedy: publicBy(object) })),
      ...(isPublicBalancer(resource)
        ? [{ name: awsName(resource), remedy: "write internal: true" }]
        : []),
    ];
    for (const { name, remedy } of found) {
      if (remedy !== undefined && !allowPublic.includes(name)) {
        report(
          `${name}: its load balancer is public; ${remedy}, or name ${quoted(name)} in allowPublic`,
        );
      }
    }
  },
});

function quoted(name: string): string {
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}

/** AWS opens a load balancer unless it is told otherwise; a gateway load balancer has no scheme. */
function isPublicBalancer({ type, props }: Resource): boolean {
  const internal = at(props, "internal");
  const kind = at(props, "loadBalancerType");
  return (
    AWS_BALANCERS.test(awsType(type) ?? "") &&
    kind !== "gateway" &&
    kind !== UNKNOWN &&
    isOn(internal) === false
  );
}

/** What would make an object's load balancer internal; undefined where there is none, it is internal, or nobody can tell. */
function publicBy(object: KubernetesObject): string | undefined {
  const { group, kind, patch } = object.kubernetes;
  const annotations = at(object.props, "metadata", "annotations");
  const spec = at(object.props, "spec");
  switch (kind) {
    case "Ingress":
      return ingressRemedy(spec, annotations);
    case "IngressClassParams":
    // Of the AWS controller's Gateways, internal by default; its TargetGroupConfiguration has no scheme.
    case "LoadBalancerConfiguration":
      return at(spec, "scheme") === PUBLIC ? "write scheme: internal" : undefined;
    case "Gateway":
      return group === "gateway.networking.k8s.io" ? gatewayRemedy(spec, annotations) : undefined;
    case "EnvoyProxy":
      return group === "gateway.envoyproxy.io"
        ? envoyRemedy(at(spec, "provider", "kubernetes", "envoyService"))
        : undefined;
    case "Service":
      return group === "core" ? serviceRemedy(spec, annotations, patch) : undefined;
    default:
      return undefined;
  }
}

/**
 * The class `gce` is GKE's public one, whatever else is written: cloud.google.com/kubernetes-engine/docs/concepts/ingress, "GKE Ingress
 * controller behavior".
 */
function ingressRemedy(spec: Value, annotations: Value): string | undefined {
  if (at(annotations, INGRESS_SCHEME) === PUBLIC) {
    return `annotate it with ${INGRESS_SCHEME}: internal`;
  }
  const annotated = at(annotations, INGRESS_CLASS);
  return (isAbsent(annotated) ? at(spec, "ingressClassName") : annotated) === "gce"
    ? `annotate it with ${INGRESS_CLASS}: gce-internal`
    : undefined;
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

/** The Service that Envoy Gateway makes; where it does not say its type, annotations of a Gateway may complete it. */
function envoyRemedy(service: Value): string | undefined {
  const annotations = at(service, "annotations");
  return serviceRemedy(service, annotations, isAbsent(at(service, "type")));
}

/** @param partial whether the rest of the Service is written elsewhere, as a patch's is */
function serviceRemedy(spec: Value, annotations: Value, partial: boolean): string | undefined {
  const type = at(spec, "type");
  const scheme = at(annotations, SCHEME);
  // A patch need not say the type: whoever gives a Service this annotation means its load balancer.
  if (type !== "LoadBalancer" && !(partial && isAbsent(type))) {
    return undefined;
  }
  if (scheme === PUBLIC) {
    return `annotate it with ${SCHEME}: internal`;
  }
  const loadBalancerClass = at(spec, "loadBalancerClass");
  const controller = at(annotations, TYPE);
  if (INTERNAL_CLASSES.includes(loadBalancerClass) || INTERNAL_TYPES.includes(controller)) {
    // Of both annotations the controller reads the scheme first: its buildLoadBalancerSchemeViaAnnotation.
    const internal = at(annotations, AWS_INTERNAL);
    return isAbsent(scheme) && typeof internal === "string" && FALSE.test(internal)
      ? `annotate it with ${SCHEME}: internal in place of ${AWS_INTERNAL}: "${internal}"`
      : undefined;
  }
  const values = INTERNAL.map(([key, pattern]) => ({ pattern, value: at(annotations, key) }));
  // Another controller's class, or one that is unknown yet, is that controller's matter.
  const elsewhere =
    partial || !isAbsent(loadBalancerClass) || [controller, scheme].includes(UNKNOWN);
  const excused = values.some(
    ({ pattern, value }) => value === UNKNOWN || (typeof value === "string" && pattern.test(value)),
  );
  if (elsewhere || excused) {
    return undefined;
  }
  return scheme === "internal"
    ? `${SCHEME} is read by the AWS controller alone: write loadBalancerClass: service.k8s.aws/nlb beside it, or ${AWS_INTERNAL}: "true"`
    : SERVICE_REMEDY;
}
