import {
  type Edit,
  QWEN,
  LLAMA,
  NEURON,
  MODELS,
  withChanges,
  SCALED,
  NODE_GROUP,
  GATEWAY_ROLL,
  KEDA_RESOURCES,
  GATEWAY_SERVICE,
  ROUTING,
  SERVER_SERVICE,
  SERVERS,
  ARTIFACT,
  DEVICE_PLUGIN,
  model,
  gateway,
  modelResources,
} from "./edit";

const ARTIFACT_ROW = "`neuron.image`; `shape`, `repository`, `revision` of a model";

/** Edits of models that come and change, of the gateway's key and name, and of the device plugin. */
export const WORKLOAD_EDITS: readonly Edit[] = [
  {
    row: "`gateway.autoscaling`",
    edit: "the gateway scales sooner",
    changes: gateway({ autoscaling: { cpuUtilization: 60 } }),
    update: [`${SCALED} gateway-autoscaler`],
  },
  {
    row: "`autoscaling.requests`",
    edit: "the stack scales on CPU and memory alone",
    changes: {
      "llm-gateway:autoscaling": { requests: "off" },
      ...model({ autoscaling: { minReplicas: 1 } }),
    },
    create: [
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler gateway-autoscaler",
      `kubernetes:autoscaling/v2:HorizontalPodAutoscaler ${QWEN}-autoscaler`,
      "llm-gateway:autoscaling:Autoscaler gateway-autoscaler",
      `llm-gateway:autoscaling:Autoscaler ${QWEN}-autoscaler`,
    ],
    update: [
      GATEWAY_ROLL,
      ROUTING,
      SERVER_SERVICE,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gateway-traffic",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy models-servers",
    ],
    remove: [
      ...KEDA_RESOURCES,
      `${SCALED} gateway-autoscaler`,
      `${SCALED} ${QWEN}-autoscaler`,
      "kubernetes:core/v1:Service gateway-signals",
      "llm-gateway:autoscaling:RequestAutoscaler gateway-autoscaler",
      `llm-gateway:autoscaling:RequestAutoscaler ${QWEN}-autoscaler`,
    ],
  },
  {
    row: "`gateway.autoscaling.maxReplicas`",
    edit: "the gateway may grow further, its pods with fewer connections each",
    changes: gateway({ autoscaling: { maxReplicas: 12 } }),
    update: [GATEWAY_ROLL, `${SCALED} gateway-autoscaler`, ROUTING],
  },
  {
    row: "`autoscaling.maxReplicas` of a model",
    edit: "a model may have fewer replicas",
    changes: model({ autoscaling: { maxReplicas: 1 } }),
    // A full house is smaller, and with it what a pod of the gateway is to have.
    update: [GATEWAY_ROLL, `${SCALED} gateway-autoscaler`, `${SCALED} ${QWEN}-autoscaler`, ROUTING],
  },
  {
    row: "a model added to `models`",
    edit: "a model is added",
    changes: {
      [MODELS]: {
        [QWEN]: { autoscaling: { minReplicas: 0, maxReplicas: 1 } },
        [LLAMA]: { autoscaling: { maxReplicas: 1 } },
      },
    },
    create: modelResources(LLAMA),
    // The node group has room for two replicas: the other model gives one of its own. The load balancer waits for longer streams.
    update: [GATEWAY_ROLL, `${SCALED} ${QWEN}-autoscaler`, ROUTING, GATEWAY_SERVICE],
  },
  {
    row: "`gateway.masterKeyGeneration`",
    edit: "the master key is replaced",
    changes: gateway({ masterKeyGeneration: 2 }),
    update: [GATEWAY_ROLL, "kubernetes:core/v1:Secret credentials-litellm"],
    replace: ["random:index/randomPassword:RandomPassword credentials-master-key"],
  },
  {
    row: "`gateway.service.type`",
    edit: "the gateway is reached inside of the cluster alone",
    changes: gateway({ service: { type: "ClusterIP" } }),
    update: [GATEWAY_ROLL, "kubernetes:core/v1:Namespace workspace-gateway", GATEWAY_SERVICE],
  },
  {
    row: "`gateway.service.tls`",
    edit: "the gateway gets a name with a certificate",
    changes: gateway({
      service: { tls: { hostName: "llm.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
    }),
    create: [
      "aws:acm/certificate:Certificate platform-name",
      "aws:acm/certificateValidation:CertificateValidation platform-name",
      "aws:route53/record:Record platform-name-alias",
      "aws:route53/record:Record platform-name-proof",
      "llm-gateway:cluster:PublishedName platform-name",
    ],
    update: [GATEWAY_SERVICE],
  },
  {
    row: "`gateway.service.tls`",
    edit: "the gateway gets a certificate that is there",
    changes: gateway({
      service: {
        tls: {
          certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/example",
          hostName: "llm.example.com",
        },
      },
    }),
    update: [GATEWAY_SERVICE],
  },
  {
    row: ARTIFACT_ROW,
    edit: "the servers get another vLLM image",
    changes: withChanges(NEURON, {
      image:
        "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.13.0-neuronx-py312-sdk2.28.1-ubuntu24.04",
    }),
    update: [SERVERS],
    replace: [ARTIFACT],
  },
  {
    row: ARTIFACT_ROW,
    edit: "a model gets a shorter context",
    changes: model({ shape: { maxModelLength: 2048 } }),
    // Its longest answer ends sooner: the load balancer waits no longer than that.
    update: [GATEWAY_ROLL, ROUTING, GATEWAY_SERVICE, SERVERS],
    replace: [ARTIFACT],
  },
  {
    row: ARTIFACT_ROW,
    edit: "a replica decodes fewer requests together",
    changes: model({ shape: { maxSequences: 2 } }),
    update: [
      GATEWAY_ROLL,
      `${SCALED} gateway-autoscaler`,
      `${SCALED} ${QWEN}-autoscaler`,
      ROUTING,
      SERVERS,
    ],
    replace: [ARTIFACT],
  },
  {
    row: "`serving.instanceType`, `serving.neuronDevices` of a model",
    edit: "a model is served where it is compiled",
    changes: {
      ...withChanges(NEURON, {
        nodeGroups: {
          serving: { instanceType: "inf2.xlarge", maxSize: 2 },
          compilation: { instanceType: "inf2.8xlarge", maxSize: 3 },
        },
      }),
      ...model({ serving: { instanceType: "inf2.8xlarge" } }),
    },
    // What a token costs follows the instance's price.
    update: [`${NODE_GROUP} platform-compilation`, GATEWAY_ROLL, ROUTING, SERVERS],
  },
  {
    row: "`neuron.devicePlugin.enabled`",
    edit: "the nodes' devices are somebody else's to offer",
    changes: withChanges(NEURON, { devicePlugin: { enabled: false } }),
    remove: [
      DEVICE_PLUGIN,
      "kubernetes:core/v1:ServiceAccount neuron-device-plugin-account",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole neuron-device-plugin-role",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding neuron-device-plugin-binding",
      "llm-gateway:addons:NeuronDevicePlugin neuron-device-plugin",
    ],
  },
  {
    row: ARTIFACT_ROW,
    edit: "a model moves to another commit",
    changes: model({ revision: "0123456789abcdef0123456789abcdef01234567" }),
    update: [SERVERS],
    replace: [ARTIFACT],
  },
  {
    row: "`neuron.devicePlugin.image`",
    edit: "the nodes get another device plugin",
    changes: withChanges(NEURON, {
      devicePlugin: { image: "public.ecr.aws/neuron/neuron-device-plugin:2.32.0.0" },
    }),
    update: [DEVICE_PLUGIN],
  },
];
