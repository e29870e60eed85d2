import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { KEDA_API_VERSION } from "../../domain/keda";
import { labels } from "../../domain/labels";
import type { Scalable } from "./scalable";
import type { ScaledObjectSpec } from "./scaledObject";
import { fixedReplicas, refuseProblems, type Problem } from "./spec";

/** Inputs of {@link RequestAutoscaler}. */
export interface RequestAutoscalerArgs {
  /** The workload whose replicas the autoscaler owns. */
  readonly target: Scalable;
  /** What it watches, and what it does. */
  readonly spec: ScaledObjectSpec;
  /** What else keeps it from working. @default nothing */
  readonly problems?: readonly Problem[];
}

/**
 * A ScaledObject, from which KEDA makes a HorizontalPodAutoscaler and feeds it with requests.
 *
 * @throws pulumi.InputPropertiesError when the target fixes its replicas, or lacks a request that a trigger needs
 */
export class RequestAutoscaler extends pulumi.ComponentResource {
  public constructor(
    name: string,
    args: RequestAutoscalerArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    const { target, spec } = args;
    refuseProblems(spec.advanced.horizontalPodAutoscalerConfig.name, [
      ...fixedReplicas(target),
      ...(args.problems ?? []),
    ]);
    super("llm-gateway:autoscaling:RequestAutoscaler", name, {}, opts);
    new k8s.apiextensions.CustomResource(
      name,
      {
        apiVersion: KEDA_API_VERSION,
        kind: "ScaledObject",
        metadata: {
          name: target.name,
          namespace: target.namespace,
          labels: labels(target.name, "autoscaler"),
          annotations: {
            // An autoscaler of this name that an earlier update has made goes on under KEDA, instead of two that fight.
            "scaledobject.keda.sh/transfer-hpa-ownership": "true",
          },
        },
        spec,
      },
      { parent: this, dependsOn: [target.resource] },
    );
    this.registerOutputs();
  }
}
