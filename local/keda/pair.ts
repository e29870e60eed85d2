import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { KEDA_NAMESPACE } from "../../domain/keda";
import { freePorts } from "./ports";
import { readKedaState, writeKedaState } from "./state";

const LOOPBACK = "127.0.0.1";

export interface PairOptions {
  /** Folder of the built programs. */
  readonly programs: string;
  readonly kubeconfig: string;
  /** Folder with the environment's certificates, as kwokctl writes them. */
  readonly certificates: string;
  /** Folder of certificates and logs; both programs are known by it. */
  readonly folder: string;
  /** The HTTP proxy of the operator, which alone asks pods. */
  readonly proxy: string;
  /** Tells the API server on which port the adapter will listen. */
  readonly announce: (adapterPort: number) => Promise<void>;
}

/** KEDA's operator and metrics adapter: started together, on ports of their own, and anew when one of them is gone. */
export class Pair {
  private children: readonly ChildProcess[] = [];

  public constructor(private readonly options: PairOptions) {}

  /** Starts both unless both run. The other one of a program that has ended is ended, too: it knows its port. */
  public async keepUp(): Promise<void> {
    if (this.children.length > 0 && this.children.every(runs)) {
      return;
    }
    if (this.children.length > 0) {
      console.error(`${new Date().toISOString()} the operator or the adapter has ended`);
    }
    this.kill();
    await this.start();
  }

  /** Ends both at once. */
  public kill(): void {
    for (const child of this.children) {
      child.kill("SIGKILL");
    }
    this.children = [];
  }

  private async start(): Promise<void> {
    const { folder, announce, kubeconfig, proxy } = this.options;
    const certificates = await this.installCertificates();
    const [health = 0, metrics = 0, external = 0] = await freePorts(3);
    await announce(external);
    const operator = this.spawn(
      "keda-operator",
      [
        "--enable-prometheus-metrics=false",
        `--health-probe-bind-address=${LOOPBACK}:${health}`,
        `--metrics-service-bind-address=${LOOPBACK}:${metrics}`,
        `--cert-dir=${certificates}`,
        `--ca-dir=${certificates}`,
      ],
      // A namespace that is not named is every one.
      { HTTP_PROXY: proxy, WATCH_NAMESPACE: "" },
    );
    const adapter = this.spawn("keda-adapter", [
      `--bind-address=${LOOPBACK}`,
      `--secure-port=${external}`,
      `--metrics-service-address=${LOOPBACK}:${metrics}`,
      `--cert-dir=${certificates}`,
      `--tls-cert-file=${join(certificates, "tls.crt")}`,
      `--tls-private-key-file=${join(certificates, "tls.key")}`,
      ...["lister", "authentication", "authorization"].map(
        (of) => `--${of}-kubeconfig=${kubeconfig}`,
      ),
    ]);
    this.children = [operator, adapter];
    if (operator.pid === undefined || adapter.pid === undefined) {
      throw new Error(`the programs in ${this.options.programs} cannot be started`);
    }
    await writeKedaState(folder, {
      daemon: process.pid,
      operator: { pid: operator.pid, port: health },
      adapter: { pid: adapter.pid, port: external },
    });
  }

  private spawn(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    const { folder, programs, kubeconfig } = this.options;
    const log = openSync(join(folder, `${program}.log`), "a");
    const child = spawn(join(programs, program), ["--zap-encoder=console", ...args], {
      cwd: folder,
      // Nothing of the user's: a proxy or an account of theirs is not meant for it.
      env: {
        KUBECONFIG: kubeconfig,
        POD_NAMESPACE: KEDA_NAMESPACE,
        KEDA_CLUSTER_OBJECT_NAMESPACE: KEDA_NAMESPACE,
        ...env,
      },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.on("error", (error) => {
      console.error(`${program}: ${error.message}`);
    });
    return child;
  }

  /** Under the names that both programs expect. */
  private async installCertificates(): Promise<string> {
    const { certificates, folder } = this.options;
    const installed = join(folder, "certificates");
    await mkdir(installed, { recursive: true, mode: 0o700 });
    for (const [from, to] of [
      ["ca.crt", "ca.crt"],
      ["admin.crt", "tls.crt"],
      ["admin.key", "tls.key"],
    ] as const) {
      await copyFile(join(certificates, from), join(installed, to));
    }
    return installed;
  }
}

function runs(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Ends what an earlier daemon left that was killed before it could, known by its id and by the folder in its command line. */
export async function endLeftovers(folder: string): Promise<void> {
  const left = await readKedaState(folder);
  for (const { pid } of left === undefined ? [] : [left.operator, left.adapter]) {
    const { stdout } = await execa("ps", ["-o", "args=", "-p", String(pid)], { reject: false });
    if (stdout.includes(`--cert-dir=${join(folder, "certificates")}`)) {
      process.kill(pid, "SIGKILL");
    }
  }
}
