import type { types } from "@pulumi/kubernetes";
import type { Scalable } from "./scalable";
import type { ScalingRules, AutoscalingSettings } from "../../domain/settings/autoscaling";

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
  const resources = resourceTargets(settings).map(([resource]) => resource);
  if (resources.length === 0) {
    problems.push({
      propertyPath: "settings",
      reason: "has no metric; set cpuUtilization or memoryUtilization",
    });
  }
  for (const container of target.containers) {
    for (const resource of resources) {
      if (container.resources.requests[resource] === undefined) {
        problems.push({
          propertyPath: `target.containers["${container.name}"].resources.requests.${resource}`,
          reason: `is missing on ${what}; without it the autoscaler cannot compute ${resource} utilization`,
        });
      }
    }
  }
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
    metrics: resourceTargets(settings).map(([name, averageUtilization]) => ({
      type: "Resource",
      resource: { name, target: { type: "Utilization", averageUtilization } },
    })),
    behavior: { scaleUp: rules(settings.scaleUp), scaleDown: rules(settings.scaleDown) },
  };
}

function resourceTargets(settings: AutoscalingSettings): (readonly [string, number])[] {
  return [
    ["cpu", settings.cpuUtilization] as const,
    ["memory", settings.memoryUtilization] as const,
  ].filter((entry): entry is readonly ["cpu" | "memory", number] => entry[1] !== undefined);
}

function rules(direction: ScalingRules): types.input.autoscaling.v2.HPAScalingRules {
  return {
    stabilizationWindowSeconds: direction.stabilizationWindowSeconds,
    selectPolicy: direction.selectPolicy,
    policies: direction.policies.map((policy) => ({ ...policy })),
  };
}
