import type * as pulumi from "@pulumi/pulumi";

/** A third-party controller as its official Helm chart. */
export interface ControllerChart {
  /** Last part of the Pulumi resource's name: a live stack knows the release by it. */
  readonly role: string;
  /** Chart and release name. */
  readonly chart: string;
  /** URL of the chart repository. */
  readonly repository: string;
  /** Exact version of the chart. */
  readonly version: string;
  /** Values that the chart is installed with. */
  readonly values: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/** Requests and limits of a controller's one container. */
export const CONTROLLER_RESOURCES = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { memory: "512Mi" },
} as const;
