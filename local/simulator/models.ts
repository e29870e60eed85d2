import { randomUUID } from "node:crypto";
import type { Engine } from "./engine";
import { Refusal } from "./refusal";

/** @throws Refusal when a request asks for another model than the one that is served; it may leave the name out */
export function requireModel({ options }: Engine, asked: string | undefined): void {
  if (asked !== undefined && asked !== "" && asked !== options.model) {
    throw new Refusal(404, `The model \`${asked}\` does not exist.`, "NotFoundError");
  }
}

/** The answer to `GET /v1/models`, vLLM's `ModelList`. */
export function modelList({ options }: Engine, started: number): object {
  const permission = {
    id: `modelperm-${randomUUID().replaceAll("-", "")}`,
    object: "model_permission",
    created: started,
    allow_create_engine: false,
    allow_sampling: true,
    allow_logprobs: true,
    allow_search_indices: false,
    allow_view: true,
    allow_fine_tuning: false,
    organization: "*",
    group: null,
    is_blocking: false,
  };
  const card = {
    id: options.model,
    object: "model",
    created: started,
    owned_by: "vllm",
    root: options.checkpoint,
    parent: null,
    max_model_len: options.maxModelLen,
    permission: [permission],
  };
  return { object: "list", data: [card] };
}
