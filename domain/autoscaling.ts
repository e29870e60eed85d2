/** How far replicas may move within a period. */
export interface ScalingPolicy {
  /** `Pods`: a number of pods; `Percent`: a share of the present replicas. */
  readonly type: "Pods" | "Percent";
  readonly value: number;
  readonly periodSeconds: number;
}

/** One direction of scaling, as in `autoscaling/v2` `behavior`. */
export interface ScalingRules {
  /** Seconds over which the most cautious recommendation wins. */
  readonly stabilizationWindowSeconds: number;
  /** Which policy wins when several apply. */
  readonly selectPolicy: "Max" | "Min" | "Disabled";
  readonly policies: readonly ScalingPolicy[];
}

/** What an autoscaler does: bounds, resource targets and behaviour. */
export interface AutoscalingSettings {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Target mean CPU use in percent of the requests; no CPU metric when absent. */
  readonly cpuUtilization?: number | undefined;
  /** Target mean memory use in percent of the requests; no memory metric when absent. */
  readonly memoryUtilization?: number | undefined;
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}
