import type { KubeConfig } from "@kubernetes/client-node";
import type { Connection } from "../../operations/stack/connection";
import { GatewayClient } from "../../operations/stack/gatewayClient";
import { podPages } from "../../operations/stack/podPage";
import { GATEWAY_NAMESPACE, MODEL_NAMESPACE } from "./liveObjects";

/** A connection with a cluster whose gateway is asked by its pods alone: nobody answers at its address. */
export function stubConnection(config: KubeConfig): Connection {
  return {
    config,
    namespace: GATEWAY_NAMESPACE,
    modelNamespace: MODEL_NAMESPACE,
    gateway: new GatewayClient("http://gateway.test", "sk-master"),
    page: podPages(config),
    route: "",
    close: () => undefined,
  };
}
