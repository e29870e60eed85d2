/** Object names of the gateway: what users, dashboards and runbooks refer to. */
export const GATEWAY = "litellm";
export const POSTGRESQL = "litellm-postgresql";
export const REDIS = "litellm-redis-master";
export const ROUTING_CONFIG = "litellm-routing-config";
/** The Job that migrates the database. */
export const MIGRATIONS = "litellm-migrations";
export const AUTOSCALER = "litellm-hpa";

/** Namespaces of the gateway and of the model servers in a stack that names no others. */
export const DEFAULT_NAMESPACES = { gateway: "litellm", models: "vllm" } as const;

/** Port of the OpenAI-compatible API. */
export const GATEWAY_PORT = 4000;
/** Port of the load balancer where it ends TLS. */
export const HTTPS_PORT = 443;
export const POSTGRESQL_PORT = 5432;
export const REDIS_PORT = 6379;

/** Annotation of the gateway's Service with the name that clients use, where it has one. */
export const HOST_NAME_ANNOTATION = "llm-gateway/host-name";

/** Folder that the routing configuration is mounted in, and its key in the ConfigMap. */
export const ROUTING_FOLDER = "/app/routing";
export const ROUTING_FILE = "routing.yaml";

/** ConfigMap with the root certificate of the gateway's database, the folder that it is mounted in, and its key. */
export const DATABASE_CA = "litellm-database-ca";
export const DATABASE_CA_FOLDER = "/app/database-ca";
export const DATABASE_CA_FILE = "ca.pem";

/** The Secret that a store's container reads its password from. */
export const STORE_PASSWORD_KEY = "password";
/** In the Secret of PostgreSQL, the password of its administrator, whom the gateway is not. */
export const ADMIN_PASSWORD_KEY = "admin-password";
/** Name of the database and of the user that owns it. */
export const DATABASE = "litellm";

/** Name of the Secret with the environment of the proxy. */
export const GATEWAY_SECRET = GATEWAY;

/** Environment variables of the proxy: keys of {@link GATEWAY_SECRET}. */
export const PROXY_ENVIRONMENT = {
  masterKey: "LITELLM_MASTER_KEY",
  saltKey: "LITELLM_SALT_KEY",
  databaseUrl: "DATABASE_URL",
  redisUrl: "REDIS_URL",
  modelApiKey: "VLLM_API_KEY",
} as const;

/** Shell command that prints the administrator's API key of a gateway in `namespace`. */
export function keyCommand(namespace: string): string {
  return `kubectl -n ${namespace} get secret ${GATEWAY_SECRET} -o jsonpath={.data.${PROXY_ENVIRONMENT.masterKey}} | base64 -d`;
}

/** Port of vLLM's OpenAI-compatible server, `/health` and `/metrics`. */
export const VLLM_PORT = 8000;
