/** The preflight of a stack on a cluster that is there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { ClusterReader } from "../../../../operations/preflight/clusterReader";
import { EXISTING_CHECKS } from "../../../../operations/preflight/existingChecks";
import { preflight } from "../../../../operations/preflight/preflight";
import { runChecklist, type Result } from "../../../../operations/stack/checklist";
import { parsed } from "../../../support/config";

/** What a cluster answers. */
interface Answers {
  version: string;
  csiDrivers: string[];
  storageClasses: string[];
  servesApi: readonly string[];
  defines: readonly string[];
  deployedApplications: string[];
  neuronNodes: string[];
}

async function checked(
  change: (answers: Answers) => void,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Result[]> {
  const config = parsed(settings);
  if (config.cluster.kind !== "existing") {
    throw new Error("the stack makes its cluster");
  }
  const answers: Answers = {
    version: config.cluster.kubernetesVersion,
    csiDrivers: ["ebs.csi.aws.com", "efs.csi.aws.com"],
    storageClasses: [],
    servesApi: ["v1beta1.metrics.k8s.io", "v1beta1.external.metrics.k8s.io"],
    defines: ["scaledobjects.keda.sh"],
    deployedApplications: ["aws-load-balancer-controller"],
    neuronNodes: ["inf2.xlarge", "inf2.xlarge", "inf2.8xlarge"],
  };
  change(answers);
  const reader: ClusterReader = {
    version: () => Promise.resolve(answers.version),
    csiDrivers: () => Promise.resolve(answers.csiDrivers),
    storageClasses: () => Promise.resolve(answers.storageClasses),
    servesApi: (name) => Promise.resolve(answers.servesApi.includes(name)),
    defines: (name) => Promise.resolve(answers.defines.includes(name)),
    deployedApplications: () => Promise.resolve(answers.deployedApplications),
    neuronNodes: () => Promise.resolve(answers.neuronNodes),
  };
  return runChecklist(
    EXISTING_CHECKS,
    {
      stack: "team",
      config,
      cluster: config.cluster,
      reader,
      huggingFaceToken: undefined,
      web: { fetch: () => Promise.reject(new Error("unused")), dial: () => Promise.resolve() },
    },
    { signal: new AbortController().signal, remedy: () => "" },
  );
}

/** All that is checked of a stack on a cluster that is there, in order. */
const NAMES = [
  "The kubeconfig has the context",
  "The cluster has the Kubernetes version",
  "Volumes can be made",
  "The metrics API is served",
  "KEDA scales on requests",
  "Something makes load balancers",
  "Neuron nodes",
  "Images can be pulled",
  "Models are at the hub",
  "The token opens gated models",
];

const notPassed = (results: readonly Result[]) => results.filter(({ status }) => status !== "pass");

describe("a cluster that has what the stack needs", () => {
  test("passes every check", async () => {
    expect(notPassed(await checked(() => undefined))).toEqual([]);
  });
});

describe("the preflight tells of a cluster", () => {
  test.each<[string, (answers: Answers) => void, Result["status"], string, string]>([
    [
      "of another version",
      (answers) => {
        answers.version = "1.30";
      },
      "fail",
      "test runs 1.30",
      "pulumi config set --stack team --path 'llm-gateway:cluster.kubernetesVersion' 1.30",
    ],
    [
      "without a CSI driver",
      (answers) => {
        answers.csiDrivers = ["ebs.csi.aws.com"];
      },
      "fail",
      "the CSI driver efs.csi.aws.com is not installed",
      "aws eks create-addon --addon-name aws-efs-csi-driver",
    ],
    [
      "without the metrics API",
      (answers) => {
        answers.servesApi = ["v1beta1.external.metrics.k8s.io"];
      },
      "fail",
      "v1beta1.metrics.k8s.io is not available",
      "aws eks create-addon --addon-name metrics-server",
    ],
    [
      "without the load balancer controller",
      (answers) => {
        answers.deployedApplications = [];
      },
      "warn",
      "no Deployment is labelled app.kubernetes.io/name=aws-load-balancer-controller",
      "gateway.service.type: ClusterIP",
    ],
    [
      "without a Neuron node of a type",
      (answers) => {
        answers.neuronNodes = ["inf2.xlarge"];
      },
      "warn",
      "no node of inf2.8xlarge offers a Neuron device now",
      "a node autoscaler",
    ],
  ])("%s", async (_what, change, status, seen, remedy) => {
    const [problem, ...others] = notPassed(await checked(change));
    expect(others).toEqual([]);
    expect(problem?.status).toBe(status);
    expect(problem?.seen).toContain(seen);
    expect(problem?.remedy).toContain(remedy);
  });

  const KEDA = { autoscaling: { requests: "keda" } };

  test("with KEDA, for a stack that scales on requests", async () => {
    expect(notPassed(await checked(() => undefined, KEDA))).toEqual([]);
  });

  test.each<[string, (answers: Answers) => void, string, string]>([
    [
      "without KEDA's definitions",
      (answers) => {
        answers.defines = [];
      },
      "there is no scaledobjects.keda.sh",
      "install KEDA 2.20 or later",
    ],
    [
      "whose external metrics nobody serves",
      (answers) => {
        answers.servesApi = ["v1beta1.metrics.k8s.io"];
      },
      "v1beta1.external.metrics.k8s.io is not available",
      "kubectl describe apiservice v1beta1.external.metrics.k8s.io",
    ],
  ])("%s, to a stack that scales on requests and to no other", async (_, change, seen, remedy) => {
    const [problem, ...others] = notPassed(await checked(change, KEDA));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ check: "KEDA scales on requests", status: "fail" });
    expect(problem?.seen).toContain(seen);
    expect(problem?.remedy).toContain(remedy);
    expect(notPassed(await checked(change))).toEqual([]);
  });

  test("without a storage class that the stack does not make itself", async () => {
    const results = await checked(() => undefined, {
      storage: {
        block: { create: false, name: "fast" },
        shared: { parameters: { fileSystemId: "fs-1" } },
      },
    });
    expect(notPassed(results)).toMatchObject([
      { status: "fail", seen: "there is no storage class fast" },
    ]);
  });
});

