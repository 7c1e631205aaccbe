import { createHmac } from "node:crypto";
import type { Secret } from "@glovebox/core/provider";

/** The header that a receiver checks. */
export const signatureHeader = "glovebox-signature";

/**
 * Signs a body: `t=1700000000,v1=<hex>`, where `v1` is the HMAC-SHA256 of the time in seconds, a full stop and the body. The time is
 * signed too, so a receiver can refuse what is old.
 */
export function webhookSignature(body: string, secret: Secret, now = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${createHmac("sha256", secret.reveal()).update(`${seconds}.${body}`).digest("hex")}`;
}
