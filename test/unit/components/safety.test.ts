/** What must hold of everything that the stacks declare, whatever else changes: each test says what a fault would cost. */
import { beforeAll, describe, expect, test } from "vitest";
import { record } from "../../../local/render/recorder";
import { labelOf, type DeclaredResource } from "../../../local/render/resource";
import { stackSettings } from "../../../local/render/stackFile";

type Tree = Readonly<Record<string, unknown>>;

interface Pod {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: Tree;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly {
    readonly name: string;
    readonly securityContext?: Tree;
    readonly livenessProbe?: { readonly httpGet?: { readonly path: string } };
    readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
    readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
  }[];
}

interface Rule {
  readonly ports?: readonly { readonly port: number }[];
  readonly to?: readonly unknown[];
  readonly from?: readonly unknown[];
}

/** Seconds that a request may take in every stack here: no stack file changes the default. */
const REQUEST_SECONDS = 120;

let local: readonly DeclaredResource[];
let prod: readonly DeclaredResource[];
beforeAll(async () => {
  local = await declared("local");
  prod = await declared("prod");
});

async function declared(stack: string, changes: Tree = {}): Promise<readonly DeclaredResource[]> {
  const settings = { ...stackSettings(stack), ...changes };
  return (await record({ stack, settings })).resources;
}

function ofType(resources: readonly DeclaredResource[], type: string): DeclaredResource[] {
  const found = resources.filter(
    (resource) => resource.type.endsWith(`:${type}`) && !resource.component,
  );
  // A test over nothing would pass.
  expect(found, type).not.toEqual([]);
  return found;
}

function named(resources: readonly DeclaredResource[], label: string): DeclaredResource {
  const found = resources.find((resource) => labelOf(resource) === label);
  if (found === undefined) {
    throw new Error(`there is no ${label}`);
  }
  return found;
}

function podOf({ inputs }: DeclaredResource): Pod {
  return (inputs as { spec: { template: { spec: Pod } } }).spec.template.spec;
}

function specOf(resource: DeclaredResource): Tree {
  return resource.inputs.spec as Tree;
}

