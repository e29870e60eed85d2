import { z } from "zod";
import { UserError } from "../../domain/failure";
import { completeGateway } from "../../domain/models/completeGateway";
import { replicaHourUsd } from "../../domain/models/tokenPrice";
import type { ParsedConfig } from "../../domain/settings/schema";
import type { Behaviour, Bounds } from "./behaviour";
import type { SleepSettings } from "./kubernetes";
import type { RequestScaling } from "./policies";
import type { QueueSettings } from "./queue";
import type { ScheduledMinimum } from "./schedule";

/** What a plan reads of a stack's model. */
export interface PlannedModel {
  readonly name: string;
  /** Requests that a replica decodes at a time. */
  readonly slots: number;
  readonly bounds: Bounds;
  /** Behaviour of the autoscaler on CPU. */
  readonly behaviour: Behaviour;
  /** CPU to keep, percent of the requests; undefined where CPU does not count. */
  readonly cpuPercent: number | undefined;
  /** Scaling on requests; undefined where the stack has none. */
  readonly requests: RequestScaling | undefined;
  readonly sleep: SleepSettings | undefined;
  /** Minima by time of day. */
  readonly schedule: readonly ScheduledMinimum[];
  /** US dollars of a replica's share of its node in an hour. */
  readonly nodeHourUsd: number | undefined;
  /** The group of nodes that serve it. */
  readonly nodeGroup: string | undefined;
  /** Nodes of the group that are kept ready. */
  readonly headroom: number;
  /** The gateway's queue, without its fallback. */
  readonly queue: QueueSettings;
  /** Whether another model answers what the queue has no room for. */
  readonly hasFallback: boolean;
}

const rules = z.object({
  stabilizationWindowSeconds: z.number(),
  selectPolicy: z.enum(["Max", "Min", "Disabled"]),
  policies: z
    .array(
      z.object({
        type: z.enum(["Pods", "Percent"]),
        value: z.number(),
        periodSeconds: z.number(),
      }),
    )
    .min(1),
});

/** What a stack may say of scaling on requests. */
const requestSettings = z.object({
  requests: z
    .object({
      target: z.number(),
      scaleUp: rules,
      scaleDown: rules,
      idleSeconds: z.number().optional(),
      pollingSeconds: z.number().optional(),
      schedule: z
        .array(
          z.object({
            timezone: z.string(),
            start: z.string(),
            end: z.string(),
            replicas: z.number(),
          }),
        )
        .default([]),
    })
    .nullish(),
});

const headroomSettings = z.object({ headroom: z.number().default(0) });

/** KEDA's own `pollingInterval` and `cooldownPeriod`, for a stack that names none. */
const SLEEP: SleepSettings = { idleSeconds: 300, pollingSeconds: 30 };

/**
 * What a stack's configuration says of a model.
 *
 * @param wanted name of the model; may be left out where the stack serves one alone
 * @throws UserError naming the models when there is no such
 */
export function plannedModel(config: ParsedConfig, wanted: string | undefined): PlannedModel {
  const names = Object.keys(config.models);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  const model = name === undefined ? undefined : config.models[name];
  if (name === undefined || model === undefined) {
    throw new UserError(
      wanted === undefined
        ? `the stack serves ${names.length} models`
        : `the stack serves no model "${wanted}"`,
      `write --model with one of ${names.join(", ")}`,
    );
  }
  const { autoscaling, shape, serving } = model;
  const { requests } = requestSettings.parse(autoscaling);
  const { admission, fallbacks } = completeGateway(config).routing;
  const [group] = Object.entries(config.neuron.nodeGroups).filter(
    ([, { instanceType }]) => instanceType === serving.instanceType,
  );
  const { minReplicas, maxReplicas, scaleUp, scaleDown, cpuUtilization } = autoscaling;
  return {
    name,
    slots: shape.maxSequences,
    bounds: { minReplicas, maxReplicas },
    behaviour: { scaleUp, scaleDown },
    cpuPercent: cpuUtilization,
    requests: requests ?? undefined,
    sleep:
      minReplicas > 0
        ? undefined
        : {
            idleSeconds: requests?.idleSeconds ?? SLEEP.idleSeconds,
            pollingSeconds: requests?.pollingSeconds ?? SLEEP.pollingSeconds,
          },
    schedule: requests?.schedule ?? [],
    nodeHourUsd: replicaHourUsd(model),
    nodeGroup: group?.[0],
    headroom: group === undefined ? 0 : headroomSettings.parse(group[1]).headroom,
    queue: admission.enabled
      ? { perPlace: admission.queuePerPlace, seconds: admission.queueSeconds, fallback: false }
      : { perPlace: Infinity, seconds: Infinity, fallback: false },
    hasFallback: (fallbacks[name] ?? []).length > 0,
  };
}
