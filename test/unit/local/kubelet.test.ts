import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { indexOf, loopbackOf, podAddress } from "../../../local/processes/addresses";
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

test("a condition keeps the time of its last change", () => {
  const observed = {
    address: "10.7.0.1",
    started: true,
    ready: true,
    restarts: 0,
    startedAt: new Date(0),
  };
  const base: V1Pod = {};
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
