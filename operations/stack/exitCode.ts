/** Exit codes of the commands: 2 is what commander and an error that ends a command leave. */
export const EXIT = { succeeded: 0, failed: 1, broken: 2 } as const;

/** The exit code of a command whose work says whether it succeeded. */
export function exitCodeOf(succeeded: boolean): 0 | 1 {
  return succeeded ? EXIT.succeeded : EXIT.failed;
}

/**
 * Does work with something that must be closed, whatever the work ends in.
 *
 * @returns the exit code of the command
 */
export async function exitCodeOfWork<T extends { close(): void }>(
  resource: T,
  work: (resource: T) => Promise<boolean>,
): Promise<0 | 1> {
  try {
    return exitCodeOf(await work(resource));
  } finally {
    resource.close();
  }
}
