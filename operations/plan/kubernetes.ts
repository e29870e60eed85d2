import { Autoscaler, SYNC_SECONDS } from "./autoscaler";
import type { Behaviour, Bounds } from "./behaviour";
import type { Control, Snapshot } from "./control";
import { proposal, type Reading } from "./metrics";

/** When a model sleeps and how soon somebody notices that it is asked for: KEDA's `cooldownPeriod` and `pollingInterval`. */
export interface SleepSettings {
  readonly idleSeconds: number;
  readonly pollingSeconds: number;
}

/** A policy: what is read, and what becomes of it. */
export interface KubernetesSettings {
  readonly bounds: Bounds;
  readonly behaviour: Behaviour;
  /** What the autoscaler reads at a look. */
  readonly read: (snapshot: Snapshot, now: number) => readonly Reading[];
  /** For `minReplicas: 0`. */
  readonly sleep?: SleepSettings | undefined;
  /** Whether something else than a request keeps the model awake, such as a schedule. @default nothing does */
  readonly keptAwake?: (now: number) => boolean;
}

/** Kubernetes' autoscaler, and KEDA below one replica. */
export class Kubernetes implements Control {
  private readonly autoscaler: Autoscaler;
  private nextSync = 0;
  private nextPoll: number;
  private lastActive = 0;
  private askedBefore = 0;

  public constructor(private readonly settings: KubernetesSettings) {
    const { bounds, behaviour, sleep } = settings;
    // KEDA's autoscaler never goes below 1: KEDA itself puts the target to sleep.
    const minReplicas = Math.max(1, bounds.minReplicas);
    this.autoscaler = new Autoscaler({ ...bounds, minReplicas }, behaviour);
    this.nextPoll = sleep === undefined ? Infinity : 0;
  }

  public get nextAt(): number {
    return Math.min(this.nextSync, this.nextPoll);
  }

  public look(now: number, snapshot: Snapshot): number {
    if (this.nextPoll <= now && this.settings.sleep !== undefined) {
      this.nextPoll += this.settings.sleep.pollingSeconds;
      return this.poll(now, snapshot, this.settings.sleep);
    }
    this.nextSync += SYNC_SECONDS;
    const proposed =
      snapshot.existing === 0
        ? undefined
        : proposal(this.settings.read(snapshot, now), {
            wanted: snapshot.wanted,
            existing: snapshot.existing,
          });
    return this.autoscaler.desired(now, snapshot.wanted, proposed);
  }

  private poll(now: number, snapshot: Snapshot, { idleSeconds }: SleepSettings): number {
    const { wanted, waiting, asked } = snapshot;
    // The gateway goes on saying that somebody wants it until it is awake.
    const waking = wanted > 0 && snapshot.running.length === 0;
    const active =
      waking ||
      this.settings.keptAwake?.(now) === true ||
      waiting > 0 ||
      snapshot.running.some((count) => count > 0) ||
      asked > this.askedBefore;
    this.askedBefore = asked;
    if (active) {
      this.lastActive = now;
      return Math.max(1, wanted);
    }
    return now - this.lastActive >= idleSeconds && this.settings.bounds.minReplicas === 0
      ? 0
      : wanted;
  }
}
