/** Siblings of faults: what one rule saw of one kind, it sees of the others too. */
import { describe, expect, test } from "vitest";
import { aws, policy, statement } from "./corpus/builders/aws";
import { query, scaled } from "./corpus/builders/keda";
import { neuron } from "./corpus/builders/workloads";
import { object } from "./corpus/case";
import { autoscaler, budget, container, deployment } from "./fixtures";
import { LATER, violations, type TestResource } from "./support";

const found = async (rule: string, ...stack: TestResource[]) =>
  (await violations(stack, { only: [rule] }))[rule] ?? [];

describe("autoscaler-bounds", () => {
  const RULE = "autoscaler-bounds";
  const behaving = (behavior: unknown) => autoscaler({ behavior });
  const up = (rules: object) => behaving({ scaleUp: rules });
  const policies = (one: object) =>
    up({ policies: [{ type: "Pods", value: 1, periodSeconds: 60, ...one }] });

  test.each([
    [up({ stabilizationWindowSeconds: -1 })],
    [up({ stabilizationWindowSeconds: 3601 })],
    [policies({ type: "Pod" })],
    [policies({ value: 0 })],
    [policies({ periodSeconds: 4000 })],
    [policies({ periodSeconds: undefined })],
    [up({ policies: [] })],
    [up({ selectPolicy: "Never" })],
    [up({ selectPolicy: "Disabled" })],
    [up({ tolerance: "-0.1" })],
    [behaving({ scaleUP: { selectPolicy: "Max" } })],
  ])("%# is refused", async (scaler) => {
    expect(await found(RULE, deployment(), scaler, budget())).toHaveLength(1);
  });

  test.each([
    [policies({})],
    [policies({ type: "Percent", value: 100, periodSeconds: 1800 })],
    [up({ stabilizationWindowSeconds: 0, tolerance: "0.05", selectPolicy: "Min" })],
    [behaving({ scaleDown: { selectPolicy: "Disabled" } })],
    [up({ stabilizationWindowSeconds: LATER, policies: LATER })],
    [policies({ type: LATER, value: LATER, periodSeconds: LATER })],
    [behaving(LATER)],
  ])("%# is fine", async (scaler) => {
    expect(await found(RULE, deployment(), scaler, budget())).toEqual([]);
  });

  test("a patch that contradicts the bounds of its autoscaler", async () => {
    const patch = (spec: object) =>
      object("autoscaling/v2:HorizontalPodAutoscalerPatch", "web-hpa", { spec });
    expect(await found(RULE, deployment(), autoscaler(), patch({ minReplicas: 9 }))).toHaveLength(
      1,
    );
    expect(await found(RULE, deployment(), autoscaler(), patch({ minReplicas: 3 }))).toEqual([]);
  });

  test("a cooldown below 0", async () => {
    expect(
      await found(RULE, scaled({ cooldownPeriod: -1, triggers: [query("sum(x)")] })),
    ).toHaveLength(1);
    expect(await found(RULE, scaled({ cooldownPeriod: 0, triggers: [query("sum(x)")] }))).toEqual(
      [],
    );
  });
});

describe("autoscaler-metrics: a cron trigger", () => {
  const whole = {
    start: "0 8 * * 1-5",
    end: "0 18 * * 1-5",
    timezone: "Europe/Berlin",
    desiredReplicas: "3",
  };
  const cron = (changes: object) =>
    scaled({ triggers: [{ type: "cron", metadata: { ...whole, ...changes } }] });
  test.each([
    [{ end: undefined }, 1],
    [{ timezone: undefined }, 1],
    [{ desiredReplicas: "0" }, 1],
    [{ end: "0 8 * * 1-5" }, 1],
    [{ start: "8:00" }, 1],
    [{}, 0],
    [{ end: LATER, timezone: LATER, desiredReplicas: LATER }, 0],
  ])("%j: %i reports", async (changes, reports) => {
    expect(await found("autoscaler-metrics", cron(changes))).toHaveLength(reports);
  });
});

