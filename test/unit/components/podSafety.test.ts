/** What must hold of every pod that the stacks declare, from its first update to its end, whatever else changes. */
import { beforeAll, describe, expect, test } from "vitest";
import { labelOf, type DeclaredResource } from "../../../local/render/resource";
import { declared, named, ofType, podOf, specOf } from "../../support/declared";

/** Seconds that a request may take in every stack here: no stack file changes the default. */
const REQUEST_SECONDS = 120;

let local: readonly DeclaredResource[];
let prod: readonly DeclaredResource[];
beforeAll(async () => {
  local = await declared("local");
  prod = await declared("prod");
});

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

  test("stays in its Service while its database is away, but starts with it alone", () => {
    const [proxy] = podOf(named(prod, "Deployment gateway")).containers;
    // LiteLLM answers 503 at /health/readiness without its database, and at /health/liveliness while it drains.
    expect(proxy?.readinessProbe?.httpGet?.path).toBe("/health/liveliness");
    expect(proxy?.startupProbe?.httpGet?.path).toBe("/health/readiness");
  });

  test("keeps idle connections longer than the load balancer, and describes its API to nobody without a key", () => {
    const [proxy] = podOf(named(prod, "Deployment gateway")).containers;
    const env = new Map(proxy?.env?.map(({ name, value }) => [name, value]));
    // Three attempts of 120 s with a model and with its fallback, of which the load balancer of a TCP listener is told.
    expect(Number(env.get("KEEPALIVE_TIMEOUT"))).toBeGreaterThan(2 * 3 * 120 + 10);
    expect([env.get("NO_DOCS"), env.get("NO_REDOC"), env.get("NO_OPENAPI")]).toEqual([
      "True",
      "True",
      "True",
    ]);
  });
});

describe("Cluster Autoscaler", () => {
  const ANNOTATION = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

  /** Volumes of the node's disk, and those of them that a pod may lose with its node. */
  const localVolumes = (resource: DeclaredResource) => {
    const { metadata, spec } = (
      resource.inputs as {
        spec: {
          template: {
            metadata: { annotations?: Record<string, string> };
            spec: {
              volumes: { name: string; emptyDir?: { medium?: string }; hostPath?: unknown }[];
            };
          };
        };
      }
    ).spec.template;
    return {
      local: spec.volumes
        .filter(({ emptyDir, hostPath }) =>
          emptyDir === undefined ? hostPath !== undefined : emptyDir.medium !== "Memory",
        )
        .map(({ name }) => name),
      expendable: (metadata.annotations?.[ANNOTATION] ?? "").split(",").filter(Boolean),
    };
  };

  test("may take a node away under a gateway pod, whose volumes are all expendable", () => {
    const { local: volumes, expendable } = localVolumes(named(prod, "Deployment gateway"));
    expect(volumes).not.toEqual([]);
    expect(expendable).toEqual(volumes);
  });

  test("leaves the nodes of stores, model servers and artifact Jobs, which begin again with an outage", () => {
    const kept = [
      ...["StatefulSet gateway-postgresql", "StatefulSet gateway-redis"].map((label) =>
        named(local, label),
      ),
      ...ofType(local, "Job"),
      ...ofType(local, "StatefulSet"),
    ];
    for (const resource of kept) {
      const { local: volumes, expendable } = localVolumes(resource);
      expect(volumes, labelOf(resource)).not.toEqual([]);
      expect(expendable, labelOf(resource)).toEqual([]);
    }
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
    const { advanced } = specOf(named(prod, "ScaledObject gateway-autoscaler")) as {
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: Record<string, { stabilizationWindowSeconds: number; selectPolicy: string }>;
        };
      };
    };
    const { behavior } = advanced.horizontalPodAutoscalerConfig;
    expect(behavior.scaleUp).toMatchObject({ selectPolicy: "Max" });
    expect(behavior.scaleUp?.stabilizationWindowSeconds).toBeLessThanOrEqual(60);
    expect(behavior.scaleDown).toMatchObject({ selectPolicy: "Min" });
    expect(behavior.scaleDown?.stabilizationWindowSeconds).toBeGreaterThanOrEqual(300);
  });
});
