import type { types } from "@pulumi/kubernetes";
import { NEURON_TOLERATION, onInstanceTypes } from "../kubernetes/placement";
import { RESTRICTED_CONTAINER } from "../kubernetes/podSecurity";
import {
  ARTIFACTS_MOUNT,
  artifactHash,
  artifactPaths,
  neuronEnvironment,
  type ArtifactPaths,
} from "./artifact";
import { CHAT_TEMPLATE_PATH, engineSettings, serveArguments } from "./arguments";
import type { Model, ModelPlacement } from "../../domain/models/model";
import type { ContainerResources } from "../../domain/containerResources";
import { NEURON_RESOURCE } from "../../domain/neuron/resource";
import { selector } from "../../domain/labels";
import { VLLM_PORT } from "../../domain/names";
import { graceSeconds, SERVICE_DRAIN_SECONDS } from "../../domain/rolls";

type PodSpec = types.input.core.v1.PodSpec;

/** What the pods of one model are built from, beside the model. */
export interface ModelPodContext {
  /** The model that is served. */
  readonly model: Model;
  /** vLLM image for Neuron. */
  readonly image: string;
  /** Name of the claim that holds the artifacts. */
  readonly claimName: string;
  /** Longest answer, seconds: a terminating replica finishes what it has begun. */
  readonly longestAnswerSeconds: number;
}

/** Names and folders of the artifact that the model's pods share. */
export function artifactOf(context: Pick<ModelPodContext, "model" | "image">): {
  readonly hash: string;
  readonly paths: ArtifactPaths;
} {
  const hash = artifactHash(context.model, context.image);
  return { hash, paths: artifactPaths(hash) };
}

/** Name of the ConfigMap with the model's chat template. */
export function chatTemplateName(model: string): string {
  return `${model}-chat-template`;
}

/** Container of a model server, and that of the artifact Job. */
export const SERVING_CONTAINER = "vllm";
export const BUILD_CONTAINER = "build-artifact";

/** Name of the ConfigMap with the artifact Job's script. */
export const BUILD_SCRIPT_CONFIG_MAP = "vllm-build-artifact";

/** Name and key of the Secret with the Hugging Face token. */
export const HUGGING_FACE_SECRET = { name: "hugging-face", key: "token" } as const;

/** Name and key of the Secret with the API key that the gateway shows to the model servers. */
export const API_KEY_SECRET = { name: "vllm-api-key", key: "VLLM_API_KEY" } as const;

/** Requests and limits of a container with its Neuron devices, which Kubernetes wants equal in both. */
function neuronResources(placement: ModelPlacement): ContainerResources {
  const devices = { [NEURON_RESOURCE]: String(placement.neuronDevices) };
  return {
    requests: { ...placement.resources.requests, ...devices },
    limits: { ...placement.resources.limits, ...devices },
  };
}

/** The containers that the autoscaler judges. */
export function servingContainers(model: Model) {
  return [{ name: SERVING_CONTAINER, resources: neuronResources(model.serving) }];
}

