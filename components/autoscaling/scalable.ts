import type { Resource } from "@pulumi/pulumi";
import type { ContainerResources } from "../../domain/containerResources";

/** One container that runs as long as its pod: an ordinary container or a restartable init container. */
export interface ScalableContainer {
  readonly name: string;
  readonly resources: ContainerResources;
}

/** A workload that a HorizontalPodAutoscaler may own the replicas of. */
export interface Scalable {
  readonly apiVersion: "apps/v1";
  readonly kind: "Deployment" | "StatefulSet";
  /** `metadata.name`: a plain string, so that policies can join autoscaler and target in a first preview. */
  readonly name: string;
  readonly namespace: string;
  readonly containers: readonly ScalableContainer[];
  /** Fixed replicas, which an autoscaler refuses: both would own the same field. */
  readonly replicas?: number;
  /** The workload's resource: the autoscaler is created after it. */
  readonly resource: Resource;
}
