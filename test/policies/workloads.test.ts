import { describe, expect, test } from "vitest";
import { container, deployment, METADATA } from "./fixtures";
import { LATER, violations, type TestResource } from "./support";

async function judge(rule: string, resource: TestResource, config: object = {}): Promise<string[]> {
  return (await violations([resource], { config: { [rule]: config } }))[rule] ?? [];
}

describe("neuron-pods", () => {
  const RULE = "neuron-pods";
  const neuron = { "aws.amazon.com/neuron": "1" };
  const tolerations = [{ key: "aws.amazon.com/neuron", operator: "Exists", effect: "NoSchedule" }];
  const image = "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.13.0";
  const pod = (resources: object, more: Record<string, unknown> = { tolerations }) =>
    deployment({ containers: [container({ image, resources })], ...more });

  test("a device and the toleration are all it takes", async () => {
    expect(await judge(RULE, pod({ requests: neuron, limits: neuron }))).toEqual([]);
    expect(
      await judge(RULE, pod({ limits: neuron }, { tolerations: [{ operator: "Exists" }] })),
    ).toEqual([]);
  });

  test("a Neuron image without a device is refused", async () => {
    expect(await judge(RULE, pod({}))).toEqual([
      'Deployment shop/web: containers["web"] runs a Neuron image without a device; write resources.limits["aws.amazon.com/neuron"]: "1"',
    ]);
  });

  test.each([
    ["none", {}],
    ["another taint's", { tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }] }],
    ["another effect's", { tolerations: [{ ...tolerations[0], effect: "NoExecute" }] }],
  ])("%s toleration is refused", async (_which, more) => {
    expect(await judge(RULE, pod({ limits: neuron }, more))).toEqual([
      expect.stringMatching(/do not tolerate the Neuron taint; add a toleration/),
    ]);
  });

  test("unequal request and limit are refused", async () => {
    expect(
      await judge(RULE, pod({ requests: neuron, limits: { "aws.amazon.com/neuron": "2" } })),
    ).toEqual([expect.stringMatching(/same request and limit/)]);
  });

  test("unknown tolerations are not judged, an exempt workload neither", async () => {
    expect(await judge(RULE, pod({ limits: neuron }, { tolerations: LATER }))).toEqual([]);
    expect(await judge(RULE, pod({}), { exempt: ["Deployment shop/web"] })).toEqual([]);
  });

  test("other pods have nothing to do with it", async () => {
    expect(await judge(RULE, deployment())).toEqual([]);
  });
});

describe("images-pinned", () => {
  const RULE = "images-pinned";
  const digest = `@sha256:${"a".repeat(64)}`;
  const of = (image: string) => deployment({ containers: [container({ image })] });

  test.each(["web", "registry:5000/web", "registry/web:latest", "registry/web:main-stable"])(
    "%s is refused",
    async (image) => {
      expect(await judge(RULE, of(image))).toHaveLength(1);
    },
  );

  test.each(["registry/web:1.2.3", "registry:5000/web:v1.2", `registry/web${digest}`, LATER])(
    "%s is fine",
    async (image) => {
      expect(await judge(RULE, of(image))).toEqual([]);
    },
  );

  test("init containers and Jobs count", async () => {
    const init = deployment({ initContainers: [container({ image: "tool:latest" })] });
    expect(await judge(RULE, init)).toHaveLength(1);
    const job = deployment(
      { containers: [container({ image: "tool" })] },
      { type: "kubernetes:batch/v1:Job" },
    );
    expect(await judge(RULE, job)).toHaveLength(1);
  });

  test("a digest can be required", async () => {
    expect(await judge(RULE, of("registry/web:1"), { requireDigest: true })).toHaveLength(1);
    expect(await judge(RULE, of(`registry/web:1${digest}`), { requireDigest: true })).toEqual([]);
  });

  test("one unknown image does not hide another's tag", async () => {
    const two = deployment({
      containers: [container({ image: LATER }), container({ image: "a:latest" })],
    });
    expect(await judge(RULE, two)).toHaveLength(1);
  });
});

describe("probes-present", () => {
  const RULE = "probes-present";
  const blind = container({ readinessProbe: undefined, livenessProbe: undefined });

  test("each missing probe is named", async () => {
    expect(await judge(RULE, deployment({ containers: [blind] }))).toEqual([
      'Deployment shop/web: containers["web"] has no readinessProbe; add one that asks the server itself',
      'Deployment shop/web: containers["web"] has no livenessProbe; add one that asks the server itself',
    ]);
  });

  test("probes are there, unknown or not needed", async () => {
    expect(await judge(RULE, deployment())).toEqual([]);
    const later = container({ readinessProbe: LATER, livenessProbe: LATER });
    expect(await judge(RULE, deployment({ containers: [later] }))).toEqual([]);
    expect(await judge(RULE, deployment({ initContainers: [blind] }))).toEqual([]);
    for (const type of ["kubernetes:batch/v1:Job", "kubernetes:apps/v1:DeploymentPatch"]) {
      expect(await judge(RULE, deployment({ containers: [blind] }, { type }))).toEqual([]);
    }
  });

  test("the kinds are a parameter", async () => {
    const daemons = deployment({ containers: [blind] }, { type: "kubernetes:apps/v1:DaemonSet" });
    expect(await judge(RULE, daemons)).toEqual([]);
    expect(await judge(RULE, daemons, { kinds: ["DaemonSet"] })).toHaveLength(2);
  });
});

