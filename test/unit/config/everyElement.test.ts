/** Rules over lists of like things hold for each of them, not for the first one alone. */
import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";

const MODEL = "llama-3-1-8b-int8-neuron";

/** Settings at a path of the configuration. */
function at(path: string, settings: unknown): Record<string, unknown> {
  const keys = path.split(".");
  const [first = ""] = keys;
  return {
    [first]: keys.slice(1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), settings),
  };
}

/** Settings of everything that runs as pods: a store names its kind. */
const WORKLOADS: readonly (readonly [string, Record<string, unknown>])[] = [
  ["gateway", {}],
  ["gateway.database", { kind: "inCluster" }],
  ["gateway.redis", { kind: "inCluster" }],
  [`models.${MODEL}.serving`, {}],
  [`models.${MODEL}.compilation`, {}],
];

describe.each(WORKLOADS)("of %s", (path, kind) => {
  const problems = (changes: object) => problemLines(at(path, { ...kind, ...changes }));

  test.each(["cpu", "memory"])("the request of %s stays within the limit", (resource) => {
    const resources = { requests: { [resource]: "4Gi" }, limits: { [resource]: "3Gi" } };
    expect(problems({ resources }).join("\n")).toContain(
      `${path}.resources.requests.${resource} = "4Gi": is more than the limit 3Gi`,
    );
  });

  test("the labels that select the pods stay", () => {
    const labels = { "app.kubernetes.io/name": "other" };
    expect(problems({ podOverrides: { labels } })).toEqual([
      expect.stringContaining(`${path}.podOverrides.labels = "app.kubernetes.io/name": selects`),
    ]);
  });

  test("the annotations that roll the pods stay", () => {
    const annotations = { "llm-gateway/any": "x" };
    expect(problems({ podOverrides: { annotations } })).toEqual([
      expect.stringContaining(`${path}.podOverrides.annotations = "llm-gateway/any": rolls`),
    ]);
  });

  test("a folder of the platform stays", () => {
    const volumeMounts = [{ name: "cache", mountPath: "/tmp" }];
    const podOverrides = { volumes: [{ name: "cache", emptyDir: {} }] };
    const found = problems({ podOverrides, containerOverrides: { volumeMounts } });
    expect(found).toEqual([
      expect.stringContaining(`${path}.containerOverrides.volumeMounts = "/tmp": is a folder`),
    ]);
  });
});

describe.each(["gateway", `models.${MODEL}`])("the autoscaler of %s", (path) => {
  const problems = (autoscaling: object) => problemLines(at(`${path}.autoscaling`, autoscaling));

  test("has its bounds in order", () => {
    expect(problems({ minReplicas: 3, maxReplicas: 2 }).join("\n")).toContain(
      `${path}.autoscaling.minReplicas = 3: is more than maxReplicas 2`,
    );
  });

  test("has a metric", () => {
    const none = { cpuUtilization: null, memoryUtilization: null, metrics: [] };
    expect(problems(none).join("\n")).toContain(`${path}.autoscaling: has no metric`);
  });

  test("measures a resource once", () => {
    const metrics = [{ kind: "resource", resource: "cpu", averageValue: "2" }];
    expect(problems({ cpuUtilization: 70, metrics }).join("\n")).toContain(
      `${path}.autoscaling.metrics.0.resource = "cpu": is measured by cpuUtilization already`,
    );
  });
});
