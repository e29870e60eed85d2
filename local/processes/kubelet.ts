import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  PatchStrategy,
  setHeaderOptions,
  type CoreV1Api,
  type KubernetesObjectApi,
  type V1Pod,
} from "@kubernetes/client-node";
import { CPU_USAGE, MEMORY_USAGE } from "../control-plane/usage";
import { messageOf } from "../../domain/failure";
import { indexOf, podAddress } from "./addresses";
import { prepareContainer } from "./container";
import { balancedPorts, LoadBalancers } from "./loadBalancers";
import { clusterNames, type Names } from "./names";
import { PodProcess } from "./podProcess";
import { podStatus } from "./podStatus";
import { portForwardOf } from "./portForward";
import { processRoleOf } from "../control-plane/processRoles";
import type { Software } from "./launch";
import { UsageMeter } from "./usage";

/** How often measured usage goes into the metrics; metrics-server scrapes every 10 s. */
const USAGE_INTERVAL_MS = 5000;
const MERGE = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

interface Running {
  readonly process: PodProcess;
  readonly meter: UsageMeter;
  stopping: boolean;
  reported: string;
}

export interface KubeletOptions {
  readonly core: CoreV1Api;
  readonly objects: KubernetesObjectApi;
  /** Folder of the pods' files and logs. */
  readonly folder: string;
  /** Folder of the volumes that claims are bound to: what is in it outlives the pods. */
  readonly claims: string;
  readonly software: Software;
  /** Second number of the pods' addresses. */
  readonly podNetwork: number;
}

/**
 * Runs the pods that can run on this machine as processes and reports them to the API server; all other pods are left to
 * KWOK. Plays cluster DNS and load balancers for them, too.
 */
export class Kubelet {
  private readonly running = new Map<string, Running>();
  private readonly balancers = new LoadBalancers((line) => {
    console.error(line);
  });
  private readonly dnsFile: string;
  private names = "";
  private usageAt = 0;

  public constructor(private readonly options: KubeletOptions) {
    this.dnsFile = join(options.folder, "names.json");
  }

  /** One round: makes what runs agree with what the API server says. */
  public async reconcile(): Promise<void> {
    const { core } = this.options;
    const [pods, services] = await Promise.all([
      core.listPodForAllNamespaces(),
      core.listServiceForAllNamespaces(),
    ]);
    const ours = pods.items.filter(
      (pod) => pod.spec?.nodeName !== undefined && processRoleOf(pod) !== undefined,
    );
    const seen = new Set(ours.map(uidOf));
    for (const [uid, { process }] of this.running) {
      if (!seen.has(uid)) {
        process.kill();
        this.running.delete(uid);
      }
    }
    await this.publishNames(clusterNames(services.items, ours));
    for (const pod of ours) {
      await this.sync(pod, ours);
    }
    this.balancers.follow(balancedPorts(services.items, ours));
    await this.reportUsage(ours);
  }

  /** Ends every process at once. */
  public killAll(): void {
    for (const { process } of this.running.values()) {
      process.kill();
    }
  }

  private async sync(pod: V1Pod, all: readonly V1Pod[]): Promise<void> {
    const uid = uidOf(pod);
    const known = this.running.get(uid);
    if (pod.metadata?.deletionTimestamp !== undefined) {
      if (known?.stopping !== true) {
        if (known !== undefined) {
          known.stopping = true;
        }
        this.remove(pod, known).catch((error: unknown) => {
          console.error(`${nameOf(pod)}: ${messageOf(error)}`);
        });
      }
      return;
    }
    if (known === undefined) {
      await this.start(pod, all).catch((error: unknown) => {
        // Its Secret or ConfigMap may come in a moment: the next round tries again.
        console.error(`${nameOf(pod)}: ${messageOf(error)}`);
      });
      return;
    }
    await this.report(pod, known);
  }

  private async start(pod: V1Pod, all: readonly V1Pod[]): Promise<void> {
    const { core, software, claims } = this.options;
    const address = pod.status?.podIP ?? this.freeAddress(all);
    const folder = join(this.options.folder, uidOf(pod));
    const prepared = await prepareContainer(core, pod, {
      folder,
      claims,
      address,
      software,
      dnsFile: this.dnsFile,
    });
    await this.options.objects.patch(
      portForwardOf(pod, address),
      undefined,
      undefined,
      "embedded-kubelet",
      true,
      PatchStrategy.ServerSideApply,
    );
    const process = new PodProcess(prepared, folder, address);
    const running = { process, meter: new UsageMeter(), stopping: false, reported: "" };
    this.running.set(uidOf(pod), running);
    await this.report(pod, running);
  }

  private async report(pod: V1Pod, running: Running): Promise<void> {
    const state = JSON.stringify(running.process.observed);
    if (state === running.reported) {
      return;
    }
    await this.options.core.patchNamespacedPodStatus(
      {
        name: pod.metadata?.name ?? "",
        namespace: pod.metadata?.namespace ?? "",
        body: { status: podStatus(pod, running.process.observed, new Date()) },
      },
      MERGE,
    );
    running.reported = state;
  }

  private async remove(pod: V1Pod, running: Running | undefined): Promise<void> {
    await running?.process.stop(pod);
    await this.options.core.deleteNamespacedPod({
      name: pod.metadata?.name ?? "",
      namespace: pod.metadata?.namespace ?? "",
      body: { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } },
    });
    this.running.delete(uidOf(pod));
    await rm(join(this.options.folder, uidOf(pod)), { recursive: true, force: true });
  }

  private freeAddress(pods: readonly V1Pod[]): string {
    const { podNetwork } = this.options;
    const used = new Set([
      ...pods.map(({ status }) => indexOf(podNetwork, status?.podIP ?? "")),
      ...[...this.running.values()].map(({ process }) =>
        indexOf(podNetwork, process.observed.address),
      ),
    ]);
    let index = 1;
    while (used.has(index)) {
      index += 1;
    }
    return podAddress(podNetwork, index);
  }

  private async publishNames(names: Names): Promise<void> {
    const text = JSON.stringify(names, undefined, 2);
    if (text !== this.names) {
      await mkdir(this.options.folder, { recursive: true });
      // Whole or not at all: processes read it at any moment.
      await writeFile(`${this.dnsFile}.new`, text);
      await rename(`${this.dnsFile}.new`, this.dnsFile);
      this.names = text;
    }
  }

  private async reportUsage(pods: readonly V1Pod[]): Promise<void> {
    if (Date.now() - this.usageAt < USAGE_INTERVAL_MS) {
      return;
    }
    this.usageAt = Date.now();
    for (const pod of pods) {
      const running = this.running.get(uidOf(pod));
      const pid = running?.process.pid;
      if (running === undefined || running.stopping || pid === undefined) {
        continue;
      }
      const usage = await running.meter.measure(pid);
      if (usage !== undefined) {
        await this.options.core.patchNamespacedPod(
          {
            name: pod.metadata?.name ?? "",
            namespace: pod.metadata?.namespace ?? "",
            body: {
              metadata: {
                annotations: {
                  [CPU_USAGE]: `${usage.cpuMillis}m`,
                  [MEMORY_USAGE]: `${usage.memoryMiB}Mi`,
                },
              },
            },
          },
          MERGE,
        );
      }
    }
  }
}

function uidOf(pod: V1Pod): string {
  return pod.metadata?.uid ?? "";
}

function nameOf(pod: V1Pod): string {
  return `${pod.metadata?.namespace}/${pod.metadata?.name}`;
}
