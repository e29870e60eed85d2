import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";

/** What a kubelet knows of a pod's process. */
export interface Observed {
  readonly address: string;
  readonly started: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  readonly startedAt: Date;
  /** Why the last process ended, when one did. */
  readonly lastExit?: { readonly code: number; readonly at: Date } | undefined;
  /** How a pod ended that is not started again, when it did. */
  readonly completed?:
    { readonly code: number; readonly at: Date; readonly message: string } | undefined;
}

/** The status of a running pod, as a kubelet reports it. Conditions keep the time of their last change. */
export function podStatus(pod: V1Pod, observed: Observed, now: Date): V1PodStatus {
  const condition = (type: string, holds: boolean) => {
    const status = holds ? "True" : "False";
    const before = pod.status?.conditions?.find((entry) => entry.type === type);
    return before?.status === status
      ? before
      : {
          type,
          status,
          lastTransitionTime: now,
          ...(holds ? {} : { reason: "ContainersNotReady" }),
        };
  };
  const scheduled = pod.status?.conditions?.filter(({ type }) => type === "PodScheduled") ?? [];
  const { lastExit, completed } = observed;
  return {
    phase: completed === undefined ? "Running" : completed.code === 0 ? "Succeeded" : "Failed",
    hostIP: "10.0.0.1",
    podIP: observed.address,
    podIPs: [{ ip: observed.address }],
    startTime: pod.status?.startTime ?? now,
    conditions: [
      ...scheduled,
      condition("Initialized", true),
      condition("ContainersReady", observed.ready),
      condition("Ready", observed.ready),
    ],
    initContainerStatuses: (pod.spec?.initContainers ?? []).map(({ name, image }) => ({
      name,
      image: image ?? "",
      imageID: "",
      ready: true,
      restartCount: 0,
      state: { terminated: { exitCode: 0, reason: "Completed" } },
    })),
    containerStatuses: (pod.spec?.containers ?? []).map(({ name, image }) => ({
      name,
      image: image ?? "",
      imageID: "",
      ready: observed.ready,
      started: observed.started,
      restartCount: observed.restarts,
      state:
        completed === undefined
          ? { running: { startedAt: observed.startedAt } }
          : {
              terminated: {
                exitCode: completed.code,
                reason: completed.code === 0 ? "Completed" : "Error",
                message: completed.message,
                startedAt: observed.startedAt,
                finishedAt: completed.at,
              },
            },
      ...(lastExit === undefined
        ? {}
        : {
            lastState: {
              terminated: { exitCode: lastExit.code, reason: "Error", finishedAt: lastExit.at },
            },
          }),
    })),
  };
}
