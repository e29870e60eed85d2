/** How an operator's command finds a stack: cluster, key, and a way to the gateway. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GATEWAY, GATEWAY_PORT, GATEWAY_SECRET } from "../../../domain/names";
import {
  connect,
  gatewayPods,
  gatewayPort,
  kubeConfig,
  serviceUrl,
  type StackLocation,
} from "../../../operations/stack/connection";
import { EVENTUALLY } from "../../support/eventually";
import { serveKubernetes, type KubernetesObjects } from "../../support/kubernetesApi";
import {
  GATEWAY_NAMESPACE,
  listening,
  MODEL_NAMESPACE,
  PATHS,
  pod,
  portOf,
} from "../../support/liveObjects";
import type { ForwardedPorts } from "../../support/portForwards";
import { serveGateway, type StubGateway } from "../../support/stubGateway";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

const service = (port: number | undefined, ingress: object[], annotations = {}) => ({
  metadata: { annotations },
  spec: { ports: port === undefined ? [] : [{ port }] },
  status: { loadBalancer: { ingress: ingress as { hostname?: string; ip?: string }[] } },
});

describe("an operator reaches the gateway", () => {
  test("at the address of its load balancer", () => {
    expect(serviceUrl(service(4000, [{ hostname: "lb.aws" }]))).toBe("http://lb.aws:4000");
    expect(serviceUrl(service(4000, [{ ip: "127.0.0.1" }]))).toBe("http://127.0.0.1:4000");
  });

  test("by the name of its certificate, which the load balancer's own is not", () => {
    const named = { "llm-gateway/host-name": "llm.example.com" };
    expect(serviceUrl(service(443, [{ hostname: "lb.aws" }], named))).toBe(
      "https://llm.example.com",
    );
    expect(serviceUrl(service(443, [{ hostname: "lb.aws" }]))).toBe("https://lb.aws");
    const { metadata: _none, ...nameless } = service(443, [{ hostname: "lb.aws" }]);
    expect(serviceUrl(nameless)).toBe("https://lb.aws");
    expect(serviceUrl({ ...nameless, metadata: {} })).toBe("https://lb.aws");
    expect(serviceUrl(service(4000, [{ hostname: "lb.aws" }], named))).toBe("http://lb.aws:4000");
  });

  test.each([
    ["no load balancer", service(4000, [])],
    ["no address yet", { spec: { ports: [{ port: 4000 }] }, status: { loadBalancer: {} } }],
    ["no load balancer yet", { spec: { ports: [{ port: 4000 }] }, status: {} }],
    ["no state", { spec: { ports: [{ port: 4000 }] } }],
    ["no port", service(undefined, [{ hostname: "lb.aws" }])],
    ["no list of ports", { spec: {}, status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }],
    ["no specification", { status: { loadBalancer: { ingress: [{ hostname: "lb.aws" }] } } }],
  ])("through the API server where its Service has %s", (_what, one) => {
    expect(serviceUrl(one)).toBeUndefined();
  });
});

/** Names of the files of a kubeconfig with some contexts, each a cluster of its own. */
async function kubeconfigFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "connection-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const path = join(folder, "config");
  await writeFile(path, text);
  return path;
}

