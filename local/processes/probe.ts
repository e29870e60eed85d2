import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Container, V1Probe } from "@kubernetes/client-node";
import execa from "execa";

/** Where and how the probes of one container look. */
export interface ProbeTarget {
  readonly host: string;
  readonly ports: V1Container["ports"];
  /** Environment of commands. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a probe over and over, and tells when enough answers in a row say the same. Ends with the signal. */
export async function watchProbe(
  probe: V1Probe,
  target: ProbeTarget,
  signal: AbortSignal,
  onChange: (healthy: boolean) => void,
): Promise<void> {
  const successes = probe.successThreshold ?? 1;
  const failures = probe.failureThreshold ?? 3;
  let streak = { healthy: false, length: 0 };
  while (!signal.aborted) {
    const healthy = await runProbe(probe, target);
    streak =
      healthy === streak.healthy ? { healthy, length: streak.length + 1 } : { healthy, length: 1 };
    if (streak.length === (healthy ? successes : failures)) {
      onChange(healthy);
    }
    await sleep((probe.periodSeconds ?? 10) * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** One answer of a probe. @throws Error for a kind of probe that is not played */
export async function runProbe(probe: V1Probe, target: ProbeTarget): Promise<boolean> {
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.httpGet !== undefined) {
    const port = portOf(probe.httpGet.port, target.ports);
    try {
      const response = await fetch(`http://${target.host}:${port}${probe.httpGet.path ?? "/"}`, {
        signal: AbortSignal.timeout(timeout),
      });
      await response.body?.cancel();
      return response.status >= 200 && response.status < 400;
    } catch {
      return false;
    }
  }
  if (probe.tcpSocket !== undefined) {
    return connects(target.host, portOf(probe.tcpSocket.port, target.ports), timeout);
  }
  if (probe.exec?.command !== undefined) {
    const [file = "", ...args] = probe.exec.command;
    const { exitCode } = await execa(file, args, { env: target.env, reject: false, timeout });
    return exitCode === 0;
  }
  throw new Error("the embedded kubelet plays httpGet, tcpSocket and exec probes");
}

function portOf(port: number | string, ports: V1Container["ports"]): number {
  const found =
    typeof port === "number" ? port : ports?.find(({ name }) => name === port)?.containerPort;
  if (found === undefined) {
    throw new Error(`no port of the container is named ${port}`);
  }
  return found;
}

function connects(host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => {
      end(true);
    });
    socket.once("error", () => {
      end(false);
    });
    socket.once("timeout", () => {
      end(false);
    });
  });
}
