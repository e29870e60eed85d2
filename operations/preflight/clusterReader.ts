import {
  ApiException,
  ApiextensionsV1Api,
  AppsV1Api,
  CoreV1Api,
  StorageV1Api,
  VersionApi,
  ApiregistrationV1Api,
  type KubeConfig,
  type V1Pod,
} from "@kubernetes/client-node";
import type { SelectedPods } from "../../domain/keda";
import { selectorText } from "../../domain/labels";
import { NEURON_RESOURCE } from "../../domain/neuron/resource";

/** What the preflight asks of a cluster that is there. */
export interface ClusterReader {
  /** `1.34`, as the API server says. */
  version(): Promise<string>;
  csiDrivers(): Promise<readonly string[]>;
  storageClasses(): Promise<readonly string[]>;
  /** Whether an aggregated API, such as `v1beta1.metrics.k8s.io`, is served. */
  servesApi(name: string): Promise<boolean>;
  /** Whether there is a custom resource definition, such as `scaledobjects.keda.sh`. */
  defines(name: string): Promise<boolean>;
  /** What the selected pods of KEDA tell of themselves. */
  kedaPods(pods: SelectedPods): Promise<readonly KedaPod[]>;
  /** Values of `app.kubernetes.io/name` of the Deployments of all namespaces. */
  deployedApplications(): Promise<readonly string[]>;
  /** Instance types of the nodes that offer Neuron devices. */
  neuronNodes(): Promise<readonly string[]>;
}

/** A pod of KEDA's operator. */
export interface KedaPod {
  /** `2.20.2`; undefined for a pod that says none. */
  readonly version: string | undefined;
  /** Namespaces whose ScaledObjects it looks at; undefined for all of them, unknown where the pod refers to something else for them. */
  readonly watches: readonly string[] | "unknown" | undefined;
}

/** The cluster of a kubeconfig. */
export function clusterReader(config: KubeConfig): ClusterReader {
  return {
    async version() {
      const { major, minor } = await config.makeApiClient(VersionApi).getCode();
      return `${major}.${minor.replace(/\D+$/, "")}`;
    },
    async csiDrivers() {
      const { items } = await config.makeApiClient(StorageV1Api).listCSIDriver();
      return items.map(({ metadata }) => metadata?.name ?? "");
    },
    async storageClasses() {
      const { items } = await config.makeApiClient(StorageV1Api).listStorageClass();
      return items.map(({ metadata }) => metadata?.name ?? "");
    },
    async servesApi(name) {
      const found = await unlessAbsent(
        config.makeApiClient(ApiregistrationV1Api).readAPIService({ name }),
      );
      return (found?.status?.conditions ?? []).some(
        (condition) => condition.type === "Available" && condition.status === "True",
      );
    },
    async defines(name) {
      const definitions = config.makeApiClient(ApiextensionsV1Api);
      return (await unlessAbsent(definitions.readCustomResourceDefinition({ name }))) !== undefined;
    },
    async kedaPods({ namespace, matchLabels }) {
      const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({
        namespace,
        labelSelector: selectorText(matchLabels),
      });
      return items.map((pod) => ({ version: versionOf(pod), watches: watchesOf(pod) }));
    },
    async deployedApplications() {
      const { items } = await config.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
      return items.flatMap(({ metadata }) => metadata?.labels?.["app.kubernetes.io/name"] ?? []);
    },
    async neuronNodes() {
      const { items } = await config.makeApiClient(CoreV1Api).listNode();
      return items
        .filter(({ status }) => Number(status?.allocatable?.[NEURON_RESOURCE] ?? 0) > 0)
        .map(({ metadata }) => metadata?.labels?.["node.kubernetes.io/instance-type"] ?? "");
    },
  };
}

/** A version in a label that charts set, or in the tag of an image. */
const NUMBER = /^v?(\d+\.\d+(?:\.\d+)?)/;

function versionOf({ metadata, spec }: V1Pod): string | undefined {
  // A service mesh may put its own container first.
  const own = spec?.containers.find(({ image = "" }) => image.includes("keda"));
  const tag = own?.image?.replace(/@.*$/, "").split("/").at(-1)?.split(":")[1];
  return [metadata?.labels?.["app.kubernetes.io/version"], tag]
    .map((said) => NUMBER.exec(said ?? "")?.[1])
    .find((found) => found !== undefined);
}

/** After `GetWatchNamespaces` of KEDA 2.20.2: nothing, or two quotes, are all namespaces. */
function watchesOf({ spec }: V1Pod): KedaPod["watches"] {
  const { value = "", valueFrom } =
    spec?.containers
      .flatMap(({ env = [] }) => env)
      .find(({ name }) => name === "WATCH_NAMESPACE") ?? {};
  if (valueFrom !== undefined) {
    return "unknown";
  }
  return value === "" || value === '""' ? undefined : value.split(",");
}

/** What a request finds, undefined where the object is not there. */
async function unlessAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) {
      return undefined;
    }
    throw error;
  }
}
