/** A list of names has each of them once. */
import { describe, expect, test } from "vitest";
import { problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const DEV = stackConfig("dev")["llm-gateway:cluster"] as { readonly network: object };
const network = (changes: object) => ({
  cluster: { ...DEV, network: { ...DEV.network, ...changes } },
});
const [QWEN, LLAMA] = ["qwen3-8b-fp8-neuron", "llama-3-1-8b-int8-neuron"];
const pods = (podOverrides: object, containerOverrides: object = {}) => ({
  gateway: { podOverrides, containerOverrides },
});
const SERVING = { instanceType: "inf2.xlarge", maxSize: 4, zones: ["us-west-2a", "us-west-2a"] };

describe("a name that stands twice in a list is refused where it stands:", () => {
  test.each([
    [
      "cluster.network.interfaceEndpoints.1",
      network({ interfaceEndpoints: ["autoscaling", "autoscaling", "sts"] }),
    ],
    [
      "neuron.nodeGroups.serving.zones.1",
      {
        cluster: DEV,
        neuron: {
          nodeGroups: {
            serving: SERVING,
            compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
          },
        },
      },
    ],
    [
      `gateway.routing.fallbacks.${QWEN}.1`,
      { gateway: { routing: { fallbacks: { [QWEN]: [LLAMA, LLAMA] } } } },
    ],
    [
      "gateway.podOverrides.imagePullSecrets.1",
      pods({ imagePullSecrets: [{ name: "a" }, { name: "a" }] }),
    ],
    [
      "gateway.podOverrides.volumes.1",
      pods({
        volumes: [1, 2].map((limit) => ({ name: "a", emptyDir: { sizeLimit: `${limit}Gi` } })),
      }),
    ],
    [
      "gateway.podOverrides.hostAliases.0.hostnames.1",
      pods({ hostAliases: [{ ip: "10.0.0.1", hostnames: ["a", "a"] }] }),
    ],
    [
      "gateway.containerOverrides.env.1",
      pods({}, { env: [1, 2].map((value) => ({ name: "A", value: `${value}` })) }),
    ],
    [
      "gateway.containerOverrides.volumeMounts.1",
      pods(
        {
          volumes: [
            { name: "a", emptyDir: {} },
            { name: "b", emptyDir: {} },
          ],
        },
        { volumeMounts: ["a", "b"].map((name) => ({ name, mountPath: "/data" })) },
      ),
    ],
  ])("%s", (path, changes) => {
    expect(problemLines(changes)).toEqual([
      expect.stringMatching(
        new RegExp(`^llm-gateway:${path.replaceAll(".", "\\.")} = .*: is there already`),
      ),
    ]);
  });

  test("one that stands once is fine", () => {
    expect(problemLines(network({ interfaceEndpoints: ["autoscaling", "sts"] }))).toEqual([]);
  });
});
