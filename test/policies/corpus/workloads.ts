import { autoscaler, budget, container, deployment, METADATA } from "../fixtures";
import { LATER, type TestResource } from "../support";
import { bad, good, object, type Case } from "./case";

const SECRETS = "no-plain-secrets";
const IMAGES = "images-pinned";
const BALANCERS = "load-balancers-internal";
const NEURON = "neuron-pods";
const BUDGET = "autoscaler-disruption-budget";
const BOUNDS = "autoscaler-bounds";
const PASSWORD = "hunter2-correct-horse";

const env = (name: string, value: unknown) =>
  deployment({ containers: [container({ env: [{ name, value }] })] });
const args = (...words: unknown[]) => deployment({ containers: [container({ args: words })] });
const file = (text: string, key = "app.yaml") =>
  object("core/v1:ConfigMap", "settings", { data: { [key]: text } });
const image = (name: unknown) => deployment({ containers: [container({ image: name })] });
const service = (spec: object, annotations?: unknown): TestResource =>
  object("core/v1:Service", "web", {
    metadata: { ...METADATA, annotations },
    spec: { type: "LoadBalancer", ...spec },
  });
const ingress = (annotations: unknown) =>
  object("networking.k8s.io/v1:Ingress", "web", {
    metadata: { ...METADATA, annotations },
    spec: {},
  });
const SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const DEVICE = "aws.amazon.com/neuron";
const tolerations = [{ key: DEVICE, operator: "Exists", effect: "NoSchedule" }];
const neuron = (resources: object, more: Record<string, unknown> = { tolerations }) =>
  deployment({ containers: [container({ image: "vllm-neuronx:0.13.0", resources })], ...more });
const hpa = (spec: Record<string, unknown>) => [deployment(), autoscaler(spec), budget()];
const pdb = (spec: Record<string, unknown>) => [deployment(), autoscaler(), budget(spec)];

