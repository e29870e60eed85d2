/** A failure that the user can mend: one line that says what is wrong, one that says what to do. */
export class UserError extends Error {
  public constructor(
    message: string,
    public readonly remedy: string,
  ) {
    super(message);
    this.name = "UserError";
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message of anything that was thrown, and that of its cause. */
export function messageWithCause(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error
    ? `${error.message}: ${error.cause.message}`
    : messageOf(error);
}

/** What a command that ends over an error prints: what happened, and on a line of its own what to do. */
export function failureText(error: unknown): string {
  return [
    `error: ${messageWithCause(error)}`,
    ...(error instanceof UserError ? [`remedy: ${error.remedy}`] : []),
  ].join("\n");
}

/** The last lines that a failed command printed, or the error's message where it printed none. */
export function outputOf(error: unknown): string {
  const printed =
    error instanceof Error && "all" in error && typeof error.all === "string"
      ? error.all
      : error instanceof Error && "stderr" in error && typeof error.stderr === "string"
        ? error.stderr
        : "";
  const text = printed.trim() === "" ? messageOf(error) : printed;
  return text.trim().split("\n").slice(-8).join("\n");
}