describe("a stack's file", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) {
      rmSync(folder, { recursive: true });
    }
  });

  function project(config: Readonly<Record<string, unknown>>): string {
    const folder = mkdtempSync(join(tmpdir(), "preflight-"));
    folders.push(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: llm-gateway\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.team.yaml"), stringify({ config }));
    writeFileSync(join(folder, "kubeconfig"), stringify({ apiVersion: "v1", kind: "Config" }));
    return folder;
  }

  // Interrupted before the first check that would ask somebody else.
  const run = (folder: string, stack = "team") =>
    preflight({ folder, stack, signal: AbortSignal.abort() });

  test("whose context the kubeconfig does not have is told so, encrypted token and all", async () => {
    const folder = project({
      "llm-gateway:cluster": { kind: "existing", context: "gone", kubeconfig: "KUBECONFIG" },
      "llm-gateway:storage": { shared: { parameters: { fileSystemId: "fs-1" } } },
      "llm-gateway:models": { "qwen3-8b-fp8-neuron": {} },
      "llm-gateway:huggingFaceToken": { secure: "v1:ciphertext" },
      "other:key": "ignored",
    });
    const results = await preflight({
      folder,
      stack: "team",
      kubeconfig: join(folder, "kubeconfig"),
      signal: AbortSignal.abort(),
    });
    expect(results[0]).toMatchObject({
      check: "The kubeconfig has the context",
      status: "fail",
      seen: "no context gone: the kubeconfig has none",
    });
    expect(results.slice(1).every(({ status }) => status === "skipped")).toBe(true);
    expect(results.map(({ check }) => check)).toEqual(NAMES);
  });

  test("whose context is there has everything checked", async () => {
    const folder = project({
      "llm-gateway:cluster": { kind: "existing", context: "here" },
      "llm-gateway:storage": { shared: { parameters: { fileSystemId: "fs-1" } } },
      "llm-gateway:models": { "qwen3-8b-fp8-neuron": {} },
      "llm-gateway:huggingFaceToken": { secure: "v1:ciphertext" },
    });
    const kubeconfig = join(folder, "kubeconfig");
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: "c", server: "https://127.0.0.1:1" }],
      users: [{ name: "u" }],
      contexts: [{ name: "here", cluster: "c", user: "u" }],
      currentContext: "here",
    });
    writeFileSync(kubeconfig, config.exportConfig());
    const results = await preflight({
      folder,
      stack: "team",
      kubeconfig,
      signal: AbortSignal.abort(),
    });
    expect(results[0]).toEqual({ check: NAMES[0], status: "pass", seen: "here" });
    expect(results.map(({ check }) => check)).toEqual(NAMES);
  });

  test("with a mistake ends in the path of the mistake", async () => {
    const folder = project({ "llm-gateway:cluster": { kind: "existing", contxt: "a" } });
    await expect(run(folder)).rejects.toThrow(/llm-gateway:cluster\.contxt: is not a known key/);
  });

  test("that is not there ends in the names of those that are", async () => {
    await expect(run(project({}), "prod")).rejects.toThrow(/there is no stack "prod"/);
  });
});
