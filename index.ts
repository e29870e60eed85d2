import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { NeuronDevicePlugin } from "./components/addons/neuronDevicePlugin";
import { Workspace } from "./components/addons/workspace";
import { selector } from "./components/labels";
import { Credentials, GATEWAY_SECRET } from "./components/litellm/credentials";
import { Gateway } from "./components/litellm/gateway";
import { GATEWAY, GATEWAY_PORT } from "./components/litellm/names";
import { PROXY_ENVIRONMENT } from "./components/litellm/proxyConfig";
import { gatewayModelName } from "./components/vllm/model";
import { ModelServing } from "./components/vllm/modelServing";
import { loadSettings } from "./config/load";

const settings = loadSettings(__dirname);
const { gateway: gatewaySettings, modelNamespace, models, storage } = settings;
const { namespace } = gatewaySettings;

const provider = new k8s.Provider("cluster", {
  context: settings.cluster.context,
  ...(settings.cluster.kubeconfig === undefined ? {} : { kubeconfig: settings.cluster.kubeconfig }),
  // A renewed kubeconfig is the same cluster: without this every object would be replaced.
  clusterIdentifier: settings.cluster.context,
  enableConfigMapMutable: true,
  enableSecretMutable: true,
});
const inCluster = { provider };

const workspace = new Workspace(
  "workspace",
  { gatewayNamespace: namespace, modelNamespace, storage },
  inCluster,
);

if (settings.neuron.devicePlugin.enabled) {
  new NeuronDevicePlugin(
    "neuron-device-plugin",
    {
      image: settings.neuron.devicePlugin.image,
      instanceTypes: [
        ...new Set(Object.values(settings.neuron.nodeGroups).map((group) => group.instanceType)),
      ],
    },
    inCluster,
  );
}

const credentials = new Credentials(
  "credentials",
  { namespace },
  { ...inCluster, dependsOn: [workspace] },
);

const serving = new ModelServing(
  "models",
  {
    models,
    namespace: modelNamespace,
    image: settings.neuron.image,
    apiKey: credentials.modelApiKey,
    huggingFaceToken: settings.huggingFaceToken,
    artifacts: { storageClass: storage.shared.name, size: storage.artifacts },
    clients: { namespace, labels: selector(GATEWAY) },
    requestTimeoutSeconds: gatewaySettings.routing.requestTimeoutSeconds,
  },
  { ...inCluster, dependsOn: [workspace] },
);

const gateway = new Gateway(
  "gateway",
  {
    ...gatewaySettings,
    storageClass: storage.block.name,
    models,
    modelNamespace,
  },
  { ...inCluster, dependsOn: [workspace, credentials] },
);

/** OpenAI base URL of the gateway. */
export const gatewayUrl = pulumi.interpolate`http://${gateway.address}:${GATEWAY_PORT}/v1`;
/** Prints the administrator's API key; the key itself stays in the cluster. */
export const gatewayKeyCommand = `kubectl -n ${namespace} get secret ${GATEWAY_SECRET} -o jsonpath={.data.${PROXY_ENVIRONMENT.masterKey}} | base64 -d`;
/** Names to ask the gateway for. */
export const modelNames = serving.servers.map((server) => gatewayModelName(server.name));
