import { InvalidOptionsError } from "@glovebox/core/provider";

/** Throws `invalid-options` for what is not a SHA-256 in hex: it becomes a part of a path. */
export function checkHash(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new InvalidOptionsError("A blob is named by its SHA-256, in hex");
}
