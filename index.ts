import * as pulumi from "@pulumi/pulumi";
import { installKeda } from "./components/controllers/keda/keda";
import { NeuronDevicePlugin } from "./components/kubernetes/neuronDevicePlugin";
import { Workspace } from "./components/kubernetes/workspace";
import { choosePlatform } from "./components/platform/choosePlatform";
import { selector } from "./domain/labels";
import { Credentials } from "./components/litellm/credentials";
import { Gateway } from "./components/litellm/gateway";
import { GATEWAY, keyCommand } from "./domain/names";
import { createStores } from "./components/stores/createStores";
import { gatewayModelName } from "./domain/models/model";
import { ModelServing } from "./components/vllm/modelServing";
import { storageClasses } from "./components/kubernetes/artifactStorage";
import { loadSettings } from "./config/load";

const settings = loadSettings(__dirname);
const { cluster, gateway: gatewaySettings, modelNamespace, models, neuron, storage } = settings;
const { namespace } = gatewaySettings;

const credentials = new Credentials("credentials", gatewaySettings, {});

const platform = choosePlatform(cluster, {
  environment: pulumi.getStack(),
  neuronNodeGroups: neuron.nodeGroups,
  retainArtifacts: storage.shared.reclaimPolicy === "Retain",
});
const { provider } = platform;
const inCluster = { provider, dependsOn: [...platform.ready] };

const workspace = new Workspace(
  "workspace",
  {
    gatewayNamespace: namespace,
    readinessGates: gatewaySettings.service.networkLoadBalancer,
    modelNamespace,
    storage: storageClasses(storage, platform.artifactFileSystemId),
  },
  inCluster,
);

if (neuron.devicePlugin.enabled) {
  const plugin = { ...neuron, ...neuron.devicePlugin };
  new NeuronDevicePlugin("neuron-device-plugin", plugin, inCluster);
}

const keda = installKeda("keda", settings, { provider, dependsOn: [workspace] });
const inWorkspace = { provider, dependsOn: [workspace, ...keda] };

const serving = new ModelServing(
  "models",
  {
    ...neuron,
    models,
    namespace: modelNamespace,
    apiKey: credentials.modelApiKey,
    huggingFaceToken: settings.huggingFaceToken,
    artifacts: { storageClass: storage.shared.name, size: storage.artifacts },
    clients: { namespace, labels: selector(GATEWAY) },
    routing: gatewaySettings.routing,
    requestScaling: settings.autoscaling,
  },
  inWorkspace,
);

const stores = createStores(
  "gateway",
  { ...gatewaySettings, storageClass: storage.block.name, credentials, platform },
  inWorkspace,
);
const secret = credentials.gatewaySecret(namespace, stores.endpoints, inWorkspace);

const gateway = new Gateway(
  "gateway",
  {
    ...gatewaySettings,
    stores,
    credentials: credentials.gatewayChecksum(stores.endpoints),
    databaseChecksum: credentials.databaseChecksum(stores.endpoints),
    models,
    modelNamespace,
    requestScaling: settings.autoscaling,
    publish: platform.publish,
  },
  { provider, dependsOn: [workspace, ...keda, secret] },
);

/** OpenAI base URL of the gateway. */
export const gatewayUrl = gateway.url;
/** Prints the administrator's API key; the key itself stays in the cluster. */
export const gatewayKeyCommand = keyCommand(namespace);
/** Names to ask the gateway for. */
export const modelNames = serving.servers.map((server) => gatewayModelName(server.name));
/** Kubeconfig of a cluster that this stack made, encrypted in the state. */
export const kubeconfig = platform.kubeconfig;
/** Name of a cluster that this stack made. */
export const clusterName = platform.clusterName;
/** EKS names of the node groups, by their names in the configuration. */
export const nodeGroups = platform.nodeGroups;
