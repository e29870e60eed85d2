import { createHash } from "node:crypto";

/** Hash of a mounted file's content: as a pod annotation it rolls the pods when the content changes. */
export function checksum(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
