import { CoreV1Api } from "@kubernetes/client-node";
import { parse } from "yaml";
import { z } from "zod";
import { ROUTING_CONFIG, ROUTING_FILE } from "../../domain/names";
import type { Subject } from "./check";

const routingConfig = z.object({
  router_settings: z.object({
    fallbacks: z.array(z.record(z.string(), z.array(z.string()))),
  }),
  general_settings: z.object({ health_check_interval: z.number() }),
});

/** What checks need of the configuration that the gateway runs with. */
export async function readRoutingConfig({
  config,
  namespace,
}: Pick<Subject, "config" | "namespace">): Promise<z.infer<typeof routingConfig>> {
  const { data } = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedConfigMap({ name: ROUTING_CONFIG, namespace });
  return routingConfig.parse(parse(data?.[ROUTING_FILE] ?? ""));
}
