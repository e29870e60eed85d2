/** A stack, an account and a world in which everything is right, for tests that make one thing wrong. */
import { expect } from "vitest";
import { stringify } from "yaml";
import { awsAccount } from "../../operations/preflight/awsAccount";
import { accountRemedy } from "../../operations/preflight/identityChecks";
import { EKS_CHECKS } from "../../operations/preflight/preflight";
import { runChecklist, type Result } from "../../operations/stack/checklist";
import { healthyAccount } from "./accounts";
import { serveAccount, type RecordedAccount } from "./awsApi";
import { parsedStack, stackConfig } from "./stackFile";

export const DEV = parsedStack("dev");
if (DEV.cluster.kind !== "eks") {
  throw new Error("dev makes no cluster");
}
export const CLUSTER = DEV.cluster;
export const {
  name: NAME,
  kubernetesVersion: VERSION,
  addonVersions,
  chartVersions,
  systemNodes,
} = CLUSTER;
/** Minor versions next to the stack's. */
export const minor = (step: number) => `1.${Number(VERSION.split(".")[1]) + step}`;
export const RELEASE = systemNodes.amiRelease;
export const OTHER_PATCH = RELEASE.replace(/\d+-/, "99-");
export const SERVING_RELEASE = DEV.neuron.nodeGroups.serving?.amiRelease ?? "";

/** The rest of the world as the preflight asks it. */
export interface World {
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
  /** What hosts answer in place of all that. */
  answers: Record<string, (url: string) => Promise<Response>>;
}

export interface Scene {
  readonly account: RecordedAccount;
  readonly world: World;
  /** Changes of the stack's cluster settings. */
  readonly cluster: Record<string, unknown>;
  readonly models: Record<string, unknown>;
  /** Further Neuron groups of the stack. */
  readonly nodeGroups: Record<string, unknown>;
  /** The stack's `gateway.service`. */
  readonly service: Record<string, unknown>;
  token: string | undefined;
}

export type Change = (scene: Scene) => void;

/** Two models have the nodes of the stack to themselves with a replica each. */
export const ONE = { autoscaling: { maxReplicas: 1 } };
export const LLAMA = "meta-llama/Llama-3.1-8B-Instruct";
export const HERE = "198.18.7.7";

/**
 * Runs the checklist for the dev stack in an account where everything is right but what `change` makes wrong.
 *
 * @param only the one check to run
 * @default only all of them
 */
export async function preflight(
  change: Change = () => undefined,
  only?: string,
): Promise<Result[]> {
  const results = await preflightAsked(change, only);
  return results.results;
}

export async function preflightAsked(
  change: Change,
  only?: string,
): Promise<{ results: Result[]; asked: ReadonlySet<string> }> {
  const scene: Scene = {
    account: healthyAccount(DEV, CLUSTER),
    world: {
      address: HERE,
      listening: [],
      charts: {
        "cluster-autoscaler": ["99.0.0", chartVersions.clusterAutoscaler],
        "aws-load-balancer-controller": ["99.0.0", chartVersions.loadBalancerController],
        keda: ["99.0.0", chartVersions.keda],
      },
      deadRegistries: [],
      missingImages: [],
      token: "hf_good",
      readable: [LLAMA],
      missingModels: [],
      answers: {},
    },
    cluster: { publicAccessCidrs: [`${HERE}/32`] },
    service: {},
    models: { "llama-3-1-8b-int8-neuron": ONE, "qwen3-8b-fp8-neuron": ONE },
    nodeGroups: {},
    token: "hf_good",
  };
  change(scene);
  const config = parsedStack("dev", {
    cluster: { ...(stackConfig("dev")["llm-gateway:cluster"] as object), ...scene.cluster },
    models: scene.models,
    gateway: { service: scene.service },
    neuron: withGroups(stackConfig("dev")["llm-gateway:neuron"], scene.nodeGroups),
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
      EKS_CHECKS.filter(({ name }) => only === undefined || name === only),
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

function withGroups(neuron: unknown, further: Record<string, unknown>): unknown {
  const { nodeGroups } = neuron as { readonly nodeGroups: object };
  return { ...(neuron as object), nodeGroups: { ...nodeGroups, ...further } };
}

export function web(world: World) {
  const fetch = (url: string, init: RequestInit = {}): Promise<Response> => {
    const { hostname, pathname } = new URL(url);
    const authorization = new Headers(init.headers).get("authorization");
    const own = world.answers[hostname];
    if (own !== undefined) {
      return own(url);
    }
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

export const set = (path: string, value: string) =>
  `pulumi config set --stack dev --path 'llm-gateway:${path}' ${value}`;
export const quota = (code: string, value: number) =>
  `aws service-quotas request-service-quota-increase --service-code ec2 --region us-west-2 --quota-code ${code} --desired-value ${value}`;

export const EXISTING_NETWORK = {
  network: {
    kind: "existing",
    vpcId: "vpc-0a",
    zones: ["us-west-2a", "us-west-2b"],
    privateSubnetIds: ["subnet-0a", "subnet-0b"],
  },
};

/** What is wrong, where it shows, in which words, and the command that mends it. */
export type Fault = readonly [string, Change, string, string, string];

/** What a check finds of a scene: the case, the check, what differs, its status, and parts of what was seen and of what to do, if anything. */
export type FindingCase = readonly [string, string, Change, Result["status"], string, string?];

/** Runs the one check of a case, and expects its finding. */
export async function expectFinding([
  ,
  check,
  change,
  status,
  seen,
  remedy,
]: FindingCase): Promise<void> {
  const contains = (text: string): unknown => expect.stringContaining(text);
  expect(await preflight(change, check)).toEqual([
    {
      check,
      status,
      seen: contains(seen),
      ...(remedy === undefined ? {} : { remedy: contains(remedy) }),
    },
  ]);
}
