import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { ratesOf, requestsByReplica } from "../../../operations/watch/replicaRequests";
import { screen } from "../../../operations/watch/screen";

const AT = new Date("2026-01-01T12:00:00Z");

describe("requests of replicas", () => {
  test("are summed over the other labels; entries without an id are left out", () => {
    const line = (id: string, user: string, count: string) =>
      `litellm_deployment_total_requests_total{api_base="http://x",model_id="${id}",user_agent="${user}"} ${count}`;
    const page = [
      "# TYPE litellm_deployment_total_requests_total counter",
      line("m-0", "curl", "3.0"),
      line("m-0", "python", "1.2e+02"),
      line("m-1", "curl", "4.0"),
      line("", "curl", "9.0"),
      line("None", "curl", "9.0"),
      'litellm_deployment_success_responses_total{model_id="m-0"} 100.0',
    ].join("\n");
    expect([...requestsByReplica(page)]).toEqual([
      ["m-0", 123],
      ["m-1", 4],
    ]);
  });

  test("become rates per second by the time between the readings of each pod", () => {
    const reading = (atMs: number, count: number) => ({ atMs, counts: new Map([["m-0", count]]) });
    const before = new Map([
      ["a", reading(0, 10)],
      ["b", reading(1000, 10)],
      ["restarted", reading(0, 500)],
    ]);
    const after = new Map([
      ["a", reading(2000, 30)],
      ["b", reading(2000, 15)],
      ["restarted", reading(2000, 2)],
      ["new", reading(2000, 400)],
    ]);
    expect([...ratesOf(before, after)]).toEqual([["m-0", 15]]);
  });
});

