import { createServer, type Server, type Socket } from "node:net";
import {
  CoreV1Api,
  KubeConfig,
  PortForward,
  type V1Pod,
  type V1Service,
} from "@kubernetes/client-node";
import { projectSelector } from "../../domain/labels";
import {
  GATEWAY,
  GATEWAY_SECRET,
  HOST_NAME_ANNOTATION,
  HTTPS_PORT,
  PROXY_ENVIRONMENT,
} from "../../domain/names";
import { GatewayClient } from "./gatewayClient";
import { isReady } from "./pods";

/** Where a stack is. */
export interface StackLocation {
  /** Path of a kubeconfig; the usual look-up when absent. */
  readonly kubeconfig?: string;
  /** Context of the kubeconfig; its current one when absent. */
  readonly context?: string;
  /** Namespace of the gateway. */
  readonly namespace: string;
  readonly modelNamespace: string;
  /** Base URL of the gateway without `/v1`; its load balancer's, else a port-forward's, when absent. */
  readonly url?: string;
  /** Reach the gateway through the API server even where a load balancer has an address. */
  readonly portForward?: boolean;
}

/** A live stack, reached. */
export interface Connection {
  readonly config: KubeConfig;
  readonly namespace: string;
  readonly modelNamespace: string;
  readonly gateway: GatewayClient;
  /** How the gateway is reached, for people. */
  readonly route: string;
  /** Ends a port-forward, if there is one. */
  readonly close: () => void;
}

/**
 * Finds cluster, gateway and key: the address of the load balancer, else a port-forward to the ready gateway pods.
 *
 * @throws Error when there is no cluster, no gateway in it, or no key
 */
export async function connect(location: StackLocation): Promise<Connection> {
  const { namespace, modelNamespace } = location;
  const config = kubeConfig(location);
  const key = await masterKey(config, namespace);
  const address =
    location.url ??
    (location.portForward === true ? undefined : await loadBalancerUrl(config, namespace));
  if (address !== undefined) {
    return {
      config,
      namespace,
      modelNamespace,
      gateway: new GatewayClient(address, key),
      route: address,
      close: () => undefined,
    };
  }
  const forward = await forwardToGateway(config, namespace);
  return {
    config,
    namespace,
    modelNamespace,
    gateway: new GatewayClient(`http://127.0.0.1:${forward.port}`, key),
    route: `port-forward to the pods of ${namespace}/${GATEWAY}`,
    close: forward.close,
  };
}

/** The kubeconfig at its context. @throws Error when it has no such context */
export function kubeConfig({
  kubeconfig,
  context,
}: Pick<StackLocation, "kubeconfig" | "context">): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) {
    config.loadFromDefault();
  } else {
    config.loadFromFile(kubeconfig);
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null) {
      const names = config.getContexts().map(({ name }) => name);
      throw new Error(`no context ${context}: the kubeconfig has ${names.join(", ") || "none"}`);
    }
    config.setCurrentContext(context);
  }
  return config;
}

async function loadBalancerUrl(config: KubeConfig, namespace: string): Promise<string | undefined> {
  return serviceUrl(
    await config.makeApiClient(CoreV1Api).readNamespacedService({ name: GATEWAY, namespace }),
  );
}

/** URL of the load balancer of the gateway's Service, by the name of its certificate where it shows one; undefined without one. */
export function serviceUrl({ metadata, spec, status }: V1Service): string | undefined {
  const ingress = status?.loadBalancer?.ingress?.[0];
  const host = ingress?.hostname ?? ingress?.ip;
  const port = spec?.ports?.[0]?.port;
  if (host === undefined || port === undefined) {
    return undefined;
  }
  return port === HTTPS_PORT
    ? `https://${metadata?.annotations?.[HOST_NAME_ANNOTATION] ?? host}`
    : `http://${host}:${port}`;
}

async function masterKey(config: KubeConfig, namespace: string): Promise<string> {
  const { data } = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedSecret({ name: GATEWAY_SECRET, namespace });
  const encoded = data?.[PROXY_ENVIRONMENT.masterKey];
  if (encoded === undefined) {
    throw new Error(
      `Secret ${namespace}/${GATEWAY_SECRET} has no ${PROXY_ENVIRONMENT.masterKey}; is ${namespace} the gateway's namespace?`,
    );
  }
  return Buffer.from(encoded, "base64").toString("utf8");
}

/** A local port whose connections go through the API server to a pod's port. */
export interface Forward {
  readonly port: number;
  readonly close: () => void;
}

async function forwardToGateway(config: KubeConfig, namespace: string): Promise<Forward> {
  const core = config.makeApiClient(CoreV1Api);
  let turn = 0;
  return forward(config, async () => {
    const ready = (await gatewayPods(core, namespace)).filter(isReady);
    const pod = ready[(turn += 1) % Math.max(1, ready.length)];
    if (pod === undefined) {
      throw new Error(`no pod of ${namespace}/${GATEWAY} is ready`);
    }
    return { namespace, name: pod.metadata?.name ?? "", port: gatewayPort(pod) };
  });
}

/** The gateway's pods that are not on their way out. */
export async function gatewayPods(core: CoreV1Api, namespace: string): Promise<V1Pod[]> {
  const { items } = await core.listNamespacedPod({
    namespace,
    labelSelector: projectSelector("gateway"),
  });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

/** The port of the gateway's container that serves HTTP. @throws Error for a pod without a port */
export function gatewayPort(pod: V1Pod): number {
  const port = pod.spec?.containers[0]?.ports?.[0]?.containerPort;
  if (port === undefined) {
    throw new Error(`pod ${pod.metadata?.name} has no container port`);
  }
  return port;
}

/**
 * Listens on a free loopback port and leads each connection to the pod that `choose` names at that moment.
 */
export async function forward(
  config: KubeConfig,
  choose: () => Promise<{
    readonly namespace: string;
    readonly name: string;
    readonly port: number;
  }>,
): Promise<Forward> {
  const tunnel = new PortForward(config, true);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const closed = new Promise<void>((resolve) => {
      socket.on("close", resolve).on("error", () => socket.destroy());
    });
    void closed.then(() => sockets.delete(socket));
    choose()
      .then(({ namespace, name, port }) =>
        tunnel.portForward(namespace, name, [port], socket, null, socket),
      )
      .then(
        (webSocket) =>
          closed.then(() => {
            (typeof webSocket === "function" ? webSocket() : webSocket)?.close();
          }),
        // The client sees a closed connection, as behind a load balancer without a target.
        () => socket.destroy(),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the port-forward has no port");
  }
  return {
    port: address.port,
    close: () => {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