describe("a pod that is told to end", () => {
  test.each(["Deployment gateway", "StatefulSet qwen3-8b-fp8-neuron"])(
    "%s keeps serving until nobody sends to it, and finishes its longest request",
    (label) => {
      const { terminationGracePeriodSeconds, containers } = podOf(named(prod, label));
      const drain = containers[0]?.lifecycle?.preStop.sleep.seconds ?? 0;
      expect(drain).toBeGreaterThanOrEqual(10);
      expect(terminationGracePeriodSeconds).toBeGreaterThan(drain + REQUEST_SECONDS);
    },
  );

  test("a store has a minute to close its files", () => {
    for (const store of ["StatefulSet gateway-postgresql", "StatefulSet gateway-redis"]) {
      expect(podOf(named(local, store)).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(60);
    }
  });
});

describe("a roll or a drained node", () => {
  test("takes no capacity of the gateway away", () => {
    expect(specOf(named(prod, "Deployment gateway")).strategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  test("takes one pod of a workload at a time, and is never blocked", () => {
    for (const budget of ofType(prod, "PodDisruptionBudget")) {
      expect(specOf(budget)).toMatchObject({ maxUnavailable: 1 });
    }
  });

  test("does not restart a pod because something that it depends on is away", () => {
    const [proxy] = podOf(named(prod, "Deployment gateway")).containers;
    expect(proxy?.livenessProbe?.httpGet?.path).toBe("/health/liveliness");
  });
});

describe("a pod", () => {
  test("in the gateway's namespace is restricted, on a read-only root file system", () => {
    const pods = [
      "Deployment gateway",
      "StatefulSet gateway-postgresql",
      "StatefulSet gateway-redis",
    ];
    for (const pod of pods.map((label) => podOf(named(local, label)))) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      for (const { securityContext } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
      }
    }
  });

  test("outside of kube-system has no token of the Kubernetes API", () => {
    const workloads = ["Deployment", "StatefulSet", "Job"].flatMap((type) => ofType(local, type));
    for (const workload of workloads) {
      expect(podOf(workload).automountServiceAccountToken, labelOf(workload)).toBe(false);
    }
  });

  test("that serves a model cannot change its artifact", () => {
    const [server] = podOf(named(prod, "StatefulSet qwen3-8b-fp8-neuron")).containers;
    expect(server?.volumeMounts).toContainEqual(
      expect.objectContaining({ name: "artifacts", readOnly: true }),
    );
  });
});

describe("the network", () => {
  const rulesOf = (policy: DeclaredResource, direction: "ingress" | "egress") =>
    (specOf(policy)[direction] ?? []) as readonly Rule[];

  test.each(["gateway", "models"])(
    "lets nothing in or out of the %s' namespace by default",
    (role) => {
      expect(specOf(named(prod, `NetworkPolicy workspace-${role}-deny`))).toEqual({
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
      });
    },
  );

  test("is enforced on EKS", () => {
    expect(named(prod, "eks.Cluster platform").inputs).toMatchObject({
      vpcCniOptions: { enableNetworkPolicy: true },
    });
  });

  test("opens ports, each to named peers; only artifact Jobs reach the internet, over HTTPS", () => {
    const open = ofType(local, "NetworkPolicy").flatMap((policy) =>
      rulesOf(policy, "egress")
        .filter(({ to }) => to === undefined || to.length === 0)
        .map(({ ports }) => [policy.name, ports?.map(({ port }) => port)]),
    );
    expect(open).toEqual([["models-builders", [443]]]);
    for (const policy of ofType(local, "NetworkPolicy")) {
      for (const direction of ["egress", "ingress"] as const) {
        expect(rulesOf(policy, direction).every(({ ports = [] }) => ports.length > 0)).toBe(true);
      }
    }
  });

  test("lets everyone in to the gateway's port alone", () => {
    const open = ofType(local, "NetworkPolicy").filter((policy) =>
      rulesOf(policy, "ingress").some(({ from = [] }) => from.length === 0),
    );
    expect(open.map(({ name }) => name)).toEqual(["gateway-traffic"]);
  });

  test("has a NAT gateway in each zone of prod, so that no zone depends on another", () => {
    expect(ofType(prod, "NatGateway")).toHaveLength(3);
    const ways = ofType(prod, "Route").map(({ inputs }) => inputs.natGatewayId);
    expect(new Set(ways.filter((way) => way !== undefined)).size).toBe(3);
  });

  test("gives no address of the internet to a node, and no store's port to anyone but nodes", () => {
    for (const { inputs } of ofType(prod, "Subnet")) {
      expect(inputs.mapPublicIpOnLaunch).toBe(false);
    }
    for (const { inputs, name } of ofType(prod, "SecurityGroup")) {
      expect(inputs.ingress, name).toEqual([
        expect.not.objectContaining({ cidrBlocks: expect.anything() as unknown }),
      ]);
    }
    expect(named(prod, "aws.rds.Instance platform-database").inputs.publiclyAccessible).toBe(false);
  });
});

describe("clients of the gateway", () => {
  const annotationsOf = (resources: readonly DeclaredResource[]) => {
    const { metadata } = named(resources, "Service gateway-service").inputs;
    const { annotations } = metadata as { annotations: Record<string, string> };
    const prefix = "service.beta.kubernetes.io/aws-load-balancer-";
    return (key: string) => annotations[`${prefix}${key}`];
  };

  test("come from inside, unless the configuration opens the load balancer", async () => {
    expect(annotationsOf(prod)("scheme")).toBe("internal");
    const open = await declared("dev", { gateway: { service: { internal: false } } });
    expect(annotationsOf(open)("scheme")).toBe("internet-facing");
  });

  test("are limited to the ranges that the configuration names", async () => {
    const allowedSourceRanges = ["10.0.0.0/8"];
    const limited = await declared("dev", { gateway: { service: { allowedSourceRanges } } });
    expect(specOf(named(limited, "Service gateway-service"))).toMatchObject({
      loadBalancerSourceRanges: allowedSourceRanges,
    });
  });

  test("speak TLS 1.2 or later where there is a certificate, and have no other port", async () => {
    const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/example";
    const tls = { certificateArn, hostName: "llm.example.com" };
    const secure = await declared("dev", { gateway: { service: { tls } } });
    expect(annotationsOf(secure)("ssl-cert")).toBe(certificateArn);
    expect(annotationsOf(secure)("ssl-ports")).toBe("443");
    expect(annotationsOf(secure)("ssl-negotiation-policy")).toMatch(/TLS13-1-2/);
    expect(specOf(named(secure, "Service gateway-service")).ports).toEqual([
      { name: "https", port: 443, targetPort: "http" },
    ]);
  });
});

describe("data", () => {
  test("is encrypted where it lies", () => {
    expect(named(prod, "aws.efs.FileSystem platform-artifacts").inputs.encrypted).toBe(true);
    expect(named(prod, "aws.rds.Instance platform-database").inputs.storageEncrypted).toBe(true);
    expect(named(prod, "eks.Cluster platform").inputs.encryptionConfigKeyArn).toBe(
      "<aws.kms.Key platform-secrets.arn>",
    );
    expect(named(prod, "StorageClass workspace-block").inputs).toMatchObject({
      parameters: { encrypted: "true" },
    });
    for (const { inputs } of ofType(prod, "LaunchTemplate")) {
      expect(inputs).toMatchObject({ blockDeviceMappings: [{ ebs: { encrypted: "true" } }] });
    }
  });

  test("travels over TLS alone, between the gateway and managed stores", () => {
    const cache = named(prod, "aws.elasticache.ReplicationGroup platform-cache").inputs;
    expect(cache).toMatchObject({
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
    });
    expect(named(prod, "aws.rds.ParameterGroup platform-database").inputs.parameters).toEqual([
      { name: "rds.force_ssl", value: "1" },
    ]);
    expect(named(prod, "Secret credentials-litellm").inputs).toMatchObject({
      stringData: { DATABASE_URL: expect.stringMatching(/\?sslmode=require$/) as string },
    });
    const config = named(prod, "ConfigMap gateway-routing-config").inputs;
    // Once for the router, once for the cache.
    expect(JSON.stringify(config).split("ssl: true")).toHaveLength(3);
  });

  test("of production survives a destroy, and a lost database leaves a snapshot", () => {
    const kept = [
      "eks.Cluster platform",
      "aws.efs.FileSystem platform-artifacts",
      "aws.rds.Instance platform-database",
      "aws.elasticache.ReplicationGroup platform-cache",
    ];
    for (const label of kept) {
      expect(named(prod, label).options.protect, label).toBe(true);
    }
    expect(named(prod, "aws.rds.Instance platform-database").inputs).toMatchObject({
      deletionProtection: true,
      skipFinalSnapshot: false,
      deleteAutomatedBackups: false,
    });
  });
});

describe("a node", () => {
  test("keeps its role from the pods on it", () => {
    for (const { inputs } of ofType(prod, "LaunchTemplate")) {
      expect(inputs.metadataOptions).toMatchObject({
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
    }
  });

  test("is not taken away by an update: the autoscaler owns how many there are", () => {
    for (const { options } of ofType(prod, "NodeGroup")) {
      expect(options.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
    }
  });
});

describe("the order of a first update", () => {
  const waitsFor = (label: string) => named(prod, label).options.dependsOn;

  test("makes nodes and add-ons before anything that runs on them", () => {
    for (const component of ["Workspace workspace", "NeuronDevicePlugin neuron-device-plugin"]) {
      expect(waitsFor(component)).toEqual(
        expect.arrayContaining([
          "aws.eks.NodeGroup platform-system",
          "aws.eks.Addon platform-addons-aws-efs-csi-driver",
          "Release platform-controllers-load-balancer-controller",
        ]),
      );
    }
  });

  test("makes the gateway's Secrets before its pods, and an artifact before its server", () => {
    expect(waitsFor("Gateway gateway")).toContain("Secret credentials-litellm");
    expect(waitsFor("StatefulSet qwen3-8b-fp8-neuron")).toContain(
      "Job qwen3-8b-fp8-neuron-artifact",
    );
  });

  test("waits for a compilation as long as its Job may take, and longer than for anything else", () => {
    const { options, inputs } = named(prod, "Job qwen3-8b-fp8-neuron-artifact");
    const { activeDeadlineSeconds } = inputs.spec as { activeDeadlineSeconds: number };
    const { create } = options.customTimeouts as { create: string };
    const minutes = Number(/^(\d+)m/.exec(create)?.[1]);
    expect(minutes * 60).toBeGreaterThan(activeDeadlineSeconds);
  });
});

describe("an autoscaler", () => {
  test("adds pods within a minute, and takes them away slowly, by the more careful rule", () => {
    const { behavior } = specOf(named(prod, "HorizontalPodAutoscaler gateway-autoscaler")) as {
      behavior: Record<string, { stabilizationWindowSeconds: number; selectPolicy: string }>;
    };
    expect(behavior.scaleUp).toMatchObject({ selectPolicy: "Max" });
    expect(behavior.scaleUp?.stabilizationWindowSeconds).toBeLessThanOrEqual(60);
    expect(behavior.scaleDown).toMatchObject({ selectPolicy: "Min" });
    expect(behavior.scaleDown?.stabilizationWindowSeconds).toBeGreaterThanOrEqual(300);
  });
});
