/** How nodes come and go. */
export interface NodeSettings {
  /** Seconds from the order of a node until its device is advertised and the image is there. */
  readonly bootSeconds: number;
  /** Nodes kept ready beside those with a replica: `neuron.nodeGroups.*.headroom`. */
  readonly headroom: number;
  /** Seconds that a node stays after its last replica: Cluster Autoscaler's `scale-down-unneeded-time`. */
  readonly keepSeconds: number;
}

interface Node {
  readonly orderedAt: number;
  /** When a pod can start on it, seconds. */
  readonly readyAt: number;
  /** Since when no replica is on it, seconds. */
  freeSince: number;
}

/** A node that a replica is on. */
export type TakenNode = Node;

/** Nodes with room for one replica each. */
export class Nodes {
  /** Without a replica: placeholder pods keep `headroom` of them, the others go after a while. */
  private free: Node[] = [];
  private taken = 0;
  private goneSeconds = 0;
  private readonly used = new Set<Node>();

  /** @param headroom of these nodes, all that are to be ready are ready at second 0 */
  public constructor(private readonly settings: NodeSettings) {
    for (let index = 0; index < settings.headroom; index += 1) {
      this.free.push({ orderedAt: 0, readyAt: 0, freeSince: 0 });
    }
  }

  /** Nodes that are paid for. */
  public count(now: number): number {
    this.expire(now);
    return this.free.length + this.taken;
  }

  /**
   * A node for a replica: the one that is ready first. A placeholder yields its own, ready or on its way, and waits for the next.
   *
   * @param atOnce whether a node that is not there yet is ready now, as at the beginning of a run
   */
  public take(now: number, atOnce = false): TakenNode {
    this.expire(now);
    const [first, ...others] = [...this.free].sort((left, right) => left.readyAt - right.readyAt);
    let node = first;
    if (atOnce || node === undefined) {
      node = { orderedAt: now, readyAt: atOnce ? now : this.readyFrom(now), freeSince: now };
    } else {
      this.free = others;
    }
    this.used.add(node);
    this.taken += 1;
    while (this.free.length < this.settings.headroom) {
      this.free.push({ orderedAt: now, readyAt: this.readyFrom(now), freeSince: now });
    }
    return node;
  }

  /** Its replica has gone. */
  public release(now: number, node: TakenNode): void {
    this.used.delete(node);
    this.taken -= 1;
    node.freeSince = now;
    this.free.push(node);
    this.expire(now);
  }

  /** Seconds that all nodes together were paid for up to now. */
  public seconds(now: number): number {
    this.expire(now);
    return [...this.free, ...this.used].reduce(
      (sum, { orderedAt }) => sum + (now - orderedAt),
      this.goneSeconds,
    );
  }

  private readyFrom(now: number): number {
    return now + this.settings.bootSeconds;
  }

  private expire(now: number): void {
    const { headroom, keepSeconds } = this.settings;
    while (this.free.length > headroom) {
      const oldest = this.free.reduce((least, node) =>
        node.freeSince < least.freeSince ? node : least,
      );
      const end = oldest.freeSince + keepSeconds;
      if (end > now) {
        return;
      }
      this.free = this.free.filter((node) => node !== oldest);
      this.goneSeconds += Math.max(0, end - oldest.orderedAt);
    }
  }
}
