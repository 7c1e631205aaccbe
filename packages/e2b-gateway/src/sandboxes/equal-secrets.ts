import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two secrets are the same, in a time that tells nothing about either. */
export function equalSecrets(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
