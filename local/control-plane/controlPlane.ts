import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  VersionApi,
} from "@kubernetes/client-node";
import execa from "execa";
import { stringify } from "yaml";
import {
  clusterFolderOf,
  contextOf,
  kubeconfigOf,
  workFolderOf,
  type Environment,
} from "./environment";
import { outputOf, UserError } from "../../domain/failure";
import { KUBERNETES_VERSION } from "../tools/manifest";
import { applyKedaDefinitions } from "./kedaDefinitions";
import { metricsServerKustomization } from "./metricsServer";
import { simulatedNodes } from "./nodes";
import { simulatedPodStages } from "./stages";
import { clusterResourceUsage, resourceMetrics } from "./usage";
import { PatientKubeConfig } from "../../operations/stack/patientKubeConfig";

/** Seconds that the control plane may take to answer. */
const START_SECONDS = 300;

/** How a control plane came to run. */
export type Outcome = "running already" | "started again" | "created";

/**
 * The control plane of an environment: real etcd, API server, scheduler, controller manager and metrics-server as
 * processes on loopback, with KWOK playing the kubelets of simulated nodes.
 */
export class ControlPlane {
  /** @param toolFolders folders of the built tools */
  public constructor(
    private readonly environment: Environment,
    private readonly toolFolders: readonly string[],
  ) {}

  /** Whether an earlier run left a control plane, running or not. */
  public static isThere(environment: Environment): boolean {
    return existsSync(workFolderOf(environment));
  }

