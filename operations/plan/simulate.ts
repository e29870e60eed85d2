import type { Arrival } from "../load/profile";
import type { Control, Snapshot } from "./control";
import { Fleet, type FleetSettings, type Replica } from "./fleet";
import { Heap, type Timed } from "./heap";
import { firstTokenSeconds, serviceSeconds, type ModelTimes } from "./model";
import { Queue, type QueueSettings } from "./queue";

/** What is simulated, but for who decides on the replicas. */
export interface Scenario {
  /** Requests in the order of their times. */
  readonly arrivals: readonly Arrival[];
  readonly times: ModelTimes;
  readonly fleet: FleetSettings;
  readonly queue: QueueSettings;
}

/** What became of a request. */
export type Fate = "answered" | "fallback" | "refused";

/** One request after the run. */
export interface Answer {
  /** Seconds, of its arrival. */
  readonly at: number;
  readonly fate: Fate;
  /** Seconds from the arrival to a slot of the model; to the fallback or the refusal where it got none. */
  readonly waitSeconds: number;
  /** Seconds from the arrival to the first token; undefined where there was none. The fallback is taken to be as fast, and to have room. */
  readonly firstTokenSeconds: number | undefined;
}

/** The platform at a moment of the run. */
export interface Sample {
  /** Seconds. */
  readonly at: number;
  readonly wanted: number;
  readonly existing: number;
  readonly ready: number;
  readonly nodes: number;
  readonly running: number;
  readonly waiting: number;
}

/** A run, replayed. */
export interface Run {
  /** By request, in the order of the arrivals. */
  readonly answers: readonly Answer[];
  readonly samples: readonly Sample[];
  /** Seconds of the trace: what costs, costs until its last arrival. */
  readonly seconds: number;
  /** Replicas, starting and ending ones too, times hours. */
  readonly replicaHours: number;
  /** Nodes, ordered ones and those without a replica too, times hours. */
  readonly nodeHours: number;
}

/** Seconds after the last arrival at which requests that still have no slot are given up. */
const PATIENCE_SECONDS = 86_400;
/** Seconds between two samples. */
const SAMPLE_SECONDS = 15;

type Event = Timed &
  ({ readonly kind: "end"; readonly replica: Replica } | { readonly kind: "ready" });

/**
 * Replays arrivals against slots, a queue and whoever decides on the replicas. The gateway binds late: a request takes a slot when one is
 * free, in the order of arrival. The same input gives the same run.
 *
 * @param initial replicas that serve from second 0
 */
export function simulate(scenario: Scenario, control: Control, initial: number): Run {
  return new Simulation(scenario, control, initial).run();
}

class Simulation {
  private readonly fleet: Fleet;
  private readonly events = new Heap<Event>();
  private readonly queue: Queue;
  private readonly answers: Answer[] = [];
  private readonly samples: Sample[] = [];
  private readonly end: number;
  private asked = 0;
  private hours: { replicaHours: number; nodeHours: number } | undefined;

  public constructor(
    private readonly scenario: Scenario,
    private readonly control: Control,
    initial: number,
  ) {
    this.fleet = new Fleet(scenario.fleet, initial);
    this.queue = new Queue(scenario.queue);
    this.end = secondsOf(scenario.arrivals.at(-1));
  }

  public run(): Run {
    const { arrivals } = this.scenario;
    let nextSample = 0;
    for (;;) {
      const arrival = arrivals[this.asked];
      const arrivalAt = arrival === undefined ? Infinity : secondsOf(arrival);
      const given = arrival === undefined && this.queue.length === 0;
      const now = Math.min(arrivalAt, this.events.next, this.queue.nextExpiry, this.control.nextAt);
      if (this.hours === undefined && now > this.end) {
        this.close();
      }
      if (given || now === Infinity || now > this.end + PATIENCE_SECONDS) {
        break;
      }
      for (; nextSample <= Math.min(now, this.end); nextSample += SAMPLE_SECONDS) {
        this.samples.push(this.sample(nextSample));
      }
      this.step(now, arrivalAt, arrival);
    }
    this.close();
    this.queue.drain().forEach((index) => {
      this.settle(index, this.end + PATIENCE_SECONDS, "refused");
    });
    return {
      answers: this.answers,
      samples: this.samples,
      seconds: this.end,
      ...(this.hours ?? { replicaHours: 0, nodeHours: 0 }),
    };
  }

  /** One moment: what has ended first, then who decides, then who comes. */
  private step(now: number, arrivalAt: number, arrival: Arrival | undefined): void {
    if (this.events.next <= now) {
      const event = this.events.pop();
      if (event?.kind === "end") {
        this.expect(this.fleet.finish(now, event.replica));
      }
    } else if (this.queue.nextExpiry <= now) {
      this.overflow(this.queue.shift(), now);
    } else if (this.control.nextAt <= now) {
      this.expect(this.fleet.scale(now, this.control.look(now, this.snapshot(now))));
    } else if (arrival !== undefined && arrivalAt <= now) {
      const index = this.asked;
      this.asked += 1;
      // Behind those that wait; where none waits, there is always room, and a free slot is taken at once.
      if (this.queue.hasRoom(this.fleet.places(now))) {
        this.queue.push(index, now);
      } else {
        this.overflow(index, now);
      }
    }
    this.bind(now);
  }

  private bind(now: number): void {
    while (this.queue.length > 0) {
      const replica = this.fleet.withRoom(now);
      if (replica === undefined) {
        return;
      }
      const index = this.queue.shift();
      const request = this.scenario.arrivals[index];
      if (request === undefined) {
        throw new RangeError(`there is no request ${index}`);
      }
      replica.running += 1;
      const at = now + serviceSeconds(this.scenario.times, request);
      this.events.push({ kind: "end", at, replica });
      this.settle(index, now, "answered");
    }
  }

  private expect(created: readonly Replica[]): void {
    for (const { readyAt } of created) {
      this.events.push({ kind: "ready", at: readyAt });
    }
  }

  private overflow(index: number, now: number): void {
    this.settle(index, now, this.scenario.queue.fallback ? "fallback" : "refused");
  }

  private settle(index: number, now: number, fate: Fate): void {
    const request = this.scenario.arrivals[index];
    const at = secondsOf(request);
    const waitSeconds = now - at;
    this.answers[index] = {
      at,
      fate,
      waitSeconds,
      firstTokenSeconds:
        fate === "refused" || request === undefined
          ? undefined
          : waitSeconds + firstTokenSeconds(this.scenario.times, request),
    };
  }

  private snapshot(now: number): Snapshot {
    const { wanted, existing } = this.fleet;
    const running = this.fleet.ready(now).map((replica) => replica.running);
    return {
      wanted,
      existing,
      starting: this.fleet.starting(now),
      running,
      waiting: this.queue.length,
      asked: this.asked,
    };
  }

  private sample(at: number): Sample {
    const { running, ...seen } = this.snapshot(at);
    return {
      at,
      wanted: seen.wanted,
      existing: seen.existing,
      ready: running.length,
      nodes: this.fleet.nodes.count(at),
      running: running.reduce((sum, value) => sum + value, 0),
      waiting: seen.waiting,
    };
  }

  /** Reads what the run cost, once. */
  private close(): void {
    this.hours ??= {
      replicaHours: this.fleet.seconds(this.end) / 3600,
      nodeHours: this.fleet.nodes.seconds(this.end) / 3600,
    };
  }
}

function secondsOf(arrival: Arrival | undefined): number {
  return (arrival?.atMs ?? 0) / 1000;
}
