import { createHash } from "node:crypto";

/**
 * The SHA-256 of an idempotency key, in hex: of one length and alphabet, fit for a name or a label by which a `create` of
 * unknown outcome is found again.
 */
export function keyDigest(idempotencyKey: string): string {
  return createHash("sha256").update(idempotencyKey).digest("hex");
}
