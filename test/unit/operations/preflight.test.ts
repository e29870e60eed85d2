/** The preflight against recorded accounts, one fault at a time, through the AWS SDK itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { clusterAutoscalerChart } from "../../../components/controllers/cluster-autoscaler/chart";
import { loadBalancerControllerChart } from "../../../components/controllers/load-balancer-controller/chart";
import { CHART_REPOSITORIES } from "../../../domain/helmRepositories";
import { REPOSITORY } from "../../../local/control-plane/environment";
import { awsAccount } from "../../../operations/preflight/awsAccount";
import { quotaOf } from "../../../operations/preflight/capacity";
import { accountRemedy } from "../../../operations/preflight/identityChecks";
import { PREFLIGHT_STATEMENTS } from "../../../domain/preflightPermissions";
import { EKS_CHECKS } from "../../../operations/preflight/preflight";
import { runChecklist, succeeded, type Result } from "../../../operations/stack/checklist";
import { healthyAccount } from "../../support/accounts";
import { serveAccount, type RecordedAccount } from "../../support/awsApi";
import { problemsOf } from "../../support/iamReference";
import { parsedStack, stackConfig } from "../../support/stackFile";

const DEV = parsedStack("dev");
if (DEV.cluster.kind !== "eks") {
  throw new Error("dev makes no cluster");
}
const CLUSTER = DEV.cluster;
const {
  name: NAME,
  kubernetesVersion: VERSION,
  addonVersions,
  chartVersions,
  systemNodes,
} = CLUSTER;
/** Minor versions next to the stack's. */
const minor = (step: number) => `1.${Number(VERSION.split(".")[1]) + step}`;
const RELEASE = systemNodes.amiRelease;
const OTHER_PATCH = RELEASE.replace(/\d+-/, "99-");
const SERVING_RELEASE = DEV.neuron.nodeGroups.serving?.amiRelease ?? "";

/** The rest of the world as the preflight asks it. */
interface World {
  /** The machine's public address; undefined where nobody tells. */
  address: string | undefined;
  /** Servers that accept connections. */
  listening: string[];
  /** Versions by chart. */
  charts: Record<string, string[]>;
  /** Registries that cannot be reached, images that they do not have. */
  deadRegistries: string[];
  missingImages: string[];
  /** Token that the hub knows, repositories that its account may read, revisions that are not there. */
  token: string;
  readable: string[];
  missingModels: string[];
}

interface Scene {
  readonly account: RecordedAccount;
  readonly world: World;
  /** Changes of the stack's cluster settings. */
  readonly cluster: Record<string, unknown>;
  readonly models: Record<string, unknown>;
  token: string | undefined;
}

type Change = (scene: Scene) => void;

/** Two models have the nodes of the stack to themselves with a replica each. */
const ONE = { autoscaling: { maxReplicas: 1 } };
const LLAMA = "meta-llama/Llama-3.1-8B-Instruct";
const HERE = "198.18.7.7";

/** Runs the whole checklist for the dev stack in an account where everything is right but what `change` makes wrong. */
async function preflight(change: Change = () => undefined): Promise<Result[]> {
  const results = await preflightAsked(change);
  return results.results;
}

async function preflightAsked(
  change: Change,
): Promise<{ results: Result[]; asked: ReadonlySet<string> }> {
  const scene: Scene = {
    account: healthyAccount(DEV, CLUSTER),
    world: {
      address: HERE,
      listening: [],
      charts: {
        "cluster-autoscaler": ["99.0.0", chartVersions.clusterAutoscaler],
        "aws-load-balancer-controller": ["99.0.0", chartVersions.loadBalancerController],
      },
      deadRegistries: [],
      missingImages: [],
      token: "hf_good",
      readable: [LLAMA],
      missingModels: [],
    },
    cluster: { publicAccessCidrs: [`${HERE}/32`] },
    models: { "llama-3-1-8b-int8-neuron": ONE, "qwen3-8b-fp8-neuron": ONE },
    token: "hf_good",
  };
  change(scene);
  const config = parsedStack("dev", {
    cluster: { ...(stackConfig("dev")["llm-gateway:cluster"] as object), ...scene.cluster },
    models: scene.models,
    huggingFaceToken: "hf_in_the_file",
  });
  if (config.cluster.kind !== "eks") {
    throw new Error("dev makes no cluster");
  }
  const api = await serveAccount(scene.account);
  try {
    const account = await awsAccount("us-west-2", {
      endpoint: api.endpoint,
      credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
      maxAttempts: 1,
    });
    const results = await runChecklist(
      EKS_CHECKS,
      {
        stack: "dev",
        config,
        cluster: config.cluster,
        account,
        web: web(scene.world),
        huggingFaceToken: scene.token,
        today: new Date("2026-11-25T00:00:00Z"),
      },
      { signal: new AbortController().signal, remedy: accountRemedy },
    );
    return { results, asked: api.asked };
  } finally {
    await api.close();
  }
}

