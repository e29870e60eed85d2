import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { V1Service, V1ServicePort } from "@kubernetes/client-node";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  balancedPorts,
  LoadBalancers,
  type BalancedPort,
} from "../../../local/processes/loadBalancers";
import { servingPod } from "../../support/pods";

const service = (changes: V1Service = {}): V1Service => ({
  metadata: { name: "m", namespace: "vllm", ...changes.metadata },
  spec: {
    type: "LoadBalancer",
    selector: { app: "m" },
    ports: [{ port: 80, targetPort: "http" }],
    ...changes.spec,
  },
  status: changes.status ?? { loadBalancer: { ingress: [{ ip: "127.7.255.254" }] } },
});
const ports = (...entries: V1ServicePort[]): V1Service => ({ spec: { ports: entries } });

const POD = servingPod("m-0", "10.7.0.1");

describe("the ports of load balancers", () => {
  test("are those of the Service, at its address, with its ready pods behind them", () => {
    const pods = [
      POD,
      servingPod("m-1", "10.7.0.2", { ready: false }),
      servingPod("m-2", "10.7.0.3", { deleted: true }),
      servingPod("m-3", "10.7.0.4", { labels: { app: "other" } }),
    ];
    expect(balancedPorts([service()], pods)).toEqual([
      {
        service: "vllm/m:80",
        address: "127.7.255.254",
        port: 80,
        backends: [{ host: "127.7.0.1", port: 8000 }],
      },
    ]);
  });

  test("lead to the port of each pod that has the name, or to the number", () => {
    const pods = [POD, servingPod("m-1", "10.7.0.2", { port: 9000 })];
    const backendPorts = (entry: V1ServicePort) =>
      balancedPorts([service(ports(entry))], pods).map(({ backends }) =>
        backends.map(({ port }) => port),
      );
    expect(backendPorts({ port: 80, targetPort: "http" })).toEqual([[8000, 9000]]);
    expect(backendPorts({ port: 80, targetPort: 7000 })).toEqual([[7000, 7000]]);
    expect(backendPorts({ port: 80 })).toEqual([[80, 80]]);
    expect(backendPorts({ port: 80, targetPort: "none" })).toEqual([[]]);
    expect(backendPorts({ port: 80, protocol: "UDP" })).toEqual([]);
  });

  test.each<[string, V1Service]>([
    ["is of another type", { spec: { type: "ClusterIP" } }],
    ["has no address yet", { status: {} }],
    ["is being deleted", { metadata: { deletionTimestamp: new Date() } }],
    [
      "has an address that others reach",
      { status: { loadBalancer: { ingress: [{ ip: "0.0.0.0" }] } } },
    ],
  ])("are none of a Service that %s", (_, changes) => {
    expect(balancedPorts([service(changes)], [POD])).toEqual([]);
  });

  test("are those of several Services, each with the pods that it selects now", () => {
    const second = service({
      metadata: { name: "n" },
      spec: { selector: { app: "n" } },
      status: { loadBalancer: { ingress: [{ ip: "127.7.255.253" }] } },
    });
    expect(
      balancedPorts(
        [service(), second],
        [POD, servingPod("n-0", "10.7.0.9", { labels: { app: "n" } })],
      ),
    ).toMatchObject([
      { address: "127.7.255.254", backends: [{ host: "127.7.0.1" }] },
      { address: "127.7.255.253", backends: [{ host: "127.7.0.9" }] },
    ]);
    expect(balancedPorts([service({ spec: { selector: {} } })], [POD])).toMatchObject([
      { backends: [] },
    ]);
  });
});

/** A server that says its name to every client and ends when the client does. */
async function named(name: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.write(name);
  });
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("load balancers", () => {
  const balanced = (port: number, ...backends: number[]): BalancedPort => ({
    service: `vllm/m:${port}`,
    address: "127.0.0.1",
    port,
    backends: backends.map((backend) => ({ host: "127.0.0.1", port: backend })),
  });
  const start = () => {
    const lines: string[] = [];
    const balancers = new LoadBalancers((line) => lines.push(line));
    onTestFinished(() => {
      balancers.close();
    });
    return { balancers, lines };
  };
  /** A connection, and what is said first on it: nothing when it is closed at once, an error's code when nobody listens. */
  const hear = async (port: number): Promise<{ socket: Socket; said: string }> => {
    const socket = connect({ host: "127.0.0.1", port });
    onTestFinished(() => void socket.destroy());
    const said = await new Promise<string>((resolve) => {
      socket.once("data", (data) => {
        resolve(data.toString());
      });
      socket.once("error", (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? "");
      });
      socket.once("close", () => {
        resolve("");
      });
    });
    return { socket, said };
  };

  test("give connections to their backends in turn, pass over one that refuses, and close them without any", async () => {
    const { balancers } = start();
    const [port, gone, a, b] = [
      await freePort(),
      await freePort(),
      await named("a"),
      await named("b"),
    ];
    balancers.follow([balanced(port, a, gone, b)]);
    const said = [];
    for (let count = 0; count < 4; count += 1) {
      said.push((await hear(port)).said);
    }
    expect(said.sort()).toEqual(["a", "a", "b", "b"]);
    balancers.follow([balanced(port)]);
    expect((await hear(port)).said).toBe("");
  });

  test("send new connections where the Service leads now, and leave open ones where they are", async () => {
    const { balancers } = start();
    const [port, a, b] = [await freePort(), await named("a"), await named("b")];
    balancers.follow([balanced(port, a)]);
    const { socket } = await hear(port);
    balancers.follow([balanced(port, b)]);
    expect((await hear(port)).said).toBe("b");
    expect(socket.closed).toBe(false);
  });

  test("listen no longer on a port that the Service has left, and end its connections", async () => {
    const { balancers } = start();
    const [before, after, a] = [await freePort(), await freePort(), await named("a")];
    balancers.follow([balanced(before, a)]);
    const { socket } = await hear(before);
    balancers.follow([balanced(after, a)]);
    if (!socket.closed) {
      await once(socket, "close");
    }
    expect((await hear(before)).said).toBe("ECONNREFUSED");
    expect((await hear(after)).said).toBe("a");
    balancers.follow([]);
    expect((await hear(after)).said).toBe("ECONNREFUSED");
    balancers.follow([balanced(after, a)]);
    expect((await hear(after)).said).toBe("a");
  });

  test("say once that an address is taken, and listen there when it is free", async () => {
    const { balancers, lines } = start();
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    const a = await named("a");
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    for (let round = 0; round < 3; round += 1) {
      balancers.follow([balanced(port, a)]);
      await settled();
      await settled();
    }
    expect(lines).toEqual([expect.stringContaining(`vllm/m:${port}: listen EADDRINUSE`)]);
    blocker.close();
    await once(blocker, "close");
    balancers.follow([balanced(port, a)]);
    expect((await hear(port)).said).toBe("a");
  });
});
