import { setTimeout as sleep } from "node:timers/promises";

/** How fast a simulated server is. */
export interface Pace {
  /** Milliseconds of the prefill of one prompt. */
  readonly timeToFirstTokenMs: number;
  /** Milliseconds between two tokens of one sequence. */
  readonly interTokenMs: number;
}

/**
 * The scheduler of vLLM on Neuron, as far as timing goes: a fixed number of sequences at a time, a queue before them, and
 * prompts that are prefilled one after the other.
 */
export class Batch {
  private running = 0;
  private readonly queue: (() => void)[] = [];
  private prefill: Promise<unknown> = Promise.resolve();

  /** @param slots sequences at a time, `--max-num-seqs` */
  public constructor(
    private readonly slots: number,
    private readonly pace: Pace,
  ) {}

  public get counts(): { readonly running: number; readonly waiting: number } {
    return { running: this.running, waiting: this.queue.length };
  }

  /**
   * Yields once for every generated token, when it is there.
   *
   * @param slowdown factor on every time
   * @param signal ends the sequence and frees its slot when the client is gone
   */
  public async *generate(
    tokens: number,
    slowdown: number,
    signal: AbortSignal,
  ): AsyncGenerator<number> {
    await this.enter(signal);
    try {
      const turn = this.prefill.then(() =>
        sleep(this.pace.timeToFirstTokenMs * slowdown, undefined, { signal }),
      );
      this.prefill = turn.catch(() => undefined);
      await turn;
      yield 0;
      for (let token = 1; token < tokens; token += 1) {
        await sleep(this.pace.interTokenMs * slowdown, undefined, { signal });
        yield token;
      }
    } finally {
      this.leave();
    }
  }

  private async enter(signal: AbortSignal): Promise<void> {
    if (this.running < this.slots) {
      this.running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const start = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const abort = () => {
        this.queue.splice(this.queue.indexOf(start), 1);
        reject(new DOMException("the client is gone", "AbortError"));
      };
      this.queue.push(start);
      signal.addEventListener("abort", abort, { once: true });
    });
  }

  /** A slot goes to the first in the queue without becoming free in between. */
  private leave(): void {
    const next = this.queue.shift();
    if (next === undefined) {
      this.running -= 1;
    } else {
      next();
    }
  }
}
