import { once } from "node:events";
import { Batch, type Pace } from "./batch";
import type { Fault } from "./faults";
import { simulatorMetrics } from "./metrics";
import type { SimulatorOptions } from "./options";
import { Refusal } from "./refusal";
import { StoppableText, type StopOptions } from "./stopStrings";

/** One sequence to generate. */
export interface Sequence extends StopOptions {
  /** Tokens of its prompt. */
  readonly promptTokens: number;
  /** Tokens after which it ends, if no stop string ends it before. */
  readonly tokens: number;
  /** Why it ends after them: the request's limit or the context's, or the model by itself. */
  readonly end: "length" | "stop";
}

/** What a sequence has come to with one token. */
export interface Progress {
  /** Text to give out; some may be held back until a stop string is ruled out. */
  readonly text: string;
  /** Tokens until now, this one included. */
  readonly tokens: number;
  /** Why it has ended; null before. */
  readonly finishReason: "length" | "stop" | null;
  /** The stop string that ended it. */
  readonly stopReason: string | null;
}

/** The injected fault that breaks a connection off. */
export class ConnectionDropped extends Error {}

/** What stands in for vLLM's engine: its batch, its metrics, made-up text, and what a test wants to go wrong. */
export class Engine {
  public fault: Fault = { kind: "none" };
  public readonly metrics: ReturnType<typeof simulatorMetrics>;
  private readonly batch: Batch;

  public constructor(
    public readonly options: SimulatorOptions,
    pace: Pace,
  ) {
    this.batch = new Batch(options.maxNumSeqs, pace);
    this.metrics = simulatorMetrics(options.model, options.maxNumSeqs, this.batch);
  }

  /**
   * Generates a sequence, in its turn.
   *
   * @param signal ends it when the client is gone
   * @param onProgress called for every token, when it is there
   * @throws Refusal or {@link ConnectionDropped} for an injected fault
   * @throws DOMException when the client is gone
   */
  public async generate(
    sequence: Sequence,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    if (this.fault.kind === "error") {
      throw new Refusal(500, "injected fault");
    }
    if (this.fault.kind === "hang") {
      await once(signal, "abort");
      return;
    }
    const { metrics } = this;
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const text = new StoppableText(sequence);
    const slowdown = this.fault.kind === "slow" ? this.fault.factor : 1;
    let before = 0;
    for await (const index of this.batch.generate(sequence.tokens, slowdown, signal)) {
      const now = seconds();
      if (index === 0) {
        metrics.firstToken.observe(now);
      } else {
        metrics.interToken.observe(now - before);
      }
      before = now;
      const tokens = index + 1;
      const stopReason = text.add(index === 0 ? "simulated" : ` ${index}`) ?? null;
      const last = tokens === sequence.tokens ? sequence.end : null;
      const finishReason = stopReason === null ? last : "stop";
      onProgress({ text: text.take(finishReason !== null), tokens, finishReason, stopReason });
      if (this.isDropping()) {
        throw new ConnectionDropped();
      }
      if (finishReason !== null) {
        metrics.promptTokens.inc(sequence.promptTokens);
        metrics.generatedTokens.inc(tokens);
        metrics.finished.inc({ finished_reason: finishReason });
        metrics.latency.observe(now);
        return;
      }
    }
  }

  // A method hides the assignment from the compiler's narrowing.
  private isDropping(): boolean {
    return this.fault.kind === "drop";
  }
}