/** Pod of a model server: it waits for the artifact, then serves it read-only. */
export function servingPodSpec(context: ModelPodContext): PodSpec {
  const { model } = context;
  const { paths } = artifactOf(context);
  const artifacts = { name: "artifacts", mountPath: ARTIFACTS_MOUNT, readOnly: true };
  return {
    ...neuronPod(model.serving),
    terminationGracePeriodSeconds: graceSeconds({
      ...context,
      drainSeconds: SERVICE_DRAIN_SECONDS,
    }),
    // One replica per zone as far as capacity allows; Inf2 is scarce, so it stays a preference.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selector(model.name) },
      },
    ],
    initContainers: [
      {
        name: "await-artifact",
        image: context.image,
        command: [
          "/bin/sh",
          "-c",
          `until [ -f ${paths.manifest} ]; do echo "waiting for ${paths.manifest}"; sleep 10; done`,
        ],
        resources: {
          requests: { cpu: "50m", memory: "64Mi" },
          limits: { cpu: "100m", memory: "64Mi" },
        },
        securityContext: RESTRICTED_CONTAINER,
        volumeMounts: [artifacts],
      },
    ],
    containers: [
      {
        name: SERVING_CONTAINER,
        image: context.image,
        command: ["vllm", "serve"],
        args: serveArguments(model, paths),
        ports: [{ name: "http", containerPort: VLLM_PORT }],
        env: [
          ...environment({ ...processEnvironment, ...neuronEnvironment(model.shape, paths) }),
          {
            name: API_KEY_SECRET.key,
            valueFrom: { secretKeyRef: { name: API_KEY_SECRET.name, key: API_KEY_SECRET.key } },
          },
        ],
        resources: neuronResources(model.serving),
        securityContext: containerSecurity,
        // /health answers only once the graph is loaded: up to 15 minutes from a cold shared volume.
        startupProbe: probe({ periodSeconds: 10, failureThreshold: 90, timeoutSeconds: 5 }),
        readinessProbe: probe({ periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 }),
        // One event loop serves probes and tokens, so a busy server answers late without being dead.
        livenessProbe: probe({ periodSeconds: 15, failureThreshold: 6, timeoutSeconds: 10 }),
        lifecycle: { preStop: { sleep: { seconds: SERVICE_DRAIN_SECONDS } } },
        volumeMounts: [
          artifacts,
          ...scratchMounts,
          ...(model.chatTemplate === undefined
            ? []
            : [
                {
                  name: "chat-template",
                  mountPath: CHAT_TEMPLATE_PATH.slice(0, CHAT_TEMPLATE_PATH.lastIndexOf("/")),
                  readOnly: true,
                },
              ]),
        ],
      },
    ],
    volumes: [
      ...volumes(context.claimName, "1Gi"),
      ...(model.chatTemplate === undefined
        ? []
        : [{ name: "chat-template", configMap: { name: chatTemplateName(model.name) } }]),
    ],
  };
}

/** Pod of the Job that downloads and compiles: the only one that writes to the artifact volume. */
export function artifactPodSpec(context: ModelPodContext, withToken: boolean): PodSpec {
  const { model } = context;
  const { paths } = artifactOf(context);
  const config = {
    repository: model.repository,
    revision: model.revision,
    paths,
    engine: engineSettings(model, paths),
  };
  return {
    ...neuronPod(model.compilation),
    restartPolicy: "Never",
    containers: [
      {
        name: BUILD_CONTAINER,
        image: context.image,
        command: ["python", "/scripts/build_artifact.py"],
        env: [
          ...environment({
            ...processEnvironment,
            ...neuronEnvironment(model.shape, paths),
            VLLM_ENGINE_READY_TIMEOUT_S: String(model.compilation.timeoutMinutes * 60),
            BUILD_CONFIG: JSON.stringify(config),
          }),
          ...(withToken
            ? [{ name: "HF_TOKEN", valueFrom: { secretKeyRef: { ...HUGGING_FACE_SECRET } } }]
            : []),
        ],
        resources: neuronResources(model.compilation),
        securityContext: containerSecurity,
        volumeMounts: [
          { name: "artifacts", mountPath: ARTIFACTS_MOUNT },
          ...scratchMounts,
          { name: "scripts", mountPath: "/scripts", readOnly: true },
        ],
      },
    ],
    volumes: [
      ...volumes(context.claimName, "8Gi"),
      { name: "scripts", configMap: { name: BUILD_SCRIPT_CONFIG_MAP } },
    ],
  };
}

/** The vLLM image runs as root and writes beside its code, so it gets `baseline` rather than `restricted` security. */
const containerSecurity: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};

const processEnvironment: Readonly<Record<string, string>> = {
  HF_HOME: "/tmp/hugging-face",
  // glibc's per-thread arenas cost gigabytes beside a checkpoint in memory.
  MALLOC_ARENA_MAX: "1",
};

const scratchMounts = [
  { name: "shared-memory", mountPath: "/dev/shm" },
  { name: "scratch", mountPath: "/tmp" },
];

function neuronPod(placement: ModelPlacement): Omit<PodSpec, "containers"> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    tolerations: [NEURON_TOLERATION],
    affinity: onInstanceTypes([placement.instanceType]),
  };
}

function volumes(claimName: string, sharedMemory: string): types.input.core.v1.Volume[] {
  return [
    { name: "artifacts", persistentVolumeClaim: { claimName } },
    { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: sharedMemory } },
    { name: "scratch", emptyDir: {} },
  ];
}

function probe(timing: {
  readonly periodSeconds: number;
  readonly failureThreshold: number;
  readonly timeoutSeconds: number;
}): types.input.core.v1.Probe {
  return { httpGet: { path: "/health", port: "http" }, ...timing };
}

function environment(values: Readonly<Record<string, string>>): types.input.core.v1.EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
