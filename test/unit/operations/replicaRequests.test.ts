/** How `watch` reads the requests of each replica from the gateway's pods. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ReplicaRequests } from "../../../operations/watch/replicaRequests";
import { EVENTUALLY } from "../../support/eventually";
import { serveKubernetes } from "../../support/kubernetesApi";
import { GATEWAY_NAMESPACE, listening, PATHS, portOf } from "../../support/liveObjects";
import { stubConnection } from "../../support/stubConnection";
import { serveGateway, type StubGateway } from "../../support/stubGateway";

const PODS = PATHS.pods(GATEWAY_NAMESPACE);

/** A gateway pod whose metrics count the requests of one replica. */
async function podCounting(replica: string, count: number): Promise<StubGateway> {
  const gateway = await serveGateway(({ path }) =>
    path === "/metrics/"
      ? `litellm_deployment_total_requests_total{model_id="${replica}"} ${count}`
      : undefined,
  );
  onTestFinished(() => gateway.close());
  return gateway;
}

/** A reader of a cluster with these pods, which lead to gateways by their names. */
async function reading(pods: readonly unknown[], gateways: Readonly<Record<string, StubGateway>>) {
  const objects: Record<string, unknown> = { [PODS]: pods };
  const forwards = Object.fromEntries(
    Object.entries(gateways).map(([name, { port }]) => [portOf(name), port]),
  );
  const api = await serveKubernetes(objects, { forwards });
  onTestFinished(() => api.close());
  const requests = new ReplicaRequests(stubConnection(api.config));
  onTestFinished(() => {
    requests.close();
  });
  return { requests, objects };
}

const counts = async (requests: ReplicaRequests) =>
  [...(await requests.read())].map(([pod, reading]) => [pod, Object.fromEntries(reading.counts)]);

describe("the counters of the gateway", () => {
  test("are read from each pod by itself, as the administrator, with the time", async () => {
    const [a, b] = [await podCounting("m-0", 3), await podCounting("m-1", 4)];
    const { requests } = await reading([listening("a"), listening("b")], { a, b });
    const before = performance.now();
    const found = await requests.read();
    const after = performance.now();
    expect([...found.keys()].sort()).toEqual(["a", "b"]);
    expect(found.get("a")?.counts).toEqual(new Map([["m-0", 3]]));
    expect(found.get("b")?.counts).toEqual(new Map([["m-1", 4]]));
    expect(found.get("a")?.atMs).toBeGreaterThan(before);
    expect(found.get("a")?.atMs).toBeLessThan(after);
    expect(a.asked).toMatchObject([
      { method: "GET", path: "/metrics/", authorization: "Bearer sk-master" },
    ]);
  });

  test("of a pod that is not ready, has none, or does not answer are left out", async () => {
    const a = await podCounting("m-0", 3);
    const without = await serveGateway(() => undefined);
    onTestFinished(() => without.close());
    const { requests } = await reading(
      [
        listening("a"),
        listening("without"),
        listening("starting", { status: {} }),
        listening("unreachable"),
      ],
      { a, without, starting: await podCounting("m-9", 9) },
    );
    expect(await counts(requests)).toEqual([["a", { "m-0": 3 }]]);
    expect(without.asked).toMatchObject([{ path: "/metrics/" }]);
  });

  test("are read through one port-forward as long as the pod lives, which ends with it", async () => {
    const [a, b] = [await podCounting("m-0", 3), await podCounting("m-1", 4)];
    const { requests, objects } = await reading([listening("a"), listening("b")], { a, b });
    await requests.read();
    await requests.read();
    expect([a.opened(), b.opened()]).toEqual([1, 1]);
    objects[PODS] = [listening("b")];
    expect(await counts(requests)).toEqual([["b", { "m-1": 4 }]]);
    await vi.waitFor(() => {
      expect(a.connections()).toBe(0);
    }, EVENTUALLY);
    expect([a.opened(), b.opened()]).toEqual([1, 1]);
    // A pod of the same name that comes later is another one.
    objects[PODS] = [listening("a"), listening("b")];
    expect((await counts(requests)).length).toBe(2);
    expect([a.opened(), b.opened()]).toEqual([2, 1]);
  });

  test("leave nothing open when the watch ends", async () => {
    const [a, b] = [await podCounting("m-0", 3), await podCounting("m-1", 4)];
    const { requests } = await reading([listening("a"), listening("b")], { a, b });
    await requests.read();
    expect([a.connections(), b.connections()]).toEqual([1, 1]);
    requests.close();
    await vi.waitFor(() => {
      expect([a.connections(), b.connections()]).toEqual([0, 0]);
    }, EVENTUALLY);
  });
});
