import type { Resource } from "@pulumi/pulumi";
import type { ContainerResources } from "../../domain/containerResources";

/** One container that runs as long as its pod: an ordinary container or a restartable init container. */
export interface ScalableContainer {
  /** Name of the container, as metrics of one container name it. */
  readonly name: string;
  /** Requests, which utilization is a share of, and limits. */
  readonly resources: ContainerResources;
}

/** A workload that a HorizontalPodAutoscaler may own the replicas of. */
export interface Scalable {
  /** API group and version of the workload. */
  readonly apiVersion: "apps/v1";
  /** Kind of the workload. */
  readonly kind: "Deployment" | "StatefulSet";
  /** `metadata.name`: a plain string, so that policies can join autoscaler and target in a first preview. */
  readonly name: string;
  /** `metadata.namespace`, where the autoscaler stands, too. */
  readonly namespace: string;
  /** Every container that counts for the metrics. */
  readonly containers: readonly ScalableContainer[];
  /** Fixed replicas, which an autoscaler refuses: both would own the same field. */
  readonly replicas?: number;
  /** The workload's resource: the autoscaler is created after it. */
  readonly resource: Resource;
}
