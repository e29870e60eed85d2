import { describe, expect, test } from "vitest";
import { withMetadata, withOverrides } from "../../../components/kubernetes/podOverrides";
import { proxyPodSpec } from "../../../components/litellm/proxyPod";
import { artifactPodSpec, servingPodSpec } from "../../../components/vllm/podSpec";
import { RESERVED, type Reserved } from "../../../domain/reserved";
import { requestScaling } from "../../../domain/settings/requestScaling";
import { parsed, parsedGateway } from "../../support/config";
import { LLAMA, QWEN, testModel } from "../../support/models";

const gateway = parsedGateway();
const proxy = proxyPodSpec({
  ...gateway,
  ...gateway.routing,
  ...gateway.service,
  longestAnswerSeconds: 448,
  requestScaling: requestScaling(parsed()),
});
const context = (name: string) => ({
  model: { ...testModel(name), chatTemplate: "x" },
  image: "registry/vllm:1",
  claimName: "artifacts",
  longestAnswerSeconds: 448,
});

/** The parts of a rendered pod that tests compare. */
interface Rendered {
  readonly containers: readonly {
    readonly name: string;
    readonly args?: readonly string[];
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string }[];
}

const rendered = (spec: unknown): Rendered => JSON.parse(JSON.stringify(spec)) as Rendered;

describe("pods without overrides", () => {
  test("are what they were", () => {
    const none = { podOverrides: {}, containerOverrides: {} };
    expect(withOverrides(proxy, "litellm", none)).toEqual(proxy);
    expect(withMetadata({ labels: { a: "1" } }, none)).toEqual({ labels: { a: "1" } });
  });
});

describe("overrides", () => {
  const overridden = withOverrides(proxy, "litellm", {
    podOverrides: {
      labels: { team: "a" },
      nodeSelector: { pool: "gateway" },
      tolerations: [{ key: "pool", operator: "Exists" }],
      volumes: [{ name: "extra", emptyDir: {} }],
      priorityClassName: "high",
    },
    containerOverrides: {
      env: [
        { name: "LITELLM_LOG", value: "DEBUG" },
        { name: "TEAM", value: "a" },
      ],
      volumeMounts: [{ name: "extra", mountPath: "/extra", readOnly: false }],
      args: ["--detailed_debug"],
    },
  });

  test("add to the pod, and to nothing else of it", () => {
    expect(overridden).toEqual({
      ...proxy,
      nodeSelector: { pool: "gateway" },
      tolerations: [{ key: "pool", operator: "Exists" }],
      priorityClassName: "high",
      volumes: [...rendered(proxy).volumes, { name: "extra", emptyDir: {} }],
      containers: [expect.anything()],
    });
  });

  test("replace an environment variable of the same name, and append what is new", () => {
    const [before] = rendered(proxy).containers;
    const [after] = rendered(overridden).containers;
    expect(after).toEqual({
      ...before,
      args: [...(before?.args ?? []), "--detailed_debug"],
      env: [
        ...(before?.env ?? []).map((entry) =>
          entry.name === "LITELLM_LOG" ? { ...entry, value: "DEBUG" } : entry,
        ),
        { name: "TEAM", value: "a" },
      ],
      volumeMounts: [
        ...(before?.volumeMounts ?? []),
        { name: "extra", mountPath: "/extra", readOnly: false },
      ],
    });
  });

  test("keep the tolerations that bring a model onto its nodes", () => {
    const spec = servingPodSpec(context(LLAMA));
    const own = { podOverrides: { tolerations: [{ key: "a" }] }, containerOverrides: {} };
    expect(withOverrides(spec, "vllm", own).tolerations).toEqual([
      { key: "aws.amazon.com/neuron", operator: "Exists", effect: "NoSchedule" },
      { key: "a" },
    ]);
  });

  test("add labels and annotations beside the platform's own", () => {
    const metadata = { labels: { a: "1" }, annotations: { b: "2" } };
    const own = {
      podOverrides: { labels: { c: "3" }, annotations: { d: "4" } },
      containerOverrides: {},
    };
    expect(withMetadata(metadata, own)).toEqual({
      labels: { a: "1", c: "3" },
      annotations: { b: "2", d: "4" },
    });
  });
});

/** Environment variables of the platform that a stack may set otherwise. */
const OPEN_ENV: readonly string[] = [
  "KEEPALIVE_TIMEOUT",
  "NO_DOCS",
  "NO_REDOC",
  "NO_OPENAPI",
  "LITELLM_LOG",
  "LITELLM_MODE",
  "LITELLM_LOCAL_MODEL_COST_MAP",
  "REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT",
  "REDIS_CIRCUIT_BREAKER_TIMEOUT_MIN_DURATION",
  "MALLOC_ARENA_MAX",
];

describe("what a stack may not override", () => {
  test.each<[string, Reserved, readonly unknown[]]>([
    ["gateway", RESERVED.gateway, [proxy]],
    ["serving", RESERVED.serving, [servingPodSpec(context(LLAMA)), servingPodSpec(context(QWEN))]],
    ["compilation", RESERVED.compilation, [artifactPodSpec(context(QWEN), true)]],
  ])("is all that a %s pod has, but for what is open", (_kind, reserved, specs) => {
    const pods = specs.map(rendered);
    const containers = pods.flatMap((pod) => pod.containers);
    const flags = containers
      .flatMap(({ args = [] }) => args)
      .filter((argument) => argument.startsWith("--"))
      .map((argument) => argument.split("=")[0]);
    const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
    expect(reserved.volumes).toEqual(
      expect.arrayContaining(names(pods.flatMap(({ volumes }) => volumes))),
    );
    expect(reserved.mounts).toEqual(
      expect.arrayContaining(
        containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ mountPath }) => mountPath)),
      ),
    );
    expect([...reserved.env, ...OPEN_ENV]).toEqual(
      expect.arrayContaining(names(containers.flatMap(({ env }) => env))),
    );
    expect(reserved.flags).toEqual(expect.arrayContaining(flags));
  });
});