describe("autoscaler-metrics: a metrics-api trigger", () => {
  const whole = {
    url: "http://web:8000/metrics",
    format: "prometheus",
    valueLocation: "running",
    targetValue: "5",
  };
  const reading = (changes: object, more: object = {}) => ({
    type: "metrics-api",
    metadata: { ...whole, ...changes },
    ...more,
  });
  test.each([
    [{}, {}, 0],
    [{ url: undefined }, {}, 1],
    [{ valueLocation: "" }, {}, 1],
    [{ targetValue: undefined }, {}, 1],
    [{ targetValue: "0" }, {}, 1],
    [{ targetValue: "many" }, {}, 1],
    [{ aggregationType: "mean" }, {}, 1],
    [{ aggregateFromKubeServiceEndpoints: "true", aggregationType: "sum" }, {}, 0],
    [{}, { metricType: "Utilization" }, 1],
    [{ url: LATER, valueLocation: LATER, targetValue: LATER, aggregationType: LATER }, {}, 0],
  ])("%j %j: %i reports", async (changes, more, reports) => {
    const one = scaled({ triggers: [reading(changes, more)] });
    expect(await found("autoscaler-metrics", one)).toHaveLength(reports);
  });

  const composed = (modifiers: object, names: readonly unknown[] = ["running", "waiting"]) =>
    scaled({
      advanced: { scalingModifiers: modifiers },
      triggers: names.map((name) => reading({ targetValue: undefined }, { name })),
    });
  test.each([
    [{ formula: "(running + waiting) * 100 / 4", target: "90" }, 0],
    [{ formula: "max([running, waiting])", target: "1.5" }, 0],
    [{ formula: "running > 2 and not (waiting == nil) ? 10 : running ?? 0", target: "5" }, 0],
    [{ formula: 'let x = running; x + float("3") + sum([x], # * 2)', target: "5" }, 0],
    [{ formula: "running + queued", target: "90" }, 1],
    [{ formula: "running + queued + held", target: "90" }, 2],
    [{ formula: "running" }, 1],
    [{ formula: "running", target: "none" }, 1],
    [{ formula: "running", target: "-1" }, 1],
    [{ formula: "running", target: "90", metricType: "Utilization" }, 1],
    [{ formula: LATER, target: LATER }, 0],
    [{ target: "" }, 2],
  ])("a formula of two in %j: %i reports", async (modifiers, reports) => {
    expect(await found("autoscaler-metrics", composed(modifiers))).toHaveLength(reports);
  });

  test("a formula over triggers whose names are known later is left alone", async () => {
    const one = composed({ formula: "running + queued", target: "9" }, ["running", LATER]);
    expect(await found("autoscaler-metrics", one)).toEqual([]);
  });

  test("cpu and memory have no place in a formula", async () => {
    const one = scaled({
      advanced: { scalingModifiers: { formula: "running + busy", target: "5" } },
      triggers: [
        reading({}, { name: "running" }),
        { type: "cpu", name: "busy", metricType: "Utilization", metadata: { value: "70" } },
      ],
    });
    expect(await found("autoscaler-metrics", one)).toHaveLength(1);
  });
});

describe("autoscaler-reachable-target: a mean that is divided once more", () => {
  const mean = "avg(vllm:kv_cache_usage_perc)";
  const max = (count: unknown, trigger: object) =>
    scaled({ maxReplicaCount: count, triggers: [trigger] });
  test.each([
    [5, query(mean, "0.8"), 1],
    [3, query(mean, "0.4"), 0],
    [4, query(mean, "0.4"), 1],
    [2, query(mean, "0.8"), 0],
    [5, query(mean, "0.8", { metricType: "Value" }), 0],
    [5, query("sum(vllm:kv_cache_usage_perc)", "0.8"), 0],
    [5, query("100 * avg(vllm:kv_cache_usage_perc)", "0.8"), 0],
    [LATER, query(mean, "0.8"), 0],
  ])("at most %s of %j: %i reports", async (count, trigger, reports) => {
    const stack = [deployment(), max(count, trigger)];
    expect(await found("autoscaler-reachable-target", ...stack)).toHaveLength(reports);
  });
});

test("a group that no cluster has is named, with the workload that is meant", async () => {
  const RULE = "autoscaler-target-requests";
  const of = (apiVersion: string) =>
    autoscaler({ scaleTargetRef: { apiVersion, kind: "Deployment", name: "web" } });
  expect(await found(RULE, deployment(), of("app/v1"))).toEqual([
    expect.stringContaining('there is no API group "app", and Deployment shop/web is of apps/v1'),
  ]);
  expect(await found(RULE, deployment(), of("example.org/v1"))).toEqual([]);
});

describe("images of pods of other kinds", () => {
  const pod = { containers: [container({ image: "web:latest" })] };
  const one = container({ image: "web:latest" });
  test.each([
    [
      "keda.sh/v1alpha1:ScaledJob",
      { jobTargetRef: { template: { spec: pod } }, triggers: [query("sum(x)")] },
    ],
    ["serving.knative.dev/v1:Service", { template: { spec: pod } }],
    ["argoproj.io/v1alpha1:Workflow", { templates: [{ name: "a", container: one }] }],
    ["argoproj.io/v1alpha1:WorkflowTemplate", { templates: [{ name: "a", script: one }] }],
    [
      "argoproj.io/v1alpha1:CronWorkflow",
      { workflowSpec: { templates: [{ containerSet: { containers: [one] } }] } },
    ],
    ["argoproj.io/v1alpha1:Workflow", { templates: [{ name: "a", sidecars: [one] }] }],
  ])("%s", async (type, spec) => {
    expect(await found("images-pinned", object(type, "web", { spec }))).toHaveLength(1);
    const pinned = JSON.parse(JSON.stringify(spec).replaceAll("web:latest", "web:1.2.3")) as object;
    expect(await found("images-pinned", object(type, "web", { spec: pinned }))).toEqual([]);
  });
});