describe("no-plain-secrets", () => {
  const RULE = "no-plain-secrets";
  const SECRET = "hunter2-correct-horse";
  const env = (...variables: object[]) =>
    deployment({ containers: [container({ env: variables })] });
  const configMap = (data: Record<string, string>): TestResource => ({
    type: "kubernetes:core/v1:ConfigMap",
    props: { metadata: METADATA, data },
  });

  test.each([
    ["DB_PASSWORD", SECRET],
    ["API_KEY", SECRET],
    ["HF_TOKEN", SECRET],
    ["DATABASE_URL", `postgresql://app:${SECRET}@db/app`],
    ["SETTING", "sk-aaaaaaaaaaaaaaaaaaaaaaaa"],
    ["SETTING", "AKIAIOSFODNN7EXAMPLE"],
  ])("variable %s = %s is refused without being repeated", async (name, value) => {
    const found = await judge(RULE, env({ name, value }));
    expect(found).toEqual([expect.stringContaining(`variable ${name} of containers["web"]`)]);
    expect(found.join()).not.toContain(value);
  });

  test.each([
    ["PASSWORD", { valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
    ["REDIS_PASSWORD", { value: "$(OTHER)" }],
    ["PASSWORD_FILE", { value: "/run/secrets/password" }],
    ["MAX_TOKENS", { value: "4096" }],
    ["TOKENIZER", { value: "llama" }],
    ["API_KEY", { value: LATER }],
  ])("variable %s with %j is fine", async (name, rest) => {
    expect(await judge(RULE, env({ name, ...rest }))).toEqual([]);
  });

  test("a ConfigMap's keys and the lines inside its files count", async () => {
    const found = await judge(
      RULE,
      configMap({
        password: SECRET,
        "app.yaml": `host: db\npassword: ${SECRET}\ntoken: "${SECRET}"\n`,
      }),
    );
    expect(found).toHaveLength(3);
    expect(found.join()).not.toContain(SECRET);
    expect(found[1]).toContain("line 2 of key app.yaml");
  });

  test("references inside a file are fine", async () => {
    const text =
      "master_key: os.environ/LITELLM_MASTER_KEY\nmax_tokens: 1\ndisable_hf_tokenizer_download: true\npassword:\n";
    expect(await judge(RULE, configMap({ "app.yaml": text }))).toEqual([]);
  });

  test("a name can be allowed", async () => {
    expect(
      await judge(RULE, env({ name: "PUBLIC_TOKEN", value: SECRET }), { allow: ["PUBLIC_TOKEN"] }),
    ).toEqual([]);
  });
});

describe("load-balancers-internal", () => {
  const RULE = "load-balancers-internal";
  const service = (spec: object, annotations?: unknown): TestResource => ({
    type: "kubernetes:core/v1:Service",
    props: { metadata: { ...METADATA, annotations }, spec },
  });
  const balanced = { type: "LoadBalancer" };
  const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";

  const internal = "service.beta.kubernetes.io/aws-load-balancer-internal";
  const remedyOf = (annotations?: object) =>
    annotations !== undefined && scheme in annotations
      ? `annotate it with ${scheme}: internal`
      : `annotate it with ${internal}: "true", or write loadBalancerClass: service.k8s.aws/nlb for the AWS controller`;

  test.each([[undefined], [{ [scheme]: "internet-facing" }], [{}]])(
    "with annotations %j is refused",
    async (annotations) => {
      expect(await judge(RULE, service(balanced, annotations))).toEqual([
        `Service shop/web: its load balancer is public; ${remedyOf(annotations)}, or name "Service shop/web" in allowPublic`,
      ]);
    },
  );

  test.each([
    [{ [internal]: "true" }],
    [{ "networking.gke.io/load-balancer-type": "Internal" }],
    [LATER],
  ])("with annotations %j is fine", async (annotations) => {
    expect(await judge(RULE, service(balanced, annotations))).toEqual([]);
  });

  test("other Services and allowed ones are fine", async () => {
    expect(await judge(RULE, service({ type: "ClusterIP" }))).toEqual([]);
    expect(await judge(RULE, service(balanced), { allowPublic: ["Service shop/web"] })).toEqual([]);
  });
});
