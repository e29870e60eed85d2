import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../../domain/labels";
import type { Scalable } from "./scalable";
import { horizontalPodAutoscalerSpec, problemsOf, refuseProblems } from "./spec";
import type { AutoscalingSettings } from "../../domain/settings/autoscaling";

/** Inputs of {@link Autoscaler}. */
export interface AutoscalerArgs {
  /** `metadata.name` of the HorizontalPodAutoscaler. */
  readonly name: string;
  /** The workload whose replicas the autoscaler owns. */
  readonly target: Scalable;
  /** Bounds, targets and behaviour. */
  readonly settings: AutoscalingSettings;
}

/**
 * A HorizontalPodAutoscaler (`autoscaling/v2`) over a {@link Scalable}.
 *
 * @throws pulumi.InputPropertiesError when the target lacks a request that a metric needs, fixes its replicas, or the
 *   bounds contradict each other: such an autoscaler would be accepted by Kubernetes and never scale.
 */
export class Autoscaler extends pulumi.ComponentResource {
  public constructor(name: string, args: AutoscalerArgs, opts: pulumi.ComponentResourceOptions) {
    refuseProblems(args.name, problemsOf(args.target, args.settings));
    super("llm-gateway:autoscaling:Autoscaler", name, {}, opts);
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      name,
      {
        metadata: {
          name: args.name,
          namespace: args.target.namespace,
          labels: labels(args.target.name, "autoscaler"),
        },
        spec: horizontalPodAutoscalerSpec(args.target, args.settings),
      },
      { parent: this, dependsOn: [args.target.resource] },
    );
    this.registerOutputs();
  }
}
