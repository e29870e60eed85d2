/** The live screen of `watch`, from a cluster and gateway pods to text. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { projectLabels } from "../../../domain/labels";
import { GATEWAY } from "../../../domain/names";
import { watch } from "../../../operations/watch/watch";
import { EVENTUALLY } from "../../support/eventually";
import { serveKubernetes } from "../../support/kubernetesApi";
import {
  GATEWAY_NAMESPACE,
  listening,
  MODEL_NAMESPACE,
  PATHS,
  pod,
  portOf,
} from "../../support/liveObjects";
import { stubConnection } from "../../support/stubConnection";
import { serveGateway } from "../../support/stubGateway";

const pauses = vi.hoisted(() => ({
  /** Milliseconds of each pause. */
  asked: [] as number[],
  /** What happens in each. */
  during: (_turn: number): void => undefined,
}));
// A screen follows the other at once.
vi.mock("../../../domain/pause", () => ({
  pause: (ms: number) => {
    pauses.asked.push(ms);
    pauses.during(pauses.asked.length);
    return Promise.resolve();
  },
}));

const cleanups: (() => Promise<void> | void)[] = [];
const screens: string[] = [];
beforeEach(() => {
  pauses.asked = [];
  pauses.during = () => undefined;
  screens.length = 0;
  vi.spyOn(console, "log").mockImplementation((text: string) => {
    screens.push(text);
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

const EVENTS = (namespace: string) => `/api/v1/namespaces/${namespace}/events`;
const event = (name: string, namespace: string) => ({
  metadata: { name, namespace },
  involvedObject: { name },
  reason: "Started",
  message: `${name} has started`,
});

async function stack() {
  let asked = 0;
  // Each look finds a thousand requests more.
  const gateway = await serveGateway(() => {
    asked += 1;
    return `litellm_deployment_total_requests_total{model_id="m-0"} ${asked * 1000}`;
  });
  cleanups.push(() => gateway.close());
  const api = await serveKubernetes(
    {
      [PATHS.autoscalers(GATEWAY_NAMESPACE)]: [
        {
          metadata: { name: "litellm-hpa" },
          spec: { scaleTargetRef: { name: GATEWAY }, minReplicas: 2, maxReplicas: 9 },
        },
      ],
      [PATHS.autoscalers(MODEL_NAMESPACE)]: [
        {
          metadata: { name: "m-hpa" },
          spec: { scaleTargetRef: { name: "m" }, minReplicas: 3, maxReplicas: 8 },
        },
      ],
      [PATHS.pods(GATEWAY_NAMESPACE)]: [
        listening("gateway-1"),
        { metadata: { name: "stranger", labels: {} }, status: {} },
      ],
      [PATHS.pods(MODEL_NAMESPACE)]: [
        pod("m-0", "server", { namespace: MODEL_NAMESPACE }),
        pod("artifact-done", "artifact", { status: { phase: "Succeeded" } }),
        { metadata: { name: "just-made", labels: projectLabels("server") } },
      ],
      [EVENTS(GATEWAY_NAMESPACE)]: [event("gateway-1", GATEWAY_NAMESPACE)],
      [EVENTS(MODEL_NAMESPACE)]: [event("m-0", MODEL_NAMESPACE)],
    },
    { forwards: { [portOf("gateway-1")]: gateway.port } },
  );
  cleanups.push(() => api.close());
  return {
    gateway,
    connection: stubConnection(api.config),
  };
}

const never = () => new AbortController().signal;

describe("watch", () => {
  test("shows workloads, pods and events of both namespaces, and requests per second", async () => {
    const { connection } = await stack();
    await watch(connection, { intervalSeconds: 3, once: true }, never());
    expect(screens).toHaveLength(1);
    const rows = (screens[0] ?? "").split("\n");
    const row = (pattern: RegExp) => rows.filter((line) => pattern.test(line));
    expect(row(/litellm .* 2-9/)).toHaveLength(1);
    expect(row(/ m .* 3-8/)).toHaveLength(1);
    expect(row(/gateway-1 .* ready/)).toHaveLength(1);
    expect(row(/m-0 .* ready/)).toHaveLength(1);
    expect(row(/just-made .* unknown/)).toHaveLength(1);
    expect(row(/has started/)).toHaveLength(2);
    expect(row(/│ m-0 +│ [1-9]\d*\.\d +│/)).toHaveLength(1);
  });

  test("shows neither pods of others nor those that have done their work", async () => {
    const { connection } = await stack();
    await watch(connection, { intervalSeconds: 3, once: true }, never());
    expect(screens[0]).not.toMatch(/stranger|artifact-done/);
  });

  test("waits a second between the two readings of the first rate, or the interval where it is shorter", async () => {
    const { connection } = await stack();
    await watch(connection, { intervalSeconds: 3, once: true }, never());
    await watch(connection, { intervalSeconds: 0.5, once: true }, never());
    expect(pauses.asked).toEqual([1000, 500]);
  });

  test("shows a screen at each interval until it is interrupted", async () => {
    const { connection, gateway } = await stack();
    const interruption = new AbortController();
    pauses.during = (turn) => {
      if (turn === 4) {
        interruption.abort();
      }
    };
    await watch(connection, { intervalSeconds: 3, once: false }, interruption.signal);
    expect(screens).toHaveLength(3);
    expect(pauses.asked).toEqual([1000, 3000, 3000, 3000]);
    // One reading more than screens: each rate is that since the screen before.
    expect(gateway.asked).toHaveLength(4);
  });

  test("interrupted before its first screen shows none", async () => {
    const { connection } = await stack();
    await watch(connection, { intervalSeconds: 3, once: false }, AbortSignal.abort());
    expect(screens).toEqual([]);
  });

  test("leaves no port-forward open, also where the cluster stops answering", async () => {
    const { connection, gateway } = await stack();
    await watch(connection, { intervalSeconds: 3, once: true }, never());
    await vi.waitFor(() => {
      expect(gateway.connections()).toBe(0);
    }, EVENTUALLY);
    const api = cleanups.pop();
    pauses.during = () => {
      pauses.during = () => undefined;
      void api?.();
    };
    await expect(watch(connection, { intervalSeconds: 3, once: false }, never())).rejects.toThrow();
    await vi.waitFor(() => {
      expect(gateway.connections()).toBe(0);
    }, EVENTUALLY);
  });
});