function web(world: World) {
  const fetch = (url: string, init: RequestInit = {}): Promise<Response> => {
    const { hostname, pathname } = new URL(url);
    const authorization = new Headers(init.headers).get("authorization");
    const status = (code: number) => Promise.resolve(new Response(null, { status: code }));
    if (hostname === "checkip.amazonaws.com") {
      return world.address === undefined
        ? Promise.reject(new TypeError("fetch failed", { cause: new Error("ENOTFOUND") }))
        : Promise.resolve(new Response(`${world.address}\n`));
    }
    if (pathname.endsWith("/index.yaml")) {
      const entries = Object.fromEntries(
        Object.entries(world.charts).map(([chart, versions]) => [
          chart,
          versions.map((version) => ({ version })),
        ]),
      );
      return Promise.resolve(new Response(stringify({ entries })));
    }
    if (hostname === "huggingface.co") {
      const known = authorization === `Bearer ${world.token}`;
      if (pathname === "/api/whoami-v2") {
        return status(known ? 200 : 401);
      }
      const repository = pathname.split("/").slice(3, 5).join("/");
      return pathname.endsWith("/auth-check")
        ? status(world.readable.includes(repository) ? 200 : 403)
        : status(world.missingModels.includes(repository) ? 404 : 200);
    }
    if (world.deadRegistries.includes(hostname)) {
      return Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") }));
    }
    if (pathname === "/token") {
      return Promise.resolve(Response.json({ token: "anonymous" }));
    }
    if (authorization !== "Bearer anonymous") {
      return Promise.resolve(
        new Response(null, {
          status: 401,
          headers: {
            "www-authenticate": `Bearer realm="https://${hostname}/token",service="${hostname}"`,
          },
        }),
      );
    }
    return status(world.missingImages.some((image) => pathname.includes(image)) ? 404 : 200);
  };
  const dial = (host: string) =>
    world.listening.includes(host)
      ? Promise.resolve()
      : Promise.reject(new Error("connect ETIMEDOUT"));
  return { fetch, dial };
}

const set = (path: string, value: string) =>
  `pulumi config set --stack dev --path 'llm-gateway:${path}' ${value}`;
const quota = (code: string, value: number) =>
  `aws service-quotas request-service-quota-increase --service-code ec2 --region us-west-2 --quota-code ${code} --desired-value ${value}`;

describe("an account that has what the dev stack needs", () => {
  test("passes every check", async () => {
    const results = await preflight();
    expect(results.filter(({ status }) => status !== "pass")).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(14);
  });

  test("is asked for nothing but what the documented permissions allow", async () => {
    const asked = new Set<string>();
    const changes: Change[] = [
      () => undefined,
      ({ account }) => {
        account.quotas = {};
        account.defaultQuotas = { "L-1945791B": 64, "L-1216C47A": 32, "L-0263D0A3": 5 };
      },
      ({ cluster }) => {
        Object.assign(cluster, EXISTING_NETWORK);
      },
    ];
    for (const change of changes) {
      (await preflightAsked(change)).asked.forEach((action) => asked.add(action));
    }
    const allowed = PREFLIGHT_STATEMENTS.flatMap(({ actions }) => actions);
    expect([...asked].sort()).toEqual([...allowed].sort());
    const guide = readFileSync(join(REPOSITORY, "docs", "aws.md"), "utf8");
    expect(allowed.filter((action) => !guide.includes(`\`${action}\``))).toEqual([]);
  });
});

