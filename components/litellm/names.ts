/** Object names of the gateway: what users, dashboards and runbooks refer to. */
export const GATEWAY = "litellm";
export const POSTGRESQL = "litellm-postgresql";
export const REDIS = "litellm-redis-master";
export const ROUTING_CONFIG = "litellm-routing-config";
export const AUTOSCALER = "litellm-hpa";

/** Port of the OpenAI-compatible API. */
export const GATEWAY_PORT = 4000;
export const POSTGRESQL_PORT = 5432;
export const REDIS_PORT = 6379;

/** Folder that the routing configuration is mounted in, and its key in the ConfigMap. */
export const ROUTING_FOLDER = "/app/routing";
export const ROUTING_FILE = "routing.yaml";