/** What the other rules of Kubernetes see. */
export const WORKLOADS: readonly Case[] = [
  ...[
    "DB_PASSWORD",
    "PGPASSWORD",
    "dbPassword",
    "MYSQL_PWD",
    "API_KEY",
    "AZURE_OPENAI_KEY",
    "OPENAI_API_KEY",
    "HF_TOKEN",
    "LITELLM_MASTER_KEY",
    "client_secret",
    "SMTP_PASS",
    "redis.auth.password",
  ].map((name) =>
    bad(SECRETS, `variable ${name}`, "everyone who reads pods reads it", env(name, PASSWORD)),
  ),
  bad(SECRETS, "numeric password", "digits are a password too", env("DB_PASSWORD", "48151623")),
  bad(
    SECRETS,
    "URL with a password",
    "whatever the variable is called",
    env("DATABASE_URL", `postgresql://app:${PASSWORD}@db/app`),
  ),
  bad(
    SECRETS,
    "provider key",
    "its prefix says what it is",
    env("SETTING", "sk-aaaaaaaaaaaaaaaaaaaaaaaa"),
  ),
  bad(
    SECRETS,
    "irregular value under a key",
    "it looks generated",
    env("SESSION_COOKIE", "9fK2xLq7Rz0VbT4mWc8Yp1Ns"),
  ),
  bad(
    SECRETS,
    "argument",
    "everyone who reads pods reads it",
    args("--api-key", "sk-aaaaaaaaaaaaaaaaaaaaaaaa"),
  ),
  bad(
    SECRETS,
    "argument with =",
    "everyone who reads pods reads it",
    args(`--password=${PASSWORD}`),
  ),
  bad(
    SECRETS,
    "in a shell line",
    "everyone who reads pods reads it",
    args("-c", `PGPASSWORD=${PASSWORD} psql -h db`),
  ),
  bad(
    SECRETS,
    "known variable beside an unknown one",
    "what is known stays known",
    deployment({
      containers: [
        container({
          env: [
            { name: "A", value: LATER },
            { name: "DB_PASSWORD", value: PASSWORD },
          ],
        }),
      ],
      initContainers: LATER,
    }),
  ),
  bad(SECRETS, "in YAML", "a ConfigMap is no Secret", file(`host: db\npassword: ${PASSWORD}\n`)),
  bad(
    SECRETS,
    "in JSON",
    "a ConfigMap is no Secret",
    file(`{\n  "apiKey": "${PASSWORD}"\n}`, "app.json"),
  ),
  bad(
    SECRETS,
    "private key",
    "its first line says what it is",
    file("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "tls.key"),
  ),
  bad(SECRETS, "in a list", "its items are objects", {
    type: "kubernetes:core/v1:ConfigMapList",
    name: "list",
    props: { items: [file(`password: ${PASSWORD}\nuser: a`).props] },
  }),
  good(
    "from a Secret",
    "a reference",
    deployment({
      containers: [
        container({
          env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
        }),
      ],
    }),
  ),
  ...(
    [
      ["REDIS_PASSWORD", "$(OTHER)"],
      ["PASSWORD_FILE", "/run/secrets/password"],
      ["MAX_TOKENS", "4096"],
      ["TOKENIZER", "llama"],
      ["EOS_TOKEN", "</s>"],
      ["PUBLIC_KEY", "ssh-ed25519 AAAA"],
      ["CACHE_KEY", "models"],
      ["SECRET_NAME", "web"],
      ["existing_secret", "litellm-keys"],
      ["input_cost_per_token", "0.0000012"],
      ["DISABLE_TOKEN", "true"],
      ["AWS_REGION", "us-west-2"],
      ["HF_TOKEN", LATER],
      ["API_KEY", "os.environ/KEY"],
      ["PROMPT_TOKEN", "x"],
      ["CHECKSUM", "9fK2xLq7Rz0VbT4mWc8Yp1Ns"],
    ] as const
  ).map(([name, value]) => good(`variable ${name}`, "no credential", env(name, value))),
  ...(
    [
      ["LOG_LEVEL", "debug"],
      ["MODEL", "meta-llama/Llama-3.1-8B"],
      ["BOS_TOKEN", "<|begin_of_text|>"],
      ["SORT_KEY", "created"],
      ["ENABLE_SECRET", "yes"],
      ["HF_TOKEN_PATH", "/home/model/.cache/token"],
      ["GOOGLE_APPLICATION_CREDENTIALS", "/etc/gcp/key.json"],
      ["OPENAI_API_BASE", "https://api.openai.com/v1"],
      ["TOKENS_PER_MINUTE", "100000"],
      ["MAX_TOKEN", "4096"],
      ["TLS_SECRET", "web-tls"],
      ["DB_PASSWORD", "{{ .Values.password }}"],
      ["DB_URL", "postgresql://app:$(DB_PASSWORD)@db/app"],
    ] as const
  ).map(([name, value]) => good(`variable ${name} = ${value}`, "no credential", env(name, value))),
  good(
    "Secret of its own",
    "that is what it is for",
    object("core/v1:Secret", "keys", { stringData: { password: PASSWORD } }),
  ),
  good(
    "annotated for another cloud",
    "internal there",
    service({}, { "networking.gke.io/load-balancer-type": "Internal" }),
  ),
  good("annotations that are unknown", "they may say internal", service({}, LATER)),
  good(
    "allowed toleration",
    "of everything",
    neuron({ limits: { [DEVICE]: "1" } }, { tolerations: [{ operator: "Exists" }] }),
  ),
  good(
    "Job without probes",
    "it ends",
    deployment(
      { containers: [container({ livenessProbe: undefined, readinessProbe: undefined })] },
      { type: "kubernetes:batch/v1:Job" },
    ),
  ),
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
  good("internal", "it says so", service({}, { [SCHEME]: "internal" })),
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
