/** Port of the gateway's pods that the autoscaler reads, without a key. */
export const SIGNALS_PORT = 4001;

/** Headless Service of that port. */
export const SIGNALS_SERVICE = "litellm-signals";

/** Gauges of each pod of the gateway, as `components/litellm/callbacks/*.py` write them; but the first, all have the label `model`. */
export const GATEWAY_SIGNALS = {
  /** Requests of clients that have not ended. */
  inFlight: "llm_gateway_requests_in_flight",
  /** Requests that wait for a place in a replica. */
  waiting: "llm_gateway_requests_waiting",
  /** Requests that a model which may sleep answers, those that wait included. */
  held: "llm_gateway_requests_held",
  /** 1 while somebody has lately asked for a model that may sleep, and from then on until it is awake. */
  wanted: "llm_gateway_requests_wanted",
} as const;

/** Gauges of each replica, as vLLM names them, with the label `model_name`. */
export const VLLM_SIGNALS = {
  running: "vllm:num_requests_running",
  waiting: "vllm:num_requests_waiting",
} as const;