  /** Whether the API server answers. */
  public async isRunning(): Promise<boolean> {
    const config = this.kubeConfig();
    if (config === undefined) {
      return false;
    }
    try {
      await config.makeApiClient(VersionApi).getCode();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Brings the control plane up whatever state an earlier run left it in: running, stopped, half-started or absent.
   *
   * @throws UserError with the log's end when it does not start
   */
  public async start(): Promise<Outcome> {
    const outcome = await this.startProcesses();
    await this.startMetricsServer();
    await this.registerNodes();
    await applyKedaDefinitions(kubeconfigOf(this.environment), this.env());
    return outcome;
  }

  /** Stops all processes and removes the cluster's data. */
  public async remove(): Promise<void> {
    if (ControlPlane.isThere(this.environment)) {
      await this.kwokctl(["delete", "cluster"]);
    }
    await rm(this.workFolder(), { recursive: true, force: true });
    await rm(kubeconfigOf(this.environment), { force: true });
  }

  private async startProcesses(): Promise<Outcome> {
    if (await this.isRunning()) {
      return "running already";
    }
    if (existsSync(join(clusterFolderOf(this.environment), "kwok.yaml"))) {
      try {
        await this.kwokctl(["start", "cluster", "--wait", "60s"]);
        if (await this.isRunning()) {
          return "started again";
        }
      } catch {
        // What is left of it cannot be started: a new cluster takes its place, and the caller is told so.
      }
      await this.remove();
    }
    try {
      await this.create();
    } catch {
      // kwokctl gives a new API server seconds to serve its definitions, too few on a machine with much else to do: once more.
      await this.remove();
      await this.create();
    }
    return "created";
  }

  private async create(): Promise<void> {
    const { folder, horizontalPodAutoscalerSyncSeconds } = this.environment;
    await mkdir(folder, { recursive: true });
    const usage = join(folder, "usage.yaml");
    const metrics = join(folder, "metrics.yaml");
    const options = join(folder, "kwokctl.yaml");
    await writeFile(usage, clusterResourceUsage());
    await writeFile(metrics, resourceMetrics());
    const stages = join(folder, "stages.yaml");
    await writeFile(stages, simulatedPodStages());
    const metricsServer = join(folder, "metrics-server");
    await mkdir(metricsServer, { recursive: true });
    for (const [name, content] of Object.entries(metricsServerKustomization())) {
      await writeFile(join(metricsServer, name), content);
    }
    await writeFile(
      options,
      stringify({
        apiVersion: "config.kwok.x-k8s.io/v1alpha1",
        kind: "KwokctlConfiguration",
        options: {
          bindAddress: "127.0.0.1",
          kubeVersion: KUBERNETES_VERSION,
          metricsServerManifests: [metricsServer],
        },
      }),
    );
    const binary = (name: string) => {
      const found = this.toolFolders.map((tool) => join(tool, name)).find(existsSync);
      if (found === undefined) {
        throw new Error(`${name} is not among the built tools`);
      }
      return found;
    };
    await this.kwokctl([
      "create",
      "cluster",
      "--runtime",
      "binary",
      ...[
        ["etcd", "etcd"],
        ["kube-apiserver", "kube-apiserver"],
        ["kube-controller-manager", "kube-controller-manager"],
        ["kube-scheduler", "kube-scheduler"],
        ["kwok-controller", "kwok"],
        ["metrics-server", "metrics-server"],
      ].flatMap(([flag = "", name = ""]) => [`--${flag}-binary`, binary(name)]),
      "--enable",
      "metrics-server",
      // The kubelet of processes says by these objects where a pod's ports really are.
      ...(this.environment.processes ? ["--enable-crds", "PortForward"] : []),
      "--extra-args",
      `kube-controller-manager=horizontal-pod-autoscaler-sync-period=${horizontalPodAutoscalerSyncSeconds}s`,
      // The shortest that metrics-server accepts, with a timeout below it: a new environment shows metrics after two scrapes.
      "--extra-args",
      "metrics-server=metric-resolution=10s",
      "--extra-args",
      "metrics-server=kubelet-request-timeout=5s",
      "--wait",
      `${START_SECONDS}s`,
      "--kubeconfig",
      kubeconfigOf(this.environment),
      ...[options, usage, metrics, ...(this.environment.processes ? [stages] : [])].flatMap(
        (file) => ["--config", file],
      ),
    ]);
  }

  /** metrics-server gives up when the API server is not ready at its start; starting it again is harmless. */
  private async startMetricsServer(): Promise<void> {
    const deadline = Date.now() + START_SECONDS * 1000;
    while (Date.now() < deadline) {
      const services = await execa(
        "kubectl",
        [
          "--kubeconfig",
          kubeconfigOf(this.environment),
          "get",
          "--raw",
          "/apis/metrics.k8s.io/v1beta1",
        ],
        { env: this.env(), reject: false, timeout: 5000 },
      );
      if (services.exitCode === 0) {
        return;
      }
      await this.kwokctl(["start", "cluster"]);
      await sleep(1000);
    }
    throw new UserError(
      `metrics-server did not answer within ${START_SECONDS} s`,
      `look at ${join(clusterFolderOf(this.environment), "logs")}, then run make down and make up`,
    );
  }

  private async registerNodes(): Promise<void> {
    const config = this.config();
    const objects = KubernetesObjectApi.makeApiClient(config);
    for (const node of simulatedNodes()) {
      await objects.patch(
        node,
        undefined,
        undefined,
        "embedded-environment",
        true,
        PatchStrategy.ServerSideApply,
      );
    }
  }

  /** @throws Error before the control plane was created */
  private config(): KubeConfig {
    const config = this.kubeConfig();
    if (config === undefined) {
      throw new Error(`${kubeconfigOf(this.environment)} does not exist`);
    }
    return config;
  }

  private kubeConfig(): KubeConfig | undefined {
    const path = kubeconfigOf(this.environment);
    if (!existsSync(path)) {
      return undefined;
    }
    const config = new PatientKubeConfig();
    config.loadFromFile(path);
    config.setCurrentContext(contextOf(this.environment));
    return config;
  }

  private workFolder(): string {
    return workFolderOf(this.environment);
  }

  private env(): Record<string, string> {
    return {
      KWOK_WORKDIR: this.workFolder(),
      KWOK_KUBE_VERSION: KUBERNETES_VERSION,
      PATH: [...this.toolFolders, process.env.PATH ?? ""].join(delimiter),
    };
  }

  private async kwokctl(args: readonly string[]): Promise<void> {
    try {
      await execa("kwokctl", [...args, "--name", this.environment.name], {
        env: this.env(),
        all: true,
      });
    } catch (error) {
      throw new UserError(
        `kwokctl ${args.slice(0, 2).join(" ")} failed:\n${outputOf(error)}`,
        "run make down, then make up; if a port is taken, the line above names it",
      );
    }
  }
}
