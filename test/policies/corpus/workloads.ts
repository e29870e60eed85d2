import { container, deployment, METADATA } from "../fixtures";
import { LATER } from "../support";
import {
  IMAGES,
  BALANCERS,
  NEURON,
  BUDGET,
  BOUNDS,
  args,
  file,
  image,
  service,
  ingress,
  gateway,
  SCHEME,
  DEVICE,
  tolerations,
  neuron,
  hpa,
  pdb,
} from "./builders/workloads";
import { bad, good, object, type Case } from "./case";

/** What the other rules of Kubernetes see. */
export const WORKLOADS: readonly Case[] = [
  ...[
    "web:1.2",
    "web:v10.4.1-rc.1",
    "nginx:1.27.3-alpine",
    "web:RELEASE.2026-01-02T03-04-05Z",
    "web:sha-3f9c2ab1",
  ].map((name) => good(`image ${name}`, "one release", image(name))),
  good(
    "argument from a variable",
    "a reference",
    args("--api-key", "$(API_KEY)", "--max-tokens", "100"),
  ),
  good(
    "arguments of a server",
    "no credential",
    args("--model", "meta/llama", "--tokenizer=meta/llama", "--port", "8000"),
  ),
  good(
    "tokenizer file",
    "tokens of a vocabulary",
    file(
      '{\n  "eos_token": "</s>",\n  "pad_token": "<pad>",\n  "token": {\n    "content": "<s>"\n  }\n}',
      "tokenizer_config.json",
    ),
  ),
  good(
    "price list",
    "tokens that are paid",
    file("input_cost_per_token: 0.000003\noutput_cost_per_token: 1.5e-05\nmax_tokens: 4096\n"),
  ),
  good(
    "reference in YAML",
    "a function and a name",
    file(
      "master_key: os.environ/MASTER_KEY\nexisting_secret: db-credentials\n# password: example\npassword:\n",
    ),
  ),

  ...[
    "web",
    "web:latest",
    "litellm:main-latest",
    "postgres:16",
    "node:22-alpine",
    "web:v1",
    "web:main",
    "web:stable-slim",
    "registry:5000/web",
    "nginx:stable-alpine3.20",
    "nginx:alpine3.20",
    "amazoncorretto:17-alpine3.20",
    "node:lts-bookworm-slim",
    "web:latest-py3.11",
    "web:1.2.x",
    "web:1.2.0-SNAPSHOT",
    "web:alpine",
    "web:3",
  ].map((name) =>
    bad(IMAGES, `image ${name}`, "it is something else after the next pull", image(name)),
  ),
  ...[
    "web:1.2.3",
    "postgres:16.4",
    "litellm:main-v1.63.2-stable",
    "web:20260403",
    "web:2026-04-03",
    "web:3f9c2ab1",
    "pause:3.10",
    `web@sha256:${"a".repeat(64)}`,
    "registry:5000/web:v1.2.0",
    "web:1234",
    "web:build-512",
    "web:2024.11.3",
    "web:20241103",
    "web:nightly-20241103",
    "web:main-3f9c2ab",
    "nginx:1.27.3-alpine3.20",
    "nginx:3.12",
  ].map((name) => good(`image ${name}`, "one release", image(name))),

  bad(BALANCERS, "no annotation", "the cloud makes it public", service({})),
  bad(BALANCERS, "internet-facing", "it says so", service({}, { [SCHEME]: "internet-facing" })),
  bad(
    BALANCERS,
    "internet-facing by class",
    "the annotation wins",
    service({ loadBalancerClass: "service.k8s.aws/nlb" }, { [SCHEME]: "internet-facing" }),
  ),
  bad(
    BALANCERS,
    "public Ingress",
    "it says so",
    ingress({ "alb.ingress.kubernetes.io/scheme": "internet-facing" }),
  ),
  bad(
    BALANCERS,
    "public by a patch",
    "the Service is somebody else's, its scheme this one's",
    object("core/v1:ServicePatch", "web", {
      metadata: { ...METADATA, annotations: { [SCHEME]: "internet-facing" } },
    }),
  ),
  bad(
    BALANCERS,
    "public Ingress by a patch",
    "it says so",
    object("networking.k8s.io/v1:IngressPatch", "web", {
      metadata: {
        ...METADATA,
        annotations: { "alb.ingress.kubernetes.io/scheme": "internet-facing" },
      },
    }),
  ),
  ...["internet-facing", "internal"].map((scheme) => {
    const stack = object("gateway.k8s.aws/v1beta1:LoadBalancerConfiguration", "web", {
      spec: { scheme },
    });
    return scheme === "internal"
      ? good("internal configuration", "it says so", stack)
      : bad(BALANCERS, "public configuration of a Gateway", "it says so", stack);
  }),
  good(
    "configuration without a scheme",
    "internal is the default",
    object("gateway.k8s.aws/v1beta1:LoadBalancerConfiguration", "web", { spec: {} }),
  ),
  good(
    "target group",
    "it has no scheme",
    object("gateway.k8s.aws/v1beta1:TargetGroupConfiguration", "web", {
      spec: { defaultConfiguration: { targetType: "ip" } },
    }),
  ),
  bad(
    BALANCERS,
    "public class of a Gateway",
    "its class is for the internet",
    gateway({ gatewayClassName: "gke-l7-global-external-managed" }),
  ),
  bad(
    BALANCERS,
    "public Service of a Gateway",
    "the annotation goes to the Service",
    gateway({ infrastructure: { annotations: { [SCHEME]: "internet-facing" } } }),
  ),
  good("class of a Gateway", "its configuration decides", gateway({})),
  good(
    "internal class of a Gateway",
    "it is for the network alone",
    gateway({ gatewayClassName: "gke-l7-rilb" }),
  ),
  good(
    "patch of something else",
    "it says nothing of the scheme",
    object("core/v1:ServicePatch", "web", { spec: { ports: [{ port: 80 }] } }),
  ),
  good(
    "internal",
    "it says so to its controller",
    service({ loadBalancerClass: "service.k8s.aws/nlb" }, { [SCHEME]: "internal" }),
  ),
  bad(
    BALANCERS,
    "scheme without a class",
    "only the AWS controller reads it",
    service({}, { [SCHEME]: "internal" }),
  ),
  good(
    "class of the AWS controller",
    "internal is its default",
    service({ loadBalancerClass: "service.k8s.aws/nlb" }),
  ),
  good(
    "type external",
    "the AWS controller's default is internal",
    service({}, { "service.beta.kubernetes.io/aws-load-balancer-type": "external" }),
  ),
  good("internal Ingress", "internal is the default", ingress({})),
  good("cluster IP", "no load balancer", service({ type: "ClusterIP" })),

  good("device", "request and toleration", neuron({ limits: { [DEVICE]: "1" } })),
  good(
    '1 and "1"',
    "the same amount",
    neuron({ requests: { [DEVICE]: 1 }, limits: { [DEVICE]: "1" } }),
  ),
  good(
    "claimed device",
    "dynamic resource allocation brings it",
    neuron({ claims: [{ name: "neuron" }] }, {}),
  ),
  bad(NEURON, "no device", "pods share chips by accident", neuron({})),
  bad(NEURON, "no toleration", "it never starts", neuron({ limits: { [DEVICE]: "1" } }, {})),
  bad(
    NEURON,
    "unequal amounts",
    "the API server refuses it",
    neuron({ requests: { [DEVICE]: "1" }, limits: { [DEVICE]: "2" } }),
  ),
  bad(
    NEURON,
    "device beside unknown init containers",
    "what is known stays known",
    neuron({}, { tolerations, initContainers: LATER }),
  ),

  bad(
    "probes-present",
    "no probes",
    "a hung container stays",
    deployment({ containers: [container({ livenessProbe: undefined })] }),
  ),
  bad(BUDGET, "maxUnavailable 0", "no node can be drained", ...pdb({ maxUnavailable: 0 })),
  bad(
    BUDGET,
    "minAvailable 100%",
    "no node can be drained",
    ...pdb({ maxUnavailable: undefined, minAvailable: "100%" }),
  ),
  bad(
    BUDGET,
    "other labels",
    "the pods have no budget",
    ...pdb({ selector: { matchLabels: { app: "api" } } }),
  ),
  good(
    "expression",
    "it selects the pods",
    ...pdb({ selector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] } }),
  ),

  bad(BOUNDS, "minimum above maximum", "the API server refuses it", ...hpa({ minReplicas: 6 })),
  bad(BOUNDS, "minimum of zero", "CPU cannot wake it", ...hpa({ minReplicas: 0 })),
  bad(BOUNDS, "no maximum", "the API server refuses it", ...hpa({ maxReplicas: undefined })),
  bad(BOUNDS, "a thousand", "a slip of the pen", ...hpa({ maxReplicas: 1000 })),
  good("minimum of maximum", "they may be equal", ...hpa({ minReplicas: 5 })),
];