const contexts = (...names: readonly string[]) =>
  JSON.stringify({
    "current-context": names[0],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example` } })),
    users: names.map((name) => ({ name, user: {} })),
  });

describe("the cluster is that", () => {
  test("of the file and the context that were named", async () => {
    const kubeconfig = await kubeconfigFile(contexts("dev", "prod"));
    expect(kubeConfig({ kubeconfig, context: "prod" }).getCurrentCluster()?.server).toBe(
      "https://prod.example",
    );
    expect(kubeConfig({ kubeconfig }).getCurrentCluster()?.server).toBe("https://dev.example");
  });

  test("of the usual look-up where no file was named", async () => {
    vi.stubEnv("KUBECONFIG", await kubeconfigFile(contexts("usual")));
    expect(kubeConfig({}).getCurrentCluster()?.server).toBe("https://usual.example");
  });

  test("that the kubeconfig has: an unknown context is answered with those that there are", async () => {
    const kubeconfig = await kubeconfigFile(contexts("dev", "prod"));
    expect(() => kubeConfig({ kubeconfig, context: "test" })).toThrow(
      "no context test: the kubeconfig has dev, prod",
    );
    const empty = await kubeconfigFile(contexts());
    expect(() => kubeConfig({ kubeconfig: empty, context: "test" })).toThrow(
      "no context test: the kubeconfig has none",
    );
  });
});

const secret = (key: string) => `/api/v1/namespaces/${GATEWAY_NAMESPACE}/secrets/${key}`;
const SECRET = {
  [secret(GATEWAY_SECRET)]: {
    data: { LITELLM_MASTER_KEY: Buffer.from("sk-master").toString("base64") },
  },
};
const SERVICE = `/api/v1/namespaces/${GATEWAY_NAMESPACE}/services/${GATEWAY}`;
/** A gateway, or a pod of it, that serves one model by its name. */
async function gatewayServing(model: string): Promise<StubGateway> {
  const gateway = await serveGateway(({ path }) =>
    path === "/v1/models" ? { data: [{ id: model }] } : undefined,
  );
  cleanups.push(() => gateway.close());
  return gateway;
}

/** Connects to a cluster of these objects. */
async function connected(
  objects: KubernetesObjects,
  { forwards = {}, ...more }: Partial<StackLocation> & { readonly forwards?: ForwardedPorts } = {},
) {
  const api = await serveKubernetes(objects, { forwards });
  cleanups.push(() => api.close());
  const connection = await connect({
    kubeconfig: await kubeconfigFile(api.config.exportConfig()),
    namespace: GATEWAY_NAMESPACE,
    modelNamespace: MODEL_NAMESPACE,
    ...more,
  });
  cleanups.push(connection.close);
  return connection;
}

describe("a connection", () => {
  test("goes to the address that was named, with the administrator's key of the cluster", async () => {
    const gateway = await gatewayServing("named");
    const url = `http://127.0.0.1:${gateway.port}`;
    const connection = await connected(SECRET, { url });
    expect(connection).toMatchObject({
      namespace: GATEWAY_NAMESPACE,
      modelNamespace: MODEL_NAMESPACE,
      route: url,
    });
    expect(await connection.gateway.models()).toEqual(["named"]);
    expect(gateway.asked).toMatchObject([{ authorization: "Bearer sk-master" }]);
  });

  test("goes to the load balancer without being told", async () => {
    const gateway = await gatewayServing("balanced");
    const connection = await connected({
      ...SECRET,
      [SERVICE]: service(gateway.port, [{ ip: "127.0.0.1" }]),
    });
    expect(connection.route).toBe(`http://127.0.0.1:${gateway.port}`);
    expect(await connection.gateway.models()).toEqual(["balanced"]);
  });

  test("goes to a pod, through the API server, where there is no load balancer", async () => {
    const gateway = await gatewayServing("forwarded");
    const connection = await connected(
      {
        ...SECRET,
        [SERVICE]: service(GATEWAY_PORT, []),
        [PATHS.pods(GATEWAY_NAMESPACE)]: [listening("a")],
      },
      { forwards: { [portOf("a")]: gateway.port } },
    );
    expect(connection.route).toBe(`port-forward to the pods of ${GATEWAY_NAMESPACE}/${GATEWAY}`);
    expect(connection).toMatchObject({
      namespace: GATEWAY_NAMESPACE,
      modelNamespace: MODEL_NAMESPACE,
    });
    expect(await connection.gateway.models()).toEqual(["forwarded"]);
    expect(gateway.asked).toMatchObject([{ authorization: "Bearer sk-master" }]);
  });

  test("leaves the load balancer aside for who asks for a port-forward", async () => {
    const [balanced, forwarded] = [await gatewayServing("balanced"), await gatewayServing("pod")];
    const connection = await connected(
      {
        ...SECRET,
        [SERVICE]: service(balanced.port, [{ ip: "127.0.0.1" }]),
        [PATHS.pods(GATEWAY_NAMESPACE)]: [listening("a")],
      },
      { portForward: true, forwards: { [portOf("a")]: forwarded.port } },
    );
    expect(await connection.gateway.models()).toEqual(["pod"]);
  });

  test("says which Secret has no key, and asks for the namespace", async () => {
    const said = `Secret ${GATEWAY_NAMESPACE}/${GATEWAY_SECRET} has no LITELLM_MASTER_KEY; is ${GATEWAY_NAMESPACE} the gateway's namespace?`;
    const keyless = { data: { other: "" } };
    await expect(connected({ [secret(GATEWAY_SECRET)]: keyless })).rejects.toThrow(said);
    await expect(connected({ [secret(GATEWAY_SECRET)]: {} })).rejects.toThrow(said);
  });

  test("to a cluster without a gateway is none", async () => {
    await expect(connected({})).rejects.toThrow("404");
    await expect(connected(SECRET)).rejects.toThrow("404");
  });
});

