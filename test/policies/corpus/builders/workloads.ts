import { autoscaler, budget, container, deployment, METADATA } from "../../fixtures";
import { type TestResource } from "../../support";
import { object } from "../case";

export const SECRETS = "no-plain-secrets";
export const IMAGES = "images-pinned";
export const BALANCERS = "load-balancers-internal";
export const NEURON = "neuron-pods";
export const BUDGET = "autoscaler-disruption-budget";
export const BOUNDS = "autoscaler-bounds";
export const PASSWORD = "hunter2-correct-horse";

export const env = (name: string, value: unknown) =>
  deployment({ containers: [container({ env: [{ name, value }] })] });
export const args = (...words: unknown[]) =>
  deployment({ containers: [container({ args: words })] });
export const file = (text: string, key = "app.yaml") =>
  object("core/v1:ConfigMap", "settings", { data: { [key]: text } });
export const image = (name: unknown) => deployment({ containers: [container({ image: name })] });
export const service = (spec: object, annotations?: unknown): TestResource =>
  object("core/v1:Service", "web", {
    metadata: { ...METADATA, annotations },
    spec: { type: "LoadBalancer", ...spec },
  });
export const ingress = (annotations: unknown) =>
  object("networking.k8s.io/v1:Ingress", "web", {
    metadata: { ...METADATA, annotations },
    spec: {},
  });
export const gateway = (spec: object) =>
  object("gateway.networking.k8s.io/v1:Gateway", "web", {
    spec: { gatewayClassName: "aws-alb", listeners: [], ...spec },
  });
export const SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";
export const DEVICE = "aws.amazon.com/neuron";
export const tolerations = [{ key: DEVICE, operator: "Exists", effect: "NoSchedule" }];
export const neuron = (resources: object, more: Record<string, unknown> = { tolerations }) =>
  deployment({ containers: [container({ image: "vllm-neuronx:0.13.0", resources })], ...more });
export const hpa = (spec: Record<string, unknown>) => [deployment(), autoscaler(spec), budget()];
export const pdb = (spec: Record<string, unknown>) => [deployment(), autoscaler(), budget(spec)];
