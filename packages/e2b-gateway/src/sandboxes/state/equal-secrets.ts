import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two secrets are the same, in a time that tells nothing about either. */
export function equalSecrets(secret: string, wanted: string): boolean {
  return timingSafeEqual(digest(secret), digest(wanted));
}

function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
