import { VLLM_PORT } from "../names";

/** Name of the headless Service that gives each replica of a model its DNS name. */
export function replicaService(model: string): string {
  return `${model}-replicas`;
}

/** OpenAI base URL of one replica. */
export function replicaUrl(model: string, namespace: string, ordinal: number): string {
  return `http://${model}-${ordinal}.${replicaService(model)}.${namespace}.svc:${VLLM_PORT}/v1`;
}
