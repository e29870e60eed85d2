import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Hash of a mounted file's content: as a pod annotation it rolls the pods when the content changes. */
export function checksum(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/**
 * Hash of a Secret's content, as {@link checksum}. It is no secret itself, which would hide from a preview why pods roll: the content must hold
 * a generated password, of whose 40 letters and digits 64 bits of a SHA-256 give nothing away that could be guessed and compared.
 */
export function secretChecksum(
  content: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  const known: pulumi.Output<Record<string, string>> = pulumi.all({ ...content });
  return pulumi.unsecret(known.apply((values) => checksum(JSON.stringify(values))));
}
