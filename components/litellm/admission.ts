import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayModelName, type Model } from "../../domain/models/model";
import type { RoutingSettings } from "../../domain/settings/routing";
import type { RedisKind } from "./redisConnection";

/** What LiteLLM loads beside its other callbacks: an instance in a Python file of its configuration's folder. */
export const ADMISSION_CALLBACK = "admission.handler";

const SOURCE = readFileSync(join(__dirname, "admission.py"), "utf8");

export interface AdmissionArgs {
  readonly models: readonly Pick<Model, "name" | "shape">[];
  readonly routing: Pick<RoutingSettings, "admission">;
  readonly redis: RedisKind;
}

/** The files of the configuration's folder that {@link ADMISSION_CALLBACK} is made of, by their names; none where it is off. */
export function admissionFiles({ models, routing, redis }: AdmissionArgs): Record<string, string> {
  const { enabled, queuePerPlace, queueSeconds } = routing.admission;
  if (!enabled) {
    return {};
  }
  const settings = {
    /** Requests that a replica decodes together, by the gateway's name of its model. */
    places: Object.fromEntries(
      models.map(({ name, shape }) => [gatewayModelName(name), shape.maxSequences]),
    ),
    queuePerPlace,
    queueSeconds,
    tls: redis.tls,
  };
  return {
    "admission.py": SOURCE,
    "admission.json": `${JSON.stringify(settings, undefined, 2)}\n`,
  };
}
