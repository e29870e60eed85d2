import {
  DATABASE_CA,
  DATABASE_CA_FOLDER,
  POSTGRESQL,
  PROXY_ENVIRONMENT,
  ROUTING_FOLDER,
} from "./names";

/** What the platform depends on in the pods of a workload, so that a stack may not override it. */
export interface Reserved {
  /** Names of the pod's own volumes. */
  readonly volumes: readonly string[];
  /** Folders that these are mounted in. */
  readonly mounts: readonly string[];
  /** Environment variables that follow from other settings or carry credentials. */
  readonly env: readonly string[];
  /** Flags of the process that follow from other settings, without a value. */
  readonly flags: readonly string[];
}

const NEURON = {
  volumes: ["artifacts", "shared-memory", "scratch"],
  mounts: ["/artifacts", "/dev/shm", "/tmp"],
  env: [
    "NEURON_COMPILED_ARTIFACTS",
    "NEURON_RT_NUM_CORES",
    "XLA_HANDLE_SPECIAL_SCALAR",
    "UNSAFE_FP8FNCAST",
    "HF_HOME",
  ],
} as const;

/** By kind of pod. */
export const RESERVED = {
  gateway: {
    volumes: ["routing", "scratch", DATABASE_CA],
    mounts: [ROUTING_FOLDER, "/tmp", DATABASE_CA_FOLDER],
    env: [
      ...Object.values(PROXY_ENVIRONMENT),
      "LITELLM_SALT_KEY",
      "LITELLM_NON_ROOT",
      "LITELLM_MIGRATION_DIR",
      "DISABLE_SCHEMA_UPDATE",
      "LITELLM_UI_PATH",
      "LITELLM_ASSETS_PATH",
      "XDG_CACHE_HOME",
      "DEFAULT_SHARED_HEALTH_CHECK_TTL",
      "DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL",
    ],
    flags: ["--config", "--port", "--num_workers"],
  },
  serving: {
    volumes: [...NEURON.volumes, "chat-template"],
    mounts: [...NEURON.mounts, "/etc/vllm"],
    env: [...NEURON.env, "VLLM_API_KEY"],
    flags: [
      "--additional-config",
      "--chat-template",
      "--enable-auto-tool-choice",
      "--enable-prefix-caching",
      "--max-model-len",
      "--max-num-seqs",
      "--no-enable-prefix-caching",
      "--num-gpu-blocks-override",
      "--port",
      "--reasoning-parser",
      "--served-model-name",
      "--tensor-parallel-size",
      "--tool-call-parser",
    ],
  },
  compilation: {
    volumes: [...NEURON.volumes, "scripts"],
    mounts: [...NEURON.mounts, "/scripts"],
    env: [...NEURON.env, "VLLM_ENGINE_READY_TIMEOUT_S", "BUILD_CONFIG", "HF_TOKEN"],
    flags: [],
  },
  database: {
    volumes: ["data", "scratch-0", "scratch-1", `${POSTGRESQL}-init`],
    mounts: [
      "/var/lib/postgresql/data",
      "/var/run/postgresql",
      "/tmp",
      "/docker-entrypoint-initdb.d",
    ],
    env: ["POSTGRES_USER", "POSTGRES_PASSWORD", "GATEWAY_PASSWORD", "PGDATA"],
    flags: [],
  },
  redis: {
    volumes: ["data", "scratch-0"],
    mounts: ["/data", "/tmp"],
    env: ["REDIS_PASSWORD"],
    flags: [],
  },
} as const satisfies Readonly<Record<string, Reserved>>;

/** Values of each controller's chart that the platform depends on, by their paths. */
export const RESERVED_VALUES = {
  clusterAutoscaler: [
    "cloudProvider",
    "awsRegion",
    "autoDiscovery.clusterName",
    "rbac.serviceAccount.name",
    "rbac.serviceAccount.create",
  ],
  loadBalancerController: [
    "clusterName",
    "region",
    "vpcId",
    "serviceAccount.name",
    "serviceAccount.create",
  ],
  keda: ["operator.name", "watchNamespace", "metricsServer.enabled", "service.portHttpsTarget"],
} as const;
