/** What the preflight says of repositories of charts and of the model hub in other cases than the usual ones. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { expectFinding, preflight, set, type FindingCase } from "../../../support/preflight";

afterEach(() => {
  vi.unstubAllEnvs();
});

const unreachable = () =>
  Promise.reject(new TypeError("fetch failed", { cause: new Error("ENOTFOUND") }));

const CASES: readonly FindingCase[] = [
  [
    "a repository that has no such chart names no version to take",
    "Charts can be downloaded",
    ({ world }) => {
      delete world.charts["cluster-autoscaler"];
    },
    "fail",
    "https://kubernetes.github.io/autoscaler has no cluster-autoscaler",
    set("cluster.chartVersions.clusterAutoscaler", "X.Y.Z"),
  ],
  [
    "a repository of charts that answers an error cannot be read",
    "Charts can be downloaded",
    ({ world }) => {
      world.answers["kubernetes.github.io"] = () =>
        Promise.resolve(new Response(null, { status: 503 }));
    },
    "fail",
    "https://kubernetes.github.io/autoscaler cannot be read: it answers 503",
    "let this machine reach https://kubernetes.github.io/autoscaler (HTTPS_PROXY)",
  ],
  [
    "a repository of charts that is out of reach says why",
    "Charts can be downloaded",
    ({ world }) => {
      world.answers["kubernetes.github.io"] = unreachable;
    },
    "fail",
    "https://kubernetes.github.io/autoscaler cannot be read: ENOTFOUND",
    "Helm downloads the chart from here",
  ],
  [
    "a hub that is out of reach says why, once for all models",
    "Models are at the hub",
    ({ world }) => {
      world.answers["huggingface.co"] = (url) =>
        url.includes("/revision/") ? unreachable() : Promise.resolve(new Response());
    },
    "fail",
    "https://huggingface.co cannot be reached: ENOTFOUND",
    "let this machine reach it (HTTPS_PROXY, HF_ENDPOINT)",
  ],
  [
    "models that anybody may read need no token",
    "The token opens gated models",
    (scene) => {
      delete scene.models["llama-3-1-8b-int8-neuron"];
      scene.token = undefined;
    },
    "pass",
    "no model is gated",
  ],
];

describe("in the preflight", () => {
  test.for(CASES)("%s", expectFinding);
});

const OTHER_HUB = "https://hub.example";

test("a mirror of the hub is asked in its place", async () => {
  vi.stubEnv("HF_ENDPOINT", OTHER_HUB);
  const asked: string[] = [];
  await preflight(({ world }) => {
    world.answers["hub.example"] = (url) => {
      asked.push(url);
      return Promise.resolve(new Response());
    };
  });
  expect(asked).toContain(`${OTHER_HUB}/api/whoami-v2`);
  expect(asked.filter((url) => url.includes("/revision/"))).toHaveLength(2);
});