test("probes that ask nothing, and devices of which there are none", async () => {
  const probed = (readinessProbe: unknown) =>
    deployment({ containers: [container({ readinessProbe })] });
  expect(await found("probes-present", probed({}))).toHaveLength(1);
  expect(await found("probes-present", probed({ periodSeconds: 5 }))).toHaveLength(1);
  expect(await found("probes-present", probed({ tcpSocket: { port: 80 } }))).toEqual([]);
  expect(await found("probes-present", probed(LATER))).toEqual([]);
  const device = (amount: unknown) => neuron({ limits: { "aws.amazon.com/neuron": amount } });
  expect(await found("neuron-pods", device(0))).toHaveLength(1);
  expect(await found("neuron-pods", device("1"))).toEqual([]);
});

describe("aws", () => {
  const open = { fromPort: 0, toPort: 65535, cidrBlocks: ["0.0.0.0/0"] };
  test.each([
    ["aws-encryption-at-rest", "rds/cluster:Cluster", { engineMode: "serverless" }, 0],
    ["aws-encryption-at-rest", "rds/cluster:Cluster", { engineMode: "provisioned" }, 1],
    ["aws-node-metadata", "ec2/launchConfiguration:LaunchConfiguration", {}, 1],
    ["aws-node-metadata", "ec2/spotInstanceRequest:SpotInstanceRequest", {}, 1],
    [
      "aws-no-public-stores",
      "ec2/securityGroup:SecurityGroup",
      { ingress: [{ ...open, protocol: "udp" }] },
      1,
    ],
    [
      "aws-no-public-stores",
      "ec2/securityGroup:SecurityGroup",
      { ingress: [{ ...open, protocol: "udp", toPort: 1000 }] },
      0,
    ],
    ["aws-trusted-principals", "lambda/permission:Permission", { principal: "*" }, 1],
    [
      "aws-trusted-principals",
      "lambda/permission:Permission",
      { principal: "*", principalOrgId: "o-1" },
      0,
    ],
    [
      "aws-trusted-principals",
      "lambda/permission:Permission",
      { principal: "s3.amazonaws.com" },
      0,
    ],
    ["aws-trusted-principals", "lambda/functionUrl:FunctionUrl", { authorizationType: "NONE" }, 1],
    [
      "aws-trusted-principals",
      "lambda/functionUrl:FunctionUrl",
      { authorizationType: "AWS_IAM" },
      0,
    ],
    ["aws-trusted-principals", "s3/bucketAcl:BucketAcl", { acl: "public-read" }, 1],
    ["aws-trusted-principals", "s3/bucketAcl:BucketAcl", { acl: "private" }, 0],
    ["aws-trusted-principals", "s3/bucketAcl:BucketAcl", { acl: LATER }, 0],
  ])("%s, %s %j: %i reports", async (rule, type, props, reports) => {
    expect(await found(rule, aws(type, props))).toHaveLength(reports);
  });

  test.each([
    ["s3/bucketV2:BucketV2", "policy"],
    ["opensearch/domainPolicy:DomainPolicy", "accessPolicies"],
    ["cloudwatch/eventBusPolicy:EventBusPolicy", "policy"],
  ])("%s for everyone", async (type, field) => {
    const of = (Principal: unknown) =>
      aws(type, { [field]: statement({ Action: "a:B", Principal }) });
    expect(await found("aws-trusted-principals", of("*"))).toHaveLength(1);
    expect(await found("aws-trusted-principals", of({ AWS: "arn:aws:iam::1:root" }))).toEqual([]);
  });

  test.each([
    [{}],
    [{ Statement: "x" }],
    [{ Statement: ["x"] }],
    [{ statement: [{ Effect: "Allow", Action: "s3:GetObject" }] }],
    [{ Statement: [{ effect: "Allow", action: "*" }] }],
    [{ Statement: [{ Action: "s3:GetObject" }] }],
  ])("the document %j is a problem", async (document) => {
    expect(await found("aws-exact-actions", policy(JSON.stringify(document)))).toEqual([
      expect.stringContaining("mend it"),
    ]);
  });
});
