import type { types } from "@pulumi/kubernetes";
import { InputPropertiesError } from "@pulumi/pulumi";
import type { Scalable } from "./scalable";
import type { AutoscalingSettings } from "../../domain/settings/autoscaling";
import type { ScalingRules } from "../../domain/settings/scalingRules";
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
  const problems: Problem[] = fixedReplicas(target);
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
  return [...problems, ...missingRequests(target, signals)];
}

/** Replicas that the target fixes itself. */
export function fixedReplicas(target: Scalable): Problem[] {
  return target.replicas === undefined
    ? []
    : [
        {
          propertyPath: "target.replicas",
          reason: `${nameOf(target)} fixes replicas at ${target.replicas}; leave replicas out, the autoscaler owns them`,
        },
      ];
}

/** Requests that signals are a share of and that the target lacks. */
export function missingRequests(target: Scalable, signals: readonly Signal[]): Problem[] {
  return signals.flatMap((signal) => missingRequestsOf(signal, target, nameOf(target)));
}

/** @throws pulumi.InputPropertiesError with all of them, where there are any */
export function refuseProblems(autoscaler: string, problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw new InputPropertiesError({
      message: `autoscaler ${autoscaler} cannot work: ${problems.map((p) => `${p.propertyPath} ${p.reason}`).join("; ")}`,
      errors: [...problems],
    });
  }
}

function nameOf({ kind, namespace, name }: Scalable): string {
  return `${kind} ${namespace}/${name}`;
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
    behavior: behavior(settings),
  };
}

/** The requests that a signal is a share of and that the target lacks. Average and plain values need none. */
function missingRequestsOf(signal: Signal, target: Scalable, what: string): Problem[] {
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

/** How fast replicas come and go. */
export function behavior({
  scaleUp,
  scaleDown,
}: Pick<
  AutoscalingSettings,
  "scaleDown" | "scaleUp"
>): types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior {
  return { scaleUp: rules(scaleUp), scaleDown: rules(scaleDown) };
}

function rules(direction: ScalingRules): types.input.autoscaling.v2.HPAScalingRules {
  return {
    stabilizationWindowSeconds: direction.stabilizationWindowSeconds,
    selectPolicy: direction.selectPolicy,
    policies: direction.policies.map((policy) => ({ ...policy })),
  };
}
