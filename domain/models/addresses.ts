import { VLLM_PORT } from "../names";

/** Name of the headless Service that gives each replica of a model its DNS name. */
export function replicaService(model: string): string {
  return `${model}-replicas`;
}

/** OpenAI base URL of one replica. */
export function replicaUrl(model: string, namespace: string, ordinal: number): string {
  return `http://${model}-${ordinal}.${replicaService(model)}.${namespace}.svc:${VLLM_PORT}/v1`;
}

/** OpenAI base URL of a model's Service, which leads to its ready replicas. */
export function serverUrl(model: string, namespace: string): string {
  return `http://${model}.${namespace}.svc:${VLLM_PORT}/v1`;
}

/** What LiteLLM's routing knows one replica by. */
export function replicaId(model: string, ordinal: number): string {
  return `${model}-${ordinal}`;
}