describe("the screen", () => {
  const event = (
    name: string,
    reason: string,
    message: string,
    secondsAgo: number,
  ): CoreV1Event => ({
    involvedObject: { name },
    metadata: { name },
    reason,
    message,
    lastTimestamp: new Date(AT.getTime() - secondsAgo * 1000),
  });
  const pod: V1Pod = {
    metadata: { name: "litellm-a", creationTimestamp: new Date(AT.getTime() - 300_000) },
    spec: { nodeName: "general-0", containers: [] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  };
  const placeholder: V1Pod = {
    ...pod,
    metadata: {
      ...pod.metadata,
      name: "headroom-a",
      labels: { "app.kubernetes.io/component": "headroom" },
    },
  };
  const text = screen({
    at: AT,
    workloads: [
      {
        name: "litellm",
        kind: "Deployment",
        namespace: "litellm",
        autoscaler: "litellm-hpa",
        minimum: 2,
        maximum: 10,
        wanted: 3,
        ready: 2,
        phase: undefined,
        metrics: [
          { name: "cpu", kind: "utilization", target: 70, current: 91 },
          { name: "memory", kind: "utilization", target: 80, current: undefined },
        ],
        limits: ["ScalingLimited: TooManyReplicas"],
      },
      {
        name: "sleeper",
        kind: "StatefulSet",
        namespace: "vllm",
        autoscaler: "sleeper-hpa",
        minimum: 0,
        maximum: 4,
        wanted: 0,
        ready: 0,
        phase: "asleep",
        metrics: [],
        limits: ["fallback in force: no reading of requests waiting in the gateway"],
      },
    ],
    pods: [pod, placeholder, { ...pod, metadata: { name: "litellm-b", deletionTimestamp: AT } }],
    events: [
      event("litellm-hpa", "SuccessfulRescale", "New size: 2", 500),
      event("litellm-hpa", "SuccessfulRescale", "New size: 3", 20),
      event("sleeper", "KEDAScaleTargetDeactivated", "Deactivated from 1 to 0", 60),
      event("litellm-a", "Started", "Started container", 10),
    ],
    rates: new Map([["llama-0", 4.25]]),
  });
  const row = (name: string) => text.split("\n").find((line) => line.includes(name)) ?? "";

  test("shows metrics against targets, pods against what is wanted, and what holds back", () => {
    expect(row("2-10")).toMatch(
      /litellm .* cpu 91\/70 %, memory \?\/80 % .* 2 .* 3 .* 2-10 .* ScalingLimited: TooManyReplicas/,
    );
  });

  test("shows a model that sleeps by its own least number, and which fallback is in force", () => {
    expect(row("0-4")).toMatch(
      /sleeper .* - .* 0 .* 0 .* 0-4 .* asleep, fallback in force: no reading of requests waiting/,
    );
  });

  test("shows a placeholder as what it is", () => {
    expect(row("headroom-a")).toContain("placeholder: keeps its node ready");
  });

  test("shows pods with their state, age and node, and rates of replicas", () => {
    expect(row("litellm-a")).toMatch(/ready .* 0 .* 5m .* general-0/);
    expect(row("litellm-b")).toContain("ending");
    expect(row("llama-0")).toContain("4.3");
  });

  test("tells decisions of autoscalers, newest first, from other events", () => {
    const [, decisions = "", events = ""] =
      /Scaling decisions\n([^]*)\nEvents\n([^]*)/.exec(text) ?? [];
    expect(decisions.split("\n").map((line) => line.trim())).toEqual([
      "20s  litellm-hpa: New size: 3",
      "60s  sleeper: Deactivated from 1 to 0",
      "8m  litellm-hpa: New size: 2",
    ]);
    expect(events.trim()).toBe("10s  litellm-a: Started container");
  });
});

describe("the screen of", () => {
  const nothing = { at: AT, workloads: [], pods: [], events: [], rates: new Map<string, number>() };
  const ago = (seconds: number) => new Date(AT.getTime() - seconds * 1000);
  const podOf = (name: string, more: Partial<V1Pod> = {}): V1Pod => ({
    metadata: { name },
    ...more,
  });
  const rowsOf = (state: Partial<Parameters<typeof screen>[0]>, name: string) =>
    screen({ ...nothing, ...state })
      .split("\n")
      .filter((line) => line.includes(name))
      .map((line) => line.split("│").flatMap((cell) => cell.trim() || []));

  test("nothing says when it was, and that there are neither decisions nor events", () => {
    const lines = screen(nothing).split("\n");
    expect(lines[0]).toBe("2026-01-01T12:00:00.000Z");
    expect(lines.slice(-4)).toEqual(["Scaling decisions", "  none", "Events", "  none"]);
  });

  test("a pod that has only just been asked for has a dash for all that is not known", () => {
    expect(rowsOf({ pods: [podOf("new")] }, "new")).toEqual([["new", "unknown", "0", "-", "-"]]);
  });

  test("pods that are not ready shows their phase, and the restarts of all containers", () => {
    const container = { name: "c", image: "", imageID: "", ready: false };
    const status = {
      phase: "Pending",
      containerStatuses: [1, 4].map((restartCount) => ({ ...container, restartCount })),
    };
    expect(rowsOf({ pods: [podOf("slow", { status })] }, "slow")).toEqual([
      ["slow", "Pending", "5", "-", "-"],
    ]);
  });

  test.each([
    [0, "0s"],
    [-5, "0s"],
    [119, "119s"],
    [120, "2m"],
    [7199, "120m"],
    [7200, "2h"],
    [90_000, "25h"],
  ])("a pod of %d seconds shows its age as %s", (seconds, age) => {
    const metadata = { name: "aged", creationTimestamp: ago(seconds) };
    expect(rowsOf({ pods: [podOf("aged", { metadata })] }, "aged")[0]?.[3]).toBe(age);
  });

  test("many pods shows twenty, and how many there are more", () => {
    const pods = Array.from({ length: 23 }, (_, index) => podOf(`pod-${index}`));
    expect(rowsOf({ pods }, "pod-")).toHaveLength(20);
    expect(screen({ ...nothing, pods })).toContain("\nand 3 pods more\n");
    expect(screen({ ...nothing, pods: pods.slice(0, 20) })).not.toContain("more");
  });

  test("replicas shows them by name", () => {
    const rates = new Map([
      ["b-0", 1],
      ["a-0", 2.06],
    ]);
    const names = screen({ ...nothing, rates }).match(/[ab]-0 +│ \d\.\d/g);
    expect(names?.map((line) => line.replace(/ +│ /, " "))).toEqual(["a-0 2.1", "b-0 1.0"]);
  });

  test("events shows the newest six and five decisions, by whichever time their source fills in", () => {
    const one = (index: number, reason: string): CoreV1Event => {
      const at = ago(index);
      return {
        involvedObject: { name: `o${index}` },
        metadata: index % 3 === 0 ? { creationTimestamp: at } : {},
        reason,
        ...(index % 3 === 1 ? { lastTimestamp: at } : {}),
        ...(index % 3 === 2 ? { eventTime: at } : {}),
      };
    };
    const each = Array.from({ length: 9 }, (_, index) => 9 - index);
    const events = each.flatMap((index) => [
      one(index, "SuccessfulRescale"),
      one(index, "Started"),
    ]);
    const [, decisions = "", others = ""] =
      /Scaling decisions\n([^]*)\nEvents\n([^]*)/.exec(screen({ ...nothing, events })) ?? [];
    const shown = (count: number, reason: string) =>
      Array.from({ length: count }, (_, index) => `     ${index + 1}s  o${index + 1}: ${reason}`);
    expect(decisions.split("\n")).toEqual(shown(5, "SuccessfulRescale"));
    expect(others.split("\n")).toEqual(shown(6, "Started"));
  });

  test("an event shows the beginning of a long message, and what it can of one that says nothing", () => {
    const event = { involvedObject: {}, metadata: {}, message: "x".repeat(200) };
    expect(screen({ ...nothing, events: [event] })).toMatch(/: x{110}$/);
    const silent = { involvedObject: { name: "o" }, metadata: { creationTimestamp: ago(1) } };
    expect(screen({ ...nothing, events: [silent] })).toMatch(/ 1s {2}o: $/);
  });
});
