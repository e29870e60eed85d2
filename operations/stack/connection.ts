import { CoreV1Api, type KubeConfig, type V1Pod, type V1Service } from "@kubernetes/client-node";
import { projectSelector } from "../../domain/labels";
import {
  GATEWAY,
  GATEWAY_SECRET,
  HOST_NAME_ANNOTATION,
  HTTPS_PORT,
  PROXY_ENVIRONMENT,
} from "../../domain/names";
import { forward, type Forward } from "./forward";
import { GatewayClient } from "./gatewayClient";
import { podPages, type PodPages } from "./podPage";
import { isReady } from "./pods";
import { PatientKubeConfig } from "./patientKubeConfig";

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
  /** Reads pages of pods. */
  readonly page: PodPages;
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
  const page = podPages(config);
  const address =
    location.url ??
    (location.portForward === true ? undefined : await loadBalancerUrl(config, namespace));
  if (address !== undefined) {
    return {
      config,
      namespace,
      modelNamespace,
      gateway: new GatewayClient(address, key),
      page,
      route: address,
      close: () => undefined,
    };
  }
  const forwarded = await forwardToGateway(config, namespace);
  return {
    config,
    namespace,
    modelNamespace,
    gateway: new GatewayClient(`http://127.0.0.1:${forwarded.port}`, key),
    page,
    route: `port-forward to the pods of ${namespace}/${GATEWAY}`,
    close: forwarded.close,
  };
}

/** The kubeconfig at its context. @throws Error when it has no such context */
export function kubeConfig({
  kubeconfig,
  context,
}: Pick<StackLocation, "kubeconfig" | "context">): KubeConfig {
  const config = new PatientKubeConfig();
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
