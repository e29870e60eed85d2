/** How an operator's command reaches a gateway: by an address, its load balancer, or a port-forward to its pods. */
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { GATEWAY, GATEWAY_PORT, GATEWAY_SECRET } from "../../../domain/names";
import { connect, type StackLocation } from "../../../operations/stack/connection";
import { EVENTUALLY } from "../../support/eventually";
import { kubeconfigFile } from "../../support/kubeconfigFile";
import { serveKubernetes, type KubernetesObjects } from "../../support/kubernetesApi";
import {
  GATEWAY_NAMESPACE,
  listening,
  MODEL_NAMESPACE,
  PATHS,
  portOf,
  service,
} from "../../support/liveObjects";
import type { ForwardedPorts } from "../../support/portForwards";
import { serveGateway, type StubGateway } from "../../support/stubGateway";

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
  onTestFinished(() => gateway.close());
  return gateway;
}

/** Connects to a cluster of these objects. */
async function connected(
  objects: KubernetesObjects,
  { forwards = {}, ...more }: Partial<StackLocation> & { readonly forwards?: ForwardedPorts } = {},
) {
  const api = await serveKubernetes(objects, { forwards });
  onTestFinished(() => api.close());
  const connection = await connect({
    kubeconfig: await kubeconfigFile(api.config.exportConfig()),
    namespace: GATEWAY_NAMESPACE,
    modelNamespace: MODEL_NAMESPACE,
    ...more,
  });
  onTestFinished(connection.close);
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
    onTestFinished(() => {
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
