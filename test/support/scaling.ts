import type { Arrival } from "../../operations/load/profile";
import type { Behaviour } from "../../operations/plan/behaviour";
import { ASSUMED_TIMES } from "../../operations/plan/model";
import { pods, rules, type Setting } from "../../operations/plan/policies";

/** Goal of the evaluation: the first token within so many seconds. */
export const GOAL = { goalSeconds: 3, nodeHourUsd: undefined };

/** Behaviour of this product's autoscalers on CPU. */
export const PRESET_BEHAVIOUR: Behaviour = {
  scaleUp: rules(0, pods(1, 60)),
  scaleDown: { ...rules(600, pods(1, 300)), selectPolicy: "Min" },
};

/**
 * The evaluation's setting: 4 slots a replica, 2 to 24 replicas, a start of 180 s of which 120 are the node's, and every request waits until it
 * is served, so that no policy gains by refusals.
 */
export function evaluation(
  arrivals: readonly Arrival[],
  initialReplicas: number,
  startSeconds = 180,
): Setting {
  return {
    minReplicas: 2,
    maxReplicas: 24,
    initialReplicas,
    goalSeconds: GOAL.goalSeconds,
    scenario: {
      arrivals,
      times: ASSUMED_TIMES,
      fleet: {
        slots: 4,
        startSeconds: startSeconds / 3,
        bootSeconds: (2 * startSeconds) / 3,
        headroom: 0,
        keepSeconds: 0,
      },
      queue: { perPlace: Infinity, seconds: Infinity, fallback: false },
    },
  };
}
