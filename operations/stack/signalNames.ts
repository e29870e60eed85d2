import { GATEWAY_SIGNALS, VLLM_SIGNALS } from "../../domain/gatewaySignals";
import { seriesSelector } from "../../domain/series";
import {
  FORMULA_METRIC,
  type ScaledObjectState,
  type SignalSource,
  type TriggerState,
} from "./scaledObjects";

/** What an operator calls a gauge. */
const NAMES: Readonly<Partial<Record<string, string>>> = {
  [GATEWAY_SIGNALS.inFlight]: "requests in flight",
  [GATEWAY_SIGNALS.waiting]: "requests waiting in the gateway",
  [GATEWAY_SIGNALS.held]: "requests held by the gateway",
  [GATEWAY_SIGNALS.wanted]: "asked for lately",
  [VLLM_SIGNALS.running]: "requests running",
  [VLLM_SIGNALS.waiting]: "requests waiting in a replica",
};

/** Gauges that count the requests of slots. */
const IN_SLOTS: readonly string[] = [VLLM_SIGNALS.running, GATEWAY_SIGNALS.held];

/** What an operator calls a trigger. */
export function triggerName({ name, source, type }: TriggerState): string {
  return (source === undefined ? undefined : NAMES[source.metric]) ?? name ?? type;
}

/** An external metric that KEDA feeds, as an operator calls it. */
export interface SignalName {
  readonly name: string;
  /** Whether its value is in percent. */
  readonly percent: boolean;
}

/**
 * What a metric of KEDA's autoscaler is called: `s2-metric-api-...` is its third trigger, and {@link FORMULA_METRIC} the share of the slots
 * in use, where it is this platform's.
 */
export function signalName(metric: string, { formula, triggers }: ScaledObjectState): SignalName {
  if (metric === FORMULA_METRIC) {
    const ofSlots = triggers.some(({ source }) => IN_SLOTS.includes(source?.metric ?? ""));
    return ofSlots && formula?.includes(" * 100 / ") === true
      ? { name: "slots", percent: true }
      : { name: "formula", percent: false };
  }
  const index = /^s(\d+)-/.exec(metric)?.[1];
  const trigger = index === undefined ? undefined : triggers[Number(index)];
  return { name: trigger === undefined ? metric : triggerName(trigger), percent: false };
}

/** Where a trigger reads, for people: `queue{model="a"} of chat/litellm-signals:4001`. */
export function sourceText({ metric, labels, service, namespace, port }: SignalSource): string {
  return `${seriesSelector(metric, labels)} of ${namespace}/${service}:${port}`;
}
