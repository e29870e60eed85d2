import type { types } from "@pulumi/kubernetes";
import type { Scalable } from "./scalable";
import type { AutoscalingSettings, ScalingRules } from "../../domain/settings/autoscaling";
import { signalsOf, type Signal } from "../../domain/settings/signals";

/** A reason why an autoscaler cannot work: the argument at fault and what to write. */
export interface Problem {
  /** Path of the argument at fault. */
  readonly propertyPath: string;
  /** What is wrong and what to write. */
  readonly reason: string;
}

/** Everything that would keep `settings` from scaling `target`; empty when it will work. */
export function problemsOf(target: Scalable, settings: AutoscalingSettings): Problem[] {
  const problems: Problem[] = [];
  const what = `${target.kind} ${target.namespace}/${target.name}`;
  if (target.replicas !== undefined) {
    problems.push({
      propertyPath: "target.replicas",
      reason: `${what} fixes replicas at ${target.replicas}; leave replicas out, the autoscaler owns them`,
    });
  }
  if (settings.minReplicas > settings.maxReplicas) {
    problems.push({
      propertyPath: "settings.minReplicas",
      reason: `${settings.minReplicas} is more than maxReplicas ${settings.maxReplicas}; write a value up to ${settings.maxReplicas}`,
    });
  }
  const signals = signalsOf(settings);
  if (signals.length === 0) {
    problems.push({
      propertyPath: "settings",
      reason: "has no metric; set cpuUtilization or memoryUtilization, or list metrics",
    });
  }
  problems.push(...signals.flatMap((signal) => missingRequests(signal, target, what)));
  return problems;
}

/** The `autoscaling/v2` spec that applies `settings` to `target`. */
export function horizontalPodAutoscalerSpec(
  target: Scalable,
  settings: AutoscalingSettings,
): types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { apiVersion: target.apiVersion, kind: target.kind, name: target.name },
    minReplicas: settings.minReplicas,
    maxReplicas: settings.maxReplicas,
    metrics: signalsOf(settings).map(metricSpec),
    behavior: { scaleUp: rules(settings.scaleUp), scaleDown: rules(settings.scaleDown) },
  };
}

/** The requests that a signal is a share of and that the target lacks. Average and plain values need none. */
function missingRequests(signal: Signal, target: Scalable, what: string): Problem[] {
  if (signal.kind !== "resource" && signal.kind !== "containerResource") {
    return [];
  }
  const judged =
    signal.kind === "resource"
      ? target.containers
      : target.containers.filter(({ name }) => name === signal.container);
  if (judged.length === 0 && signal.kind === "containerResource") {
    const names = target.containers.map(({ name }) => name).join(", ");
    return [
      {
        propertyPath: "settings.metrics",
        reason: `measures container "${signal.container}", which ${what} does not have; name one of ${names}`,
      },
    ];
  }
  return signal.averageUtilization === undefined
    ? []
    : judged
        .filter(({ resources }) => resources.requests[signal.resource] === undefined)
        .map(({ name }) => ({
          propertyPath: `target.containers["${name}"].resources.requests.${signal.resource}`,
          reason: `is missing on ${what}; without it the autoscaler cannot compute ${signal.resource} utilization`,
        }));
}

function metricSpec(signal: Signal): types.input.autoscaling.v2.MetricSpec {
  switch (signal.kind) {
    case "resource":
      return { type: "Resource", resource: { name: signal.resource, target: targetOf(signal) } };
    case "containerResource": {
      const { container, resource } = signal;
      return {
        type: "ContainerResource",
        containerResource: { container, name: resource, target: targetOf(signal) },
      };
    }
    case "pods":
      return { type: "Pods", pods: { metric: identifier(signal), target: targetOf(signal) } };
    case "object":
      return {
        type: "Object",
        object: {
          describedObject: { ...signal.object },
          metric: identifier(signal),
          target: targetOf(signal),
        },
      };
    case "external":
      return {
        type: "External",
        external: { metric: identifier(signal), target: targetOf(signal) },
      };
    default:
      return signal satisfies never;
  }
}

function identifier({
  metric,
  matchLabels,
}: {
  readonly metric: string;
  readonly matchLabels: Readonly<Record<string, string>>;
}): types.input.autoscaling.v2.MetricIdentifier {
  return Object.keys(matchLabels).length === 0
    ? { name: metric }
    : { name: metric, selector: { matchLabels: { ...matchLabels } } };
}

/** The one target that a signal has. */
function targetOf(signal: {
  readonly averageUtilization?: number | undefined;
  readonly averageValue?: string | undefined;
  readonly value?: string | undefined;
}): types.input.autoscaling.v2.MetricTarget {
  const { averageUtilization, averageValue, value } = signal;
  return averageUtilization !== undefined
    ? { type: "Utilization", averageUtilization }
    : averageValue !== undefined
      ? { type: "AverageValue", averageValue }
      : { type: "Value", ...(value === undefined ? {} : { value }) };
}

function rules(direction: ScalingRules): types.input.autoscaling.v2.HPAScalingRules {
  return {
    stabilizationWindowSeconds: direction.stabilizationWindowSeconds,
    selectPolicy: direction.selectPolicy,
    policies: direction.policies.map((policy) => ({ ...policy })),
  };
}
