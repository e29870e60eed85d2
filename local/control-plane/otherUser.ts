import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";

/**
 * PostgreSQL refuses to run as root. Root runs it in a user namespace of its own, in which the same user has the number of nobody: files
 * keep their owner, and no folder must be opened to others.
 */
export function asOtherUser(): string[] {
  return process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=65534", "--"] : [];
}

/** @throws UserError where PostgreSQL cannot run as whoever runs this */
export async function requirePostgresqlUser(): Promise<void> {
  const [command, ...args] = asOtherUser();
  if (command === undefined) {
    return;
  }
  try {
    await execa(command, [...args, "true"]);
  } catch (error) {
    throw new UserError(
      `PostgreSQL does not run as root, and root may make no user namespace here: ${outputOf(error)}`,
      "run the command as another user than root, or allow user namespaces (in a container: --security-opt seccomp=unconfined)",
    );
  }
}
