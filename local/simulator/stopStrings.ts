/** How one sequence ends. */
export interface StopOptions {
  readonly stop: readonly string[];
  /** Whether the text keeps the string that ended it. */
  readonly include: boolean;
  /** Tokens before which no string ends it. */
  readonly minTokens: number;
}

/**
 * The text of one sequence, as vLLM's detokenizer gives it out: it ends at the first stop string, and until it ends so much
 * is held back of it that no part of a stop string gets out.
 */
export class StoppableText {
  private text = "";
  private tokens = 0;
  private given = 0;
  private readonly heldBack: number;

  public constructor(private readonly options: StopOptions) {
    const { stop, include } = options;
    this.heldBack = include ? 0 : Math.max(0, ...stop.map(({ length }) => length - 1));
  }

  /** Adds a token. Returns the stop string that it completes, if one. */
  public add(token: string): string | undefined {
    const { stop, include, minTokens } = this.options;
    this.text += token;
    this.tokens += 1;
    if (this.tokens <= minTokens) {
      return undefined;
    }
    for (const one of stop) {
      const at = this.text.indexOf(
        one,
        Math.max(0, this.text.length - token.length - one.length + 1),
      );
      if (at >= 0) {
        this.text = this.text.slice(0, at + (include ? one.length : 0));
        return one;
      }
    }
    return undefined;
  }

  /** What may be given out since the last call: all of it when the sequence has ended. */
  public take(ended: boolean): string {
    const end = Math.max(this.given, this.text.length - (ended ? 0 : this.heldBack));
    const part = this.text.slice(this.given, end);
    this.given = end;
    return part;
  }
}
