import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { indexOf, loopbackOf, podAddress } from "../../../local/processes/addresses";
import { clusterNames } from "../../../local/processes/names";
import { podStatus } from "../../../local/processes/podStatus";
import { processComponentOf } from "../../../local/control-plane/processRoles";
import { launchOf } from "../../../local/processes/runtimes";

describe("pod addresses", () => {
  test("are cluster addresses with a loopback address of the same last numbers", () => {
    expect(podAddress(244, 1)).toBe("10.244.0.1");
    expect(podAddress(7, 300)).toBe("10.7.1.44");
    expect(loopbackOf("10.7.1.44")).toBe("127.7.1.44");
    expect(indexOf(7, "10.7.1.44")).toBe(300);
    expect(indexOf(7, "10.0.0.1")).toBeUndefined();
    expect(() => podAddress(7, 65_535)).toThrow(RangeError);
  });
});

const pod = (name: string, address: string, ready: boolean, deleted = false): V1Pod => ({
  metadata: {
    name,
    namespace: "vllm",
    labels: { app: "m" },
    ...(deleted ? { deletionTimestamp: new Date() } : {}),
  },
  spec: { hostname: name, containers: [] },
  status: {
    podIP: address,
    conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
  },
});
const service = (name: string, clusterIP: string): V1Service => ({
  metadata: { name, namespace: "vllm" },
  spec: { clusterIP, selector: { app: "m" } },
});

test("cluster DNS knows Services by their ready pods, and pods of headless Services by name", () => {
  const pods = [
    pod("m-0", "10.7.0.1", true),
    pod("m-1", "10.7.0.2", false),
    pod("m-2", "10.7.0.3", true, true),
  ];
  expect(clusterNames([service("m", "10.1.1.1"), service("all", "None")], pods)).toEqual({
    "m.vllm.svc": ["127.7.0.1"],
    "all.vllm.svc": ["127.7.0.1"],
    "m-0.all.vllm.svc": ["127.7.0.1"],
    "m-1.all.vllm.svc": [],
    "m-2.all.vllm.svc": [],
  });
});

test("a condition keeps the time of its last change", () => {
  const observed = {
    address: "10.7.0.1",
    started: true,
    ready: true,
    restarts: 0,
    startedAt: new Date(0),
  };
  const base = pod("m-0", "10.7.0.1", false);
  const first = podStatus(base, observed, new Date(1000));
  const second = podStatus({ ...base, status: first }, observed, new Date(2000));
  expect(second.conditions).toEqual(first.conditions);
  const third = podStatus(
    { ...base, status: second },
    { ...observed, ready: false },
    new Date(3000),
  );
  expect(third.conditions?.find(({ type }) => type === "Ready")).toMatchObject({
    status: "False",
    lastTransitionTime: new Date(3000),
  });
});

describe("a container", () => {
  const request = {
    command: [],
    args: ["--config", "/x"],
    env: { DATABASE_URL: "postgresql://secret", A: "b" },
    host: "127.7.0.1",
    scratch: "/s",
    namespace: "litellm",
    dnsFile: "/names",
  };

  test("of LiteLLM runs from the virtual environment, without the database that cannot run here", () => {
    const launch = launchOf({ ...request, component: "gateway" }, { python: "/venv" });
    expect(launch.command).toBe("/venv/bin/litellm");
    expect(launch.args).toEqual(["--config", "/x", "--host", "127.7.0.1"]);
    expect(launch.env).toMatchObject({ A: "b", CLUSTER_DNS_NAMESPACE: "litellm" });
    expect(launch.env).not.toHaveProperty("DATABASE_URL");
  });

  test.each([
    ["gateway", "gateway"],
    ["redis", "redis"],
    ["server", "server"],
    ["postgresql", undefined],
    ["artifact", undefined],
  ])("of the component %s: runs as a process, or stays simulated", (component, found) => {
    const labels = { "app.kubernetes.io/component": component };
    expect(processComponentOf({ metadata: { labels } })).toBe(found);
  });
});
