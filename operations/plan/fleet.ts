import { Nodes, type NodeSettings, type TakenNode } from "./nodes";

/** What a replica needs. */
export interface FleetSettings extends NodeSettings {
  /** Requests that a replica decodes at a time. */
  readonly slots: number;
  /** Seconds that a replica needs on a node that is ready, until it serves. */
  readonly startSeconds: number;
}

/** A pod of the StatefulSet. */
export interface Replica {
  readonly ordinal: number;
  readonly createdAt: number;
  /** Seconds; from then on it serves. */
  readonly readyAt: number;
  readonly node: TakenNode;
  /** Requests in its slots. */
  running: number;
  /** Told to end: it finishes what it has and takes nothing new. */
  ending: boolean;
}

/**
 * The replicas of one model: a StatefulSet with `podManagementPolicy: Parallel`. The highest ordinals go first, finish their answers, and
 * an ordinal comes again only once its last pod has gone.
 */
export class Fleet {
  public readonly nodes: Nodes;
  private readonly replicas = new Map<number, Replica>();
  private goneSeconds = 0;
  private wantedCount = 0;

  /** @param initial replicas that serve from second 0 */
  public constructor(
    private readonly settings: FleetSettings,
    initial: number,
  ) {
    this.nodes = new Nodes(settings);
    this.wantedCount = initial;
    for (let ordinal = 0; ordinal < initial; ordinal += 1) {
      this.create(0, ordinal, true);
    }
  }

  /** `spec.replicas`. */
  public get wanted(): number {
    return this.wantedCount;
  }

  /** `status.replicas`. */
  public get existing(): number {
    return this.replicas.size;
  }

  /** Replicas that take requests, by ordinal. */
  public ready(now: number): Replica[] {
    return [...this.replicas.values()]
      .filter((replica) => !replica.ending && replica.readyAt <= now)
      .sort((left, right) => left.ordinal - right.ordinal);
  }

  /** Replicas that do not serve yet. */
  public starting(now: number): number {
    return this.count((replica) => !replica.ending && replica.readyAt > now);
  }

  /** Places of the replicas that take requests. */
  public places(now: number): number {
    return this.count((replica) => !replica.ending && replica.readyAt <= now) * this.settings.slots;
  }

  /** The emptiest replica with a free place. */
  public withRoom(now: number): Replica | undefined {
    let best: Replica | undefined;
    for (const replica of this.replicas.values()) {
      if (
        !replica.ending &&
        replica.readyAt <= now &&
        replica.running < this.settings.slots &&
        (best === undefined || replica.running < best.running)
      ) {
        best = replica;
      }
    }
    return best;
  }

  /** @returns replicas that were created, with the times at which they will serve */
  public scale(now: number, wanted: number): Replica[] {
    this.wantedCount = wanted;
    for (const replica of [...this.replicas.values()]) {
      if (replica.ordinal >= wanted && !replica.ending) {
        replica.ending = true;
        this.removeIfDone(now, replica);
      }
    }
    return this.fill(now);
  }

  /** An answer has ended. @returns replicas that were created in the place of one that could end now */
  public finish(now: number, replica: Replica): Replica[] {
    replica.running -= 1;
    return this.removeIfDone(now, replica) ? this.fill(now) : [];
  }

  /** Seconds that all replicas together existed up to now. */
  public seconds(now: number): number {
    return [...this.replicas.values()].reduce(
      (sum, { createdAt }) => sum + (now - createdAt),
      this.goneSeconds,
    );
  }

  private count(wanted: (replica: Replica) => boolean): number {
    let found = 0;
    for (const replica of this.replicas.values()) {
      found += wanted(replica) ? 1 : 0;
    }
    return found;
  }

  private fill(now: number): Replica[] {
    const created: Replica[] = [];
    for (let ordinal = 0; ordinal < this.wantedCount; ordinal += 1) {
      if (!this.replicas.has(ordinal)) {
        created.push(this.create(now, ordinal));
      }
    }
    return created;
  }

  private create(now: number, ordinal: number, atOnce = false): Replica {
    const node = this.nodes.take(now, atOnce);
    const readyAt = atOnce ? now : Math.max(now, node.readyAt) + this.settings.startSeconds;
    const replica = { ordinal, createdAt: now, readyAt, node, running: 0, ending: false };
    this.replicas.set(ordinal, replica);
    return replica;
  }

  private removeIfDone(now: number, replica: Replica): boolean {
    if (!replica.ending || replica.running > 0) {
      return false;
    }
    this.replicas.delete(replica.ordinal);
    this.goneSeconds += now - replica.createdAt;
    this.nodes.release(now, replica.node);
    return true;
  }
}
