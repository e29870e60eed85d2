import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * What rules found right in a preview, which had seen the whole stack. An update judges resource by resource, and cannot know
 * what is still to come; `pulumi up` previews first, in a process of its own.
 */
export interface Memory {
  /** Whether the rule found it right in the last preview. */
  readonly has: (rule: string, what: string) => boolean;
  /** Keeps what the rule found right in this preview, instead of what it did in the one before. */
  readonly keep: (rule: string, found: readonly string[]) => void;
}

/** Remembers nothing. */
export const FORGETFUL: Memory = { has: () => false, keep: () => undefined };

/**
 * The memory of a stack: a file a rule, in a directory that is the user's alone. It holds fingerprints, which say nothing of what
 * they were taken of.
 * @param stack organization, project and name
 * @param parent where to put the directory
 * @default parent the system's directory for temporary files
 */
export function memoryOf(stack: string, parent = tmpdir()): Memory {
  const directory = join(parent, `llm-gateway-policies-${userInfo().uid}`);
  const fileOf = (rule: string) => join(directory, fingerprint(`${stack}\n${rule}`));
  const remembered = new Map<string, ReadonlySet<string>>();
  return {
    has: (rule, what) => {
      const found = remembered.get(rule) ?? new Set(linesOf(fileOf(rule), directory));
      remembered.set(rule, found);
      return found.has(fingerprint(what));
    },
    keep: (rule, found) => {
      try {
        if (found.length === 0) {
          // The ordinary stack leaves no trace.
          rmSync(fileOf(rule), { force: true });
          return;
        }
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        if (isPrivate(directory)) {
          writeFileSync(fileOf(rule), found.map(fingerprint).join("\n"), { mode: 0o600 });
        }
      } catch {
        // A machine without a place for the file forgets: updates are then judged as if there had been no preview.
      }
    },
  };
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function linesOf(file: string, directory: string): string[] {
  try {
    return isPrivate(directory) ? readFileSync(file, "utf8").split("\n") : [];
  } catch {
    return [];
  }
}

/** Whether nobody else can have put a file there. */
function isPrivate(directory: string): boolean {
  const found = lstatSync(directory);
  return found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0;
}
