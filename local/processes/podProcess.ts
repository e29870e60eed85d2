import { spawn, type ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod, V1Probe } from "@kubernetes/client-node";
import type { PreparedContainer } from "./container";
import type { Observed } from "./podStatus";
import { watchProbe } from "./probe";

/** Seconds before the first restart of a process that ended; doubled each time, up to a minute. */
const FIRST_BACKOFF_SECONDS = 1;
const LONGEST_BACKOFF_SECONDS = 60;

/** The process of one pod from its start to its end, with the probes, restarts and shutdown sequence of a kubelet. */
export class PodProcess {
  private child: ChildProcess | undefined;
  private probes = new AbortController();
  private stopping = false;
  private observedNow: Observed;

  public constructor(
    private readonly prepared: PreparedContainer,
    private readonly folder: string,
    address: string,
  ) {
    this.observedNow = {
      address,
      started: false,
      ready: false,
      restarts: 0,
      startedAt: new Date(),
    };
    this.start();
  }

  public get observed(): Observed {
    return this.observedNow;
  }

  /** Process id while it runs. */
  public get pid(): number | undefined {
    return this.child?.pid;
  }

  /** preStop, SIGTERM, and SIGKILL for what is left after the grace period. Resolves when the process is gone. */
  public async stop(pod: V1Pod): Promise<void> {
    this.stopping = true;
    const deadline = Date.now() + (pod.metadata?.deletionGracePeriodSeconds ?? 30) * 1000;
    const preStop = this.prepared.container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    await this.wait(Math.min(preStop * 1000, deadline - Date.now()));
    this.probes.abort();
    this.child?.kill(this.prepared.launch.stopSignal ?? "SIGTERM");
    await this.wait(deadline - Date.now());
    this.kill();
    await this.wait(5000);
  }

  /** Ends the process at once. */
  public kill(): void {
    this.stopping = true;
    this.probes.abort();
    this.killGroup();
  }

  /** As the end of a container does it: nothing that its process started outlives it. */
  private killGroup(): void {
    const pid = this.child?.pid;
    if (pid !== undefined) {
      killGroupOf(pid);
    }
  }

  /** Waits for the end of the process, at most so long. */
  private async wait(milliseconds: number): Promise<void> {
    const { child } = this;
    if (child === undefined || milliseconds <= 0) {
      return;
    }
    const done = new AbortController();
    const ended = () => {
      done.abort();
    };
    child.once("exit", ended);
    await sleep(milliseconds, undefined, { signal: done.signal }).catch(() => undefined);
    child.off("exit", ended);
  }

  private start(): void {
    const { command, args, env } = this.prepared.launch;
    const log = openSync(join(this.folder, "log"), "a");
    const child = spawn(command, args, {
      cwd: join(this.folder, "scratch"),
      env,
      stdio: ["ignore", log, log],
      // A group of its own, which ends as one.
      detached: true,
    });
    this.child = child;
    this.probes = new AbortController();
    this.update({ started: false, ready: false, startedAt: new Date() });
    void writeFile(join(this.folder, "pid"), String(child.pid ?? ""));
    const { pid } = child;
    child.once("exit", (code) => {
      this.child = undefined;
      this.probes.abort();
      if (pid !== undefined) {
        killGroupOf(pid);
      }
      void rm(join(this.folder, "pid"), { force: true });
      if (!this.stopping) {
        void this.ended(code ?? 137);
      }
    });
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
    });
    this.watch();
  }

  /** What its restart policy says. */
  private async ended(code: number): Promise<void> {
    const policy = this.prepared.restartPolicy;
    if (policy === "Never" || (policy === "OnFailure" && code === 0)) {
      const at = new Date();
      const { terminationMessagePolicy } = this.prepared.container;
      const told = code !== 0 && terminationMessagePolicy === "FallbackToLogsOnError";
      const message = told ? await endOf(join(this.folder, "log")) : "";
      this.update({ started: false, ready: false, completed: { code, at, message } });
      return;
    }
    await this.restart(code);
  }

  private async restart(code: number): Promise<void> {
    const { restarts } = this.observedNow;
    this.update({
      started: false,
      ready: false,
      restarts: restarts + 1,
      lastExit: { code, at: new Date() },
    });
    await sleep(Math.min(FIRST_BACKOFF_SECONDS * 2 ** restarts, LONGEST_BACKOFF_SECONDS) * 1000);
    // The pod may have been deleted meanwhile.
    if (!this.isStopping()) {
      this.start();
    }
  }

  private isStopping(): boolean {
    return this.stopping;
  }

  private watch(): void {
    const { startupProbe, readinessProbe, livenessProbe } = this.prepared.container;
    const { signal } = this.probes;
    const begin = () => {
      if (this.observedNow.started || signal.aborted) {
        return;
      }
      this.update({ started: true, ready: readinessProbe === undefined });
      this.run(readinessProbe, signal, (ready) => {
        this.update({ ready });
      });
      this.run(livenessProbe, signal, this.killUnhealthy);
    };
    if (startupProbe === undefined) {
      begin();
      return;
    }
    const startup = new AbortController();
    signal.addEventListener("abort", () => {
      startup.abort();
    });
    this.run(startupProbe, startup.signal, (healthy) => {
      if (healthy) {
        startup.abort();
        begin();
      } else {
        this.killUnhealthy(false);
      }
    });
  }

  private readonly killUnhealthy = (healthy: boolean): void => {
    if (!healthy) {
      this.killGroup();
    }
  };

  private run(
    probe: V1Probe | undefined,
    signal: AbortSignal,
    onChange: (healthy: boolean) => void,
  ): void {
    if (probe === undefined) {
      return;
    }
    const { host, container, launch } = this.prepared;
    const target = { host, ports: container.ports, env: launch.env };
    watchProbe(probe, target, signal, (healthy) => {
      if (!signal.aborted) {
        onChange(healthy);
      }
    }).catch((error: unknown) => {
      console.error(`probe of ${container.name}: ${String(error)}`);
    });
  }

  private update(changes: Partial<Observed>): void {
    this.observedNow = { ...this.observedNow, ...changes };
  }
}

function killGroupOf(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nothing of it is left.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}

/** What a kubelet keeps of a failed container's log where its policy is FallbackToLogsOnError: the last 80 lines, at most 2048 bytes. */
async function endOf(log: string): Promise<string> {
  const text = await readFile(log, "utf8");
  return Buffer.from(text.trimEnd().split("\n").slice(-80).join("\n")).subarray(-2048).toString();
}
