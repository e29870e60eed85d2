/** The preflight of a stack on a cluster that is there. */
import { describe, expect, test } from "vitest";
import type { ClusterReader, KedaPod } from "../../../../operations/preflight/clusterReader";
import { EXISTING_CHECKS } from "../../../../operations/preflight/existingChecks";
import { runChecklist, type Result } from "../../../../operations/stack/checklist";
import { parsed } from "../../../support/config";

/** What a cluster answers. */
interface Answers {
  version: string;
  csiDrivers: string[];
  storageClasses: string[];
  servesApi: readonly string[];
  defines: readonly string[];
  keda: readonly KedaPod[];
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
    keda: [{ version: "2.20.2", watches: undefined }],
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
    kedaPods: ({ namespace, matchLabels: { app } }) =>
      Promise.resolve(namespace === "keda" && app === "keda-operator" ? answers.keda : []),
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

const notPassed = (results: readonly Result[]) => results.filter(({ status }) => status !== "pass");

describe("a cluster that has what the stack needs", () => {
  test("passes every check, which says what it has seen", async () => {
    const results = await checked(() => undefined);
    expect(notPassed(results)).toEqual([]);
    const seen = Object.fromEntries(results.map((result) => [result.check, result.seen]));
    expect(seen).toMatchObject({
      "Volumes can be made": "llm-gateway-block, llm-gateway-shared",
      "The metrics API is served": "v1beta1.metrics.k8s.io is available",
      "KEDA scales on requests": "autoscaling.requests is off",
      "Something makes load balancers": "aws-load-balancer-controller runs",
      "Neuron nodes": "2 inf2.xlarge, 1 inf2.8xlarge",
    });
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

  const pod = (version: string | undefined, watches?: KedaPod["watches"]): KedaPod => ({
    version,
    watches,
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
    [
      "whose KEDA is too old",
      (answers) => {
        answers.keda = [pod("2.19.0"), pod("2.19.0")];
      },
      "KEDA 2.19.0 takes the endpoints of every Service",
      "helm upgrade keda kedacore/keda --namespace keda",
    ],
    [
      "whose KEDA is elsewhere",
      (answers) => {
        answers.keda = [];
      },
      "no pod of keda has app: keda-operator",
      "autoscaling.keda.labels",
    ],
    [
      "whose KEDA looks at other namespaces",
      (answers) => {
        answers.keda = [pod("2.20.2"), pod("2.20.2", ["jobs", "litellm"])];
      },
      "KEDA watches jobs, litellm, and not vllm",
      "--version 2.20.2 --reuse-values --set watchNamespace='jobs\\,litellm\\,vllm' where",
    ],
    [
      "whose KEDA has its namespaces from elsewhere",
      (answers) => {
        answers.keda = [pod("2.20.2", "unknown")];
      },
      "come from elsewhere than its pod",
      "see that vllm and litellm are among them",
    ],
  ])("%s, to a stack that scales on requests and to no other", async (_, change, seen, remedy) => {
    const [problem, ...others] = notPassed(await checked(change, KEDA));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ check: "KEDA scales on requests", status: "fail" });
    expect(problem?.seen).toContain(seen);
    expect(problem?.remedy).toContain(remedy);
    expect(notPassed(await checked(change))).toEqual([]);
  });

  test("with a KEDA whose pods do not tell their version, which is said", async () => {
    const untold = (answers: Answers) => {
      answers.keda = [pod(undefined), pod("2.21.1")];
    };
    const results = await checked(untold, KEDA);
    expect(notPassed(results)).toEqual([]);
    expect(results.find(({ check }) => check === "KEDA scales on requests")?.seen).toMatch(
      /of KEDA of a version that its pods do not tell, 2\.21\.1$/,
    );
  });

  test("with a KEDA that looks at both of the stack's namespaces and others", async () => {
    const named = { ...KEDA, modelNamespace: "models", gateway: { namespace: "gateway" } };
    const watches = (answers: Answers) => {
      answers.keda = [pod("2.20.2", ["models", "jobs", "gateway"])];
    };
    expect(notPassed(await checked(watches, named))).toEqual([]);
    expect(notPassed(await checked(watches, KEDA))).toMatchObject([
      { seen: expect.stringContaining("and not vllm, litellm") as string },
    ]);
  });

  test("with its KEDA looked for where autoscaling.keda says", async () => {
    const elsewhere = { autoscaling: { requests: "keda", keda: { namespace: "scaling" } } };
    const [problem, ...others] = notPassed(await checked(() => undefined, elsewhere));
    expect(others).toEqual([]);
    expect(problem?.seen).toContain("no pod of scaling has app: keda-operator");
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