const EXISTING_NETWORK = {
  network: {
    kind: "existing",
    vpcId: "vpc-0a",
    zones: ["us-west-2a", "us-west-2b"],
    privateSubnetIds: ["subnet-0a", "subnet-0b"],
  },
};

/** What is wrong, where it shows, in which words, and the command that mends it. */
const FAULTS: readonly (readonly [string, Change, string, string, string])[] = [
  [
    "credentials that have expired",
    ({ account }) => {
      account.refused["sts:GetCallerIdentity"] = {
        code: "ExpiredToken",
        message: "The security token included in the request is expired",
      };
    },
    "AWS credentials",
    "The security token included in the request is expired",
    "aws sso login, or take the role anew",
  ],
  [
    "keys that do not exist, or a region that is not switched on",
    ({ account }) => {
      account.refused["sts:GetCallerIdentity"] = {
        code: "InvalidClientTokenId",
        message: "The security token included in the request is invalid",
      };
    },
    "AWS credentials",
    "The security token included in the request is invalid",
    "aws account enable-region --region-name us-west-2",
  ],
  [
    "an identity that may not read",
    ({ account }) => {
      account.refused["eks:DescribeAddonVersions"] = {
        code: "AccessDeniedException",
        message: "User: me is not authorized to perform: eks:DescribeAddonVersions",
      };
    },
    "EKS has each add-on version",
    "not authorized to perform: eks:DescribeAddonVersions",
    "give the identity the permissions of the preflight (docs/aws.md)",
  ],
  [
    "a Kubernetes version that EKS no longer offers",
    ({ account }) => {
      account.clusterVersions = [];
    },
    "EKS has the Kubernetes version",
    `EKS does not offer Kubernetes ${VERSION}`,
    set("cluster.kubernetesVersion", "1.N"),
  ],
  [
    "a Kubernetes version in extended support",
    ({ account }) => {
      account.clusterVersions = [
        { version: VERSION, status: "EXTENDED_SUPPORT", endOfStandardSupport: "2026-07-29" },
      ];
    },
    "EKS has the Kubernetes version",
    `Kubernetes ${VERSION} is in extended support`,
    set("cluster.kubernetesVersion", "1.N"),
  ],
  [
    "an add-on version that does not exist",
    ({ account }) => {
      account.addons.coredns = { [VERSION]: ["v1.99.9-eksbuild.1"] };
    },
    "EKS has each add-on version",
    `coredns has no ${addonVersions.coredns} for Kubernetes ${VERSION}`,
    set("cluster.addonVersions.coredns", "v1.99.9-eksbuild.1"),
  ],
  [
    "an add-on that is not offered for the Kubernetes version",
    ({ account }) => {
      account.addons["metrics-server"] = {};
    },
    "EKS has each add-on version",
    `EKS has no add-on metrics-server for Kubernetes ${VERSION}`,
    "aws eks describe-addon-versions --addon-name metrics-server",
  ],
  [
    "a Neuron node image that the region does not have",
    ({ account }) => {
      account.parameters = Object.fromEntries(
        Object.entries(account.parameters).filter(([name]) => !name.includes("/neuron/")),
      );
    },
    "Node images exist",
    `neuron.nodeGroups.serving.amiRelease: us-west-2 has no image of ${SERVING_RELEASE}`,
    `aws ssm get-parameters-by-path --recursive --path /aws/service/eks/optimized-ami/${VERSION}/amazon-linux-2023/x86_64/neuron`,
  ],
  [
    "a release with the patch version of another day",
    ({ account }) => {
      for (const name of Object.keys(account.parameters)) {
        if (name.endsWith("release_version") && name.includes("/standard/")) {
          account.parameters[name] = OTHER_PATCH;
        }
      }
    },
    "Node images exist",
    `cluster.systemNodes.amiRelease ${RELEASE}: the image of that day is ${OTHER_PATCH}`,
    set("cluster.systemNodes.amiRelease", OTHER_PATCH),
  ],
  [
    "system nodes of another Kubernetes version",
    ({ cluster }) => {
      cluster.systemNodes = { amiRelease: "1.30.1-20260403" };
    },
    "Node images exist",
    `cluster.systemNodes.amiRelease 1.30.1-20260403 is no release of Kubernetes ${VERSION}`,
    set("cluster.systemNodes.amiRelease", "1.NN.P-YYYYMMDD"),
  ],
  [
    "a zone that the account does not have",
    ({ account }) => {
      account.zones = account.zones.filter(({ name }) => name !== "us-west-2b");
    },
    "Zones can hold the cluster",
    "the account has no zone us-west-2b",
    set("cluster.network.zones[1]", "us-west-2c"),
  ],
  [
    "a zone that EKS puts no control plane in",
    ({ account }) => {
      account.zones = account.zones.map((zone) =>
        zone.name === "us-west-2a" ? { ...zone, id: "usw1-az2" } : zone,
      );
    },
    "Zones can hold the cluster",
    "EKS has no control planes in us-west-2a (usw1-az2)",
    set("cluster.network.zones[0]", "us-west-2c"),
  ],
  [
    "a zone without the instance type",
    ({ account }) => {
      account.offerings["inf2.xlarge"] = ["us-west-2b"];
    },
    "Zones offer the instance types",
    "us-west-2a has no inf2.xlarge (serving)",
    set("neuron.nodeGroups.serving.zones[0]", "us-west-2b"),
  ],
  [
    "a region without the instance type",
    ({ account }) => {
      delete account.offerings["inf2.8xlarge"];
    },
    "Zones offer the instance types",
    "us-west-2 has no inf2.8xlarge",
    set("neuron.nodeGroups.compilation.instanceType", "TYPE"),
  ],
  [
    "no Inf quota, as in a new account",
    ({ account }) => {
      delete account.quotas["L-1945791B"];
      account.defaultQuotas["L-1945791B"] = 0;
    },
    "vCPU quotas are large enough",
    "Running On-Demand Inf instances: 0 vCPUs, 40 needed",
    quota("L-1945791B", 40),
  ],
  [
    "a standard quota that an update of the system nodes would exceed",
    ({ account }) => {
      account.quotas["L-1216C47A"] = 16;
    },
    "vCPU quotas are large enough",
    "16 vCPUs, 18 needed (system 5 + 4 m7i.large)",
    quota("L-1216C47A", 18),
  ],
  [
    "a quota that others use up, the cluster's own nodes not counted",
    ({ account }) => {
      account.instances = [
        { type: "c7i.xlarge", spot: false, tags: {} },
        { type: "c7i.xlarge", spot: true, tags: {} },
        { type: "inf2.8xlarge", spot: false, tags: { "eks:cluster-name": NAME } },
        ...Array.from({ length: 3 }, () => ({ type: "c7i.xlarge", spot: false, tags: {} })),
      ];
    },
    "vCPU quotas are large enough",
    "32 vCPUs, 34 needed (system 5 + 4 m7i.large; 16 used by others)",
    quota("L-1216C47A", 34),
  ],
  [
    "Elastic IP addresses that others hold, the stack's own not counted",
    ({ account }) => {
      account.addresses = [
        { Name: `${NAME}-nat-0` },
        ...Array.from({ length: 5 }, (_, index) => ({ Name: `other-${index}` })),
      ];
    },
    "Elastic IP quota is large enough",
    "EC2-VPC Elastic IPs: 5, 1 needed, 5 used by others",
    quota("L-0263D0A3", 6),
  ],
  [
    "subnets that are not the VPC's",
    ({ account, cluster }) => {
      Object.assign(cluster, EXISTING_NETWORK);
      account.subnets = [{ id: "subnet-0a", vpcId: "vpc-0b", zone: "us-west-2b", free: 3 }];
    },
    "Subnets of the VPC fit",
    "subnet-0a is in vpc-0b, not in vpc-0a; subnet-0a is in us-west-2b, not in us-west-2a; subnet-0a has 3 free addresses; there is no subnet subnet-0b",
    set("cluster.network.privateSubnetIds[0]", "subnet-..."),
  ],
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
    "the documentation block of the stack's file",
    ({ cluster }) => {
      cluster.publicAccessCidrs = ["203.0.113.0/24"];
    },
    "The API endpoint can be reached from here",
    "203.0.113.0/24 is a documentation block",
    set("cluster.publicAccessCidrs[0]", `${HERE}/32`),
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

describe("the preflight tells", () => {
  test.each(FAULTS)("%s", async (_what, change, check, seen, remedy) => {
    const results = await preflight(change);
    expect(succeeded(results)).toBe(false);
    const failed = results.filter(({ status }) => status === "fail");
    expect(failed.map((result) => result.check)).toEqual([check]);
    expect(failed[0]?.seen).toContain(seen);
    expect(failed[0]?.remedy).toContain(remedy);
  });

  test("each fault by a message of its own", () => {
    const messages = FAULTS.map(([, , check, seen]) => `${check}: ${seen}`);
    expect(new Set(messages).size).toBe(FAULTS.length);
    expect(FAULTS.length).toBeGreaterThanOrEqual(15);
  });

  test.each<[string, Change, string, string]>([
    [
      "an end of support that is near",
      ({ account }) => {
        account.clusterVersions = [
          { version: VERSION, status: "STANDARD_SUPPORT", endOfStandardSupport: "2026-12-02" },
        ];
      },
      "EKS has the Kubernetes version",
      `${VERSION} is in standard support until 2026-12-02: 7 days`,
    ],
    [
      "an endpoint that only the VPC reaches",
      ({ cluster }) => {
        cluster.publicAccessCidrs = [];
      },
      "The API endpoint can be reached from here",
      "the endpoint will be private",
    ],
    [
      "that it does not know this machine's address",
      ({ world }) => {
        world.address = undefined;
      },
      "The API endpoint can be reached from here",
      "the public address of this machine is not known",
    ],
    [
      "the root user",
      ({ account }) => {
        account.identity.arn = "arn:aws:iam::123456789012:root";
      },
      "AWS credentials",
      "as its root user",
    ],
  ])("%s, without failing for it", async (_what, change, check, seen) => {
    const results = await preflight(change);
    expect(succeeded(results)).toBe(true);
    const [warning, ...others] = results.filter(({ status }) => status !== "pass");
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ check, status: "warn" });
    expect(warning?.seen).toContain(seen);
  });

  test("that it could not read the token, and judges none", async () => {
    const results = await preflight((scene) => {
      scene.token = undefined;
    });
    expect(results.filter(({ status }) => status !== "pass")).toMatchObject([
      { check: "The token opens gated models", status: "skipped" },
    ]);
  });

  test("nothing of an account that it may not ask", async () => {
    const results = await preflight(({ account }) => {
      account.refused["sts:GetCallerIdentity"] = { code: "ExpiredToken", message: "expired" };
    });
    expect(results.filter(({ status }) => status === "skipped").length).toBe(10);
  });
});

