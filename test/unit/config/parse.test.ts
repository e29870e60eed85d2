import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../../config/parse";
import { MINIMAL, parsed, problemLines } from "../../support/config";
import { QWEN } from "../../support/models";

const PEM = "-----BEGIN CERTIFICATE-----\nZXhhbXBsZQ==\n-----END CERTIFICATE-----\n";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

describe("a configuration", () => {
  test("needs little more than the cluster: the rest has defaults", () => {
    const config = parsed();
    expect(Object.keys(config.models)).toEqual(["llama-3-1-8b-int8-neuron", "qwen3-8b-fp8-neuron"]);
    expect(config.gateway.resources).toEqual({
      requests: { cpu: "500m", memory: "2Gi" },
      limits: { cpu: "2000m", memory: "4Gi" },
    });
    expect(config.gateway.autoscaling).toEqual({
      minReplicas: 2,
      maxReplicas: 10,
      cpuUtilization: 70,
      memoryUtilization: 80,
      metrics: [],
      scaleUp: {
        stabilizationWindowSeconds: 60,
        selectPolicy: "Max",
        policies: [
          { type: "Percent", value: 100, periodSeconds: 60 },
          { type: "Pods", value: 2, periodSeconds: 60 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Min",
        policies: [
          { type: "Percent", value: 50, periodSeconds: 60 },
          { type: "Pods", value: 1, periodSeconds: 60 },
        ],
      },
      requests: {},
    });
    expect(config.gateway.routing).toEqual({
      healthCheckIntervalSeconds: 30,
      failuresBeforeCooldown: 3,
      cooldownSeconds: 60,
      retries: 2,
      requestTimeoutSeconds: 120,
      admission: { enabled: true, queuePerPlace: 1, queueSeconds: 60 },
    });
    expect(config.gateway.cache).toEqual({ enabled: true, ttlSeconds: 3600, scope: "key" });
  });

  test("says nothing but a context and the file system id", () => {
    expect(() => parseConfig("llm-gateway", { cluster: MINIMAL.cluster })).toThrow(
      /storage\.shared\.parameters\.fileSystemId: is missing; write the id/,
    );
  });

  test.each(readdirSync(".").filter((name) => /^Pulumi\.\w+\.yaml$/.test(name)))(
    "of %s is valid",
    (name) => {
      const file = parse(readFileSync(name, "utf8")) as { config: Record<string, unknown> };
      const own = Object.entries(file.config).map(([key, value]) => [
        key.replace("llm-gateway:", ""),
        value,
      ]);
      const config: Record<string, unknown> = Object.fromEntries(own) as Record<string, unknown>;
      expect(() => parseConfig("llm-gateway", config)).not.toThrow();
    },
  );

  test("reports every problem at once", () => {
    const lines = problemLines({
      modelNamspace: "x",
      cluster: { kind: "existing" },
      gateway: { autoscaling: { cpuUtilization: 700 }, routing: { strategy: "least-bussy" } },
    });
    expect(lines).toEqual([
      expect.stringMatching(
        /^llm-gateway:cluster\.context: is missing; write a string \(Context of the kubeconfig\)$/,
      ),
      expect.stringMatching(/^llm-gateway:gateway\.autoscaling\.cpuUtilization = 700: .*100/),
      expect.stringMatching(
        /^llm-gateway:gateway\.routing\.strategy = "least-bussy": must be one of least-busy, .*did you mean "least-busy"\?$/,
      ),
      'llm-gateway:modelNamspace: is not a known key; did you mean "modelNamespace"?',
    ]);
  });

  test.each([
    [{ gatway: {} }, 'llm-gateway:gatway: is not a known key; did you mean "gateway"?'],
    [
      { gateway: { autoscaling: { maxReplica: 5 } } },
      'llm-gateway:gateway.autoscaling.maxReplica: is not a known key; did you mean "maxReplicas"?',
    ],
    [
      { models: { "qwen3-8b-fp8-neuron": { shape: { maxSeqs: 4 } } } },
      "llm-gateway:models.qwen3-8b-fp8-neuron.shape.maxSeqs: is not a known key; known: maxModelLength, maxSequences, tensorParallelSize, weightFormat",
    ],
    [
      {
        gateway: {
          autoscaling: { scaleUp: { policies: [{ type: "Pods", value: 1, periodSecond: 1 }] } },
        },
      },
      'llm-gateway:gateway.autoscaling.scaleUp.policies.0.periodSecond: is not a known key; did you mean "periodSeconds"?',
    ],
  ])("names the nearest known key of %j", (changes, line) => {
    expect(problemLines(changes)).toContain(line);
  });

  test.each([
    [{ gateway: { image: "litellm" } }, /image = "litellm": is no image reference/],
    [{ gateway: { image: "ghcr.io/a/b:latest" } }, /is not pinned/],
    [{ gateway: { image: "ghcr.io/a/b" } }, /is not pinned/],
    [
      { gateway: { resources: { requests: { cpu: "1 core" } } } },
      /cpu = "1 core": is no Kubernetes quantity/,
    ],
    [{ gateway: { routing: { failuresBeforeCooldown: 4 } } }, /= 4: cannot be 4.*write 3 or 5/],
    [
      { gateway: { service: { allowedSourceRanges: ["10.0.0.0"] } } },
      /allowedSourceRanges\.0 = "10\.0\.0\.0"/,
    ],
    [{ models: {} }, /models = \{\}: is empty/],
    [{ models: { Big_Model: {} } }, /Big_Model: as a name, must be lower-case/],
    [{ models: { mine: {} } }, /models\.mine\.repository: is missing/],
    [{ models: { mine: {} } }, /models\.mine\.revision: is missing; write .*git ls-remote/],
    ...["main", "v1.0", COMMIT.slice(1), COMMIT.toUpperCase(), `${COMMIT}0`].map(
      (revision): [Record<string, unknown>, RegExp] => [
        { models: { [QWEN]: { revision } } },
        new RegExp(`${QWEN}\\.revision = "${revision}": is no commit.*git ls-remote`),
      ],
    ),
    ...["sslmode=verify-full", PEM.trim().slice(1), PEM + PEM].map(
      (certificateAuthority): [Record<string, unknown>, RegExp] => [
        { gateway: { database: { kind: "managed", certificateAuthority } } },
        /database\.certificateAuthority = .*is not one certificate in PEM; .*the root of the instance's CA alone/,
      ],
    ),
    [
      { models: { [QWEN]: { repository: "owner/tuned" } } },
      new RegExp(`${QWEN}\\.revision: is missing`),
    ],
    [
      { cluster: { kind: "existing", context: "c", kubernetesVersion: "34" } },
      /is no minor Kubernetes version/,
    ],
  ])("refuses %j", (changes, message) => {
    expect(problemLines(changes).join("\n")).toMatch(message);
  });

  test("never repeats a secret in a message", () => {
    const lines = problemLines({ huggingFaceToken: 7_654_321 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("huggingFaceToken");
    expect(lines[0]).not.toContain("7654321");
  });

  test("lays a model over the catalogue's of its name, lists and all", () => {
    const { models } = parsed({
      models: { [QWEN]: { shape: { maxSequences: 2 }, revision: COMMIT } },
    });
    expect(models["qwen3-8b-fp8-neuron"]).toMatchObject({
      repository: "Qwen/Qwen3-8B",
      revision: COMMIT,
      shape: { maxSequences: 2, maxModelLength: 4096, weightFormat: "f8e4m3" },
    });
    expect(Object.keys(models)).toEqual(["qwen3-8b-fp8-neuron"]);
  });

  test("turns a metric off with null", () => {
    const { gateway } = parsed({ gateway: { autoscaling: { memoryUtilization: null } } });
    expect(gateway.autoscaling.memoryUtilization).toBeUndefined();
    expect(gateway.autoscaling.cpuUtilization).toBe(70);
  });
});
