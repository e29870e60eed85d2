/** Faults of an existing cluster of the name, the endpoint, chart repositories, registries and the model hub, one at a time. */
import { describe, expect, test } from "vitest";
import { succeeded } from "../../../../operations/stack/checklist";
import {
  HERE,
  LLAMA,
  NAME,
  VERSION,
  chartVersions,
  minor,
  preflight,
  set,
  type Change,
  type Fault,
} from "../../../support/preflight";
import { ZONE } from "../../../support/accounts";

const NAME_CHECK = "The gateway's name lies in a zone of the account";

/** Gives the gateway a name in a hosted zone. */
function named(hostName: string, hostedZoneId = ZONE): Change {
  return ({ service }) => {
    service.tls = { hostName, hostedZoneId };
  };
}

const FAULTS: readonly Fault[] = [
  [
    "a cluster of the name with a newer version",
    ({ account, world }) => {
      account.clusters[NAME] = { version: minor(1), status: "ACTIVE", endpoint: "https://e.aws" };
      world.listening = ["e.aws"];
    },
    "The cluster can be made or updated",
    `${NAME} runs ${minor(1)}, and EKS never goes back to ${VERSION}`,
    set("cluster.kubernetesVersion", minor(1)),
  ],
  [
    "an upgrade over two minor versions",
    ({ account, world }) => {
      account.clusters[NAME] = { version: minor(-2), status: "ACTIVE", endpoint: "https://e.aws" };
      world.listening = ["e.aws"];
    },
    "The cluster can be made or updated",
    `EKS upgrades by one minor version at a time, not to ${VERSION}`,
    set("cluster.kubernetesVersion", minor(-1)),
  ],
  [
    "an endpoint that does not answer",
    ({ account }) => {
      account.clusters[NAME] = { version: VERSION, status: "ACTIVE", endpoint: "https://e.aws" };
    },
    "The API endpoint can be reached from here",
    "e.aws does not answer: connect ETIMEDOUT",
    set("cluster.publicAccessCidrs[0]", `${HERE}/32`),
  ],
  [
    "an endpoint that will not let this machine in",
    ({ cluster }) => {
      cluster.publicAccessCidrs = ["198.18.9.0/24"];
    },
    "The API endpoint can be reached from here",
    `this machine's address ${HERE} is not in 198.18.9.0/24`,
    set("cluster.publicAccessCidrs[1]", `${HERE}/32`),
  ],
  [
    "an entry for the role that makes the cluster",
    ({ cluster }) => {
      const arns = ["other", "ci/deploy"].map((name) => `arn:aws:iam::123456789012:role/${name}`);
      cluster.administratorRoleArns = arns;
    },
    "Who makes the cluster is let in once",
    "arn:aws:iam::123456789012:role/ci/deploy makes the cluster, and is its administrator by that",
    set("cluster.administratorRoleArns[1]", "ANOTHER-ROLE"),
  ],
  [
    "a log group that an earlier cluster of the name left behind",
    ({ account }) => {
      account.logGroups[`/aws/eks/${NAME}/cluster`] = {};
    },
    "The log groups can be made",
    `/aws/eks/${NAME}/cluster is there, and not by this stack`,
    set("cluster.logs.create", "false"),
  ],
  [
    "a log group of another stack with a cluster of the name",
    ({ account }) => {
      account.logGroups[`/aws/eks/${NAME}/cluster`] = {
        Project: "llm-gateway",
        Environment: "another",
      };
    },
    "The log groups can be made",
    `/aws/eks/${NAME}/cluster is there, and not by this stack`,
    `aws logs delete-log-group --region us-west-2 --log-group-name /aws/eks/${NAME}/cluster`,
  ],
  [
    "a name in a zone that the account does not have",
    named("llm.example.com", "Z0NOBODYS"),
    NAME_CHECK,
    "the account has no hosted zone Z0NOBODYS",
    `aws route53 list-hosted-zones-by-name --dns-name example.com\n${set("gateway.service.tls.hostedZoneId", "Z...")}`,
  ],
  [
    "a name that does not lie in its zone",
    named("llm.example.org"),
    NAME_CHECK,
    `llm.example.org does not lie in example.com, the zone ${ZONE}`,
    set("gateway.service.tls.hostName", "llm.example.com"),
  ],
  [
    "a name whose end only looks like its zone",
    named("llm.notexample.com"),
    NAME_CHECK,
    "llm.notexample.com does not lie in example.com",
    set("gateway.service.tls.hostName", "llm.example.com"),
  ],
  [
    "a zone that nobody outside can look into",
    (scene) => {
      named("llm.example.com")(scene);
      scene.account.hostedZones[ZONE] = { name: "example.com", isPrivate: true };
    },
    NAME_CHECK,
    "is private: nobody could see there that the name is yours",
    set("gateway.service.tls.hostedZoneId", "Z..."),
  ],
  [
    "a chart version that its repository does not have",
    ({ world }) => {
      world.charts["cluster-autoscaler"] = ["99.0.0"];
    },
    "Charts can be downloaded",
    `https://kubernetes.github.io/autoscaler has no cluster-autoscaler ${chartVersions.clusterAutoscaler}`,
    set("cluster.chartVersions.clusterAutoscaler", "99.0.0"),
  ],
  [
    "an image that its registry does not have",
    ({ world }) => {
      world.missingImages = ["litellm-non_root"];
    },
    "Images can be pulled",
    "ghcr.io has no berriai/litellm-non_root",
    set("gateway.image", "REGISTRY/REPOSITORY:TAG"),
  ],
  [
    "a registry that cannot be reached",
    ({ world }) => {
      world.deadRegistries = ["public.ecr.aws"];
    },
    "Images can be pulled",
    "public.ecr.aws cannot be reached: ECONNREFUSED",
    "let this machine reach public.ecr.aws (HTTPS_PROXY)",
  ],
  [
    "a token that the hub does not know",
    (scene) => {
      scene.token = "hf_old";
    },
    "The token opens gated models",
    "the hub answers 401 to the token",
    "pulumi config set --secret huggingFaceToken hf_... --stack dev",
  ],
  [
    "a licence that nobody accepted",
    ({ world }) => {
      world.readable = [];
    },
    "The token opens gated models",
    `the token's account may not read ${LLAMA} (403)`,
    `accept the licence at https://huggingface.co/${LLAMA}`,
  ],
  [
    "a model that is not there",
    ({ world }) => {
      world.missingModels = ["Qwen/Qwen3-8B"];
    },
    "Models are at the hub",
    "qwen3-8b-fp8-neuron: the hub answers 404 for Qwen/Qwen3-8B",
    "models.qwen3-8b-fp8-neuron.repository",
  ],
];

describe("the preflight tells of its surroundings", () => {
  test.each(FAULTS)("%s", async (_what, change, check, seen, remedy) => {
    const results = await preflight(change);
    expect(succeeded(results)).toBe(false);
    const failed = results.filter(({ status }) => status === "fail");
    expect(failed.map((result) => result.check)).toEqual([check]);
    expect(failed[0]?.seen).toContain(seen);
    expect(failed[0]?.remedy).toContain(remedy);
  });
});

describe("the preflight is content with", () => {
  const seenOf = async (change: Change) =>
    (await preflight(change)).find(({ check }) => check === NAME_CHECK);

  test.each([
    ["a name below its zone", named("llm.example.com"), "llm.example.com lies in example.com"],
    ["the name of the zone itself", named("example.com"), "example.com lies in example.com"],
    ["no name", () => undefined, "the gateway has no name of its own"],
  ] as const)("%s", async (_what, change, seen) => {
    expect(await seenOf(change)).toMatchObject({ status: "pass", seen });
  });
});
