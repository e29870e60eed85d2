import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";

/** LiteLLM's packages are locked for it and later. */
const MINIMUM = "3.11";

/**
 * Commands of Python, the best first. Up to 3.11 a garbage collection in the wrong moment frees the variables of a context while they are
 * written (python/cpython#148891): a LiteLLM process under load ends with a segmentation fault once in some ten minutes, and its pod restarts.
 */
const COMMANDS = ["python3.13", "python3.12", "python3"];

/** An interpreter of Python. */
export interface Interpreter {
  readonly command: string;
  /** `3.13.0`. */
  readonly version: string;
}

/**
 * The interpreter that virtual environments are made with.
 *
 * @throws UserError when there is none, or none that is new enough
 */
export async function findPython(): Promise<Interpreter> {
  let failure: unknown;
  for (const command of COMMANDS) {
    try {
      const { stdout } = await execa(command, [
        "-c",
        "import ensurepip, platform, venv; print(platform.python_version())",
      ]);
      return newEnough({ command, version: stdout.trim() });
    } catch (error) {
      // A version manager has commands for versions that are not chosen: they fail, and the next one counts.
      failure = error;
    }
  }
  throw failure instanceof UserError
    ? failure
    : new UserError(
        `python3 cannot be run: ${outputOf(failure)}`,
        `install Python 3.12 or 3.13 with its venv module (${MINIMUM} works, but for a crash now and then)`,
      );
}

function newEnough(found: Interpreter): Interpreter {
  if (found.version.localeCompare(MINIMUM, "en", { numeric: true }) < 0) {
    throw new UserError(
      `Python ${found.version} is too old`,
      `install Python ${MINIMUM} or later, better 3.12 or 3.13`,
    );
  }
  return found;
}