describe("a port-forward", () => {
  /** Connected to these pods, which lead to gateways by the pods' names. */
  const forwardedTo = async (
    pods: readonly unknown[],
    gateways: Readonly<Record<string, StubGateway>>,
  ) =>
    connected(
      { ...SECRET, [PATHS.pods(GATEWAY_NAMESPACE)]: pods },
      {
        portForward: true,
        forwards: Object.fromEntries(
          Object.entries(gateways).map(([name, { port }]) => [portOf(name), port]),
        ),
      },
    );

  /** What connections of their own, one after the other, are answered. */
  const models = async (url: string, times: number) => {
    const answers: string[] = [];
    for (let turn = 0; turn < times; turn += 1) {
      const response = await fetch(`${url}/v1/models`, { headers: { connection: "close" } });
      answers.push(/"id":"([^"]*)"/.exec(await response.text())?.[1] ?? "");
    }
    return answers;
  };

  test("leads each connection to another pod in turn", async () => {
    const gateways = { a: await gatewayServing("a"), b: await gatewayServing("b") };
    const { gateway } = await forwardedTo([listening("a"), listening("b")], gateways);
    const answers = await models(gateway.url, 4);
    expect(answers.slice(0, 2).sort()).toEqual(["a", "b"]);
    expect(answers.slice(2)).toEqual(answers.slice(0, 2));
  });

  test.each([
    ["not ready", { status: { conditions: [{ type: "Ready", status: "False" }] } }],
    ["on its way out", { more: { deletionTimestamp: "2026-11-25T00:00:00Z" } }],
  ])("leads nobody to a pod that is %s", async (_what, changes) => {
    const gateways = { a: await gatewayServing("a"), b: await gatewayServing("b") };
    const { gateway } = await forwardedTo([listening("a", changes), listening("b")], gateways);
    expect(await models(gateway.url, 3)).toEqual(["b", "b", "b"]);
  });

  test("is a connection that closes, where no pod is ready and where a pod cannot be reached", async () => {
    const none = await forwardedTo([], {});
    await expect(none.gateway.models()).rejects.toThrow(`${none.gateway.url} cannot be reached`);
    const gone = await forwardedTo([listening("a")], {});
    await expect(gone.gateway.models()).rejects.toThrow(`${gone.gateway.url} cannot be reached`);
  });

  /** A connection through a port-forward to the pod `a`, once it is there. */
  const connectedTo = async (target: StubGateway) => {
    const connection = await forwardedTo([listening("a")], { a: target });
    const port = Number(new URL(connection.gateway.url).port);
    const client = connectSocket(port, "127.0.0.1");
    cleanups.push(() => {
      client.destroy();
    });
    await vi.waitFor(() => {
      expect(target.connections()).toBe(1);
    }, EVENTUALLY);
    return { client, connection, port };
  };
  const nobodyIsConnectedTo = (target: StubGateway) =>
    vi.waitFor(() => {
      expect(target.connections()).toBe(0);
    }, EVENTUALLY);

  test("ends with all its connections when it is closed", async () => {
    const target = await gatewayServing("a");
    const { connection } = await connectedTo(target);
    connection.close();
    await nobodyIsConnectedTo(target);
    await expect(connection.gateway.models()).rejects.toThrow("cannot be reached");
  });

  test("ends a connection to the pod when the client ends it", async () => {
    const target = await gatewayServing("a");
    const { client } = await connectedTo(target);
    client.destroy();
    await nobodyIsConnectedTo(target);
  });

  test("is there for this machine's own address alone", async () => {
    const { port } = await connectedTo(await gatewayServing("a"));
    // Another address of the same machine, where a server for all addresses would answer.
    const other = connectSocket(port, "127.0.0.2");
    await expect(once(other, "connect")).rejects.toThrow("ECONNREFUSED");
  });
});

test("a pod's port is the first of its first container; a pod without one is named", () => {
  const containers = [
    { name: "litellm", ports: [{ containerPort: 4000 }, { containerPort: 9090 }] },
    { name: "other", ports: [{ containerPort: 1 }] },
  ];
  expect(gatewayPort({ spec: { containers } })).toBe(4000);
  for (const spec of [undefined, { containers: [] }, { containers: [{ name: "litellm" }] }]) {
    expect(() => gatewayPort({ metadata: { name: "litellm-1" }, ...(spec && { spec }) })).toThrow(
      "pod litellm-1 has no container port",
    );
  }
});

test("pods of the gateway are those with its labels in its namespace", async () => {
  const api = await serveKubernetes({
    [PATHS.pods(GATEWAY_NAMESPACE)]: [
      pod("redis-0", "redis"),
      listening("a"),
      listening("gone", { more: { deletionTimestamp: "2026-11-25T00:00:00Z" } }),
    ],
  });
  cleanups.push(() => api.close());
  const found = await gatewayPods(api.config.makeApiClient(CoreV1Api), GATEWAY_NAMESPACE);
  expect(found.map(({ metadata }) => metadata?.name)).toEqual(["a"]);
});