describe("the permissions of the preflight", () => {
  test("are actions that AWS has, each limited to resources where it can be", async () => {
    expect((await Promise.all(PREFLIGHT_STATEMENTS.map(problemsOf))).flat()).toEqual([]);
  });
});

describe("facts of others", () => {
  test("charts come from the repositories that are asked", () => {
    const args = { version: "1.0.0", clusterName: "c", region: "r" };
    const charts = [
      clusterAutoscalerChart(args),
      loadBalancerControllerChart({ ...args, vpcId: "vpc-1", tags: {} }),
    ];
    expect(Object.fromEntries(charts.map(({ chart, repository }) => [chart, repository]))).toEqual(
      CHART_REPOSITORIES,
    );
  });

  test.each([
    ["inf2.xlarge", false, "L-1945791B"],
    ["inf2.xlarge", true, "L-B5D1601B"],
    ["trn2.48xlarge", false, "L-2C3B7624"],
    ["m7i.large", false, "L-1216C47A"],
    ["im4gn.large", true, "L-34B43A08"],
    ["dl1.24xlarge", false, undefined],
    ["g5.xlarge", false, undefined],
  ])("%s (spot: %s) counts against %s", (type, spot, code) => {
    expect(quotaOf(type, spot)?.code).toBe(code);
  });
});
