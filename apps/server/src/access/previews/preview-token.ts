import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** What a preview's token opens: one port of one run, for one user, until a moment. */
export interface PreviewGrant {
  /** `link` is in the URL and is exchanged once for a `cookie`. */
  readonly kind: "link" | "cookie";
  readonly userId: string;
  readonly runId: string;
  readonly port: number;
  readonly expiresAt: number;
  /** Makes two tokens for the same port differ. */
  readonly nonce: string;
}

const schema = z.strictObject({
  kind: z.enum(["link", "cookie"]),
  userId: z.string(),
  runId: z.string(),
  port: z.number(),
  expiresAt: z.number(),
  nonce: z.string(),
});

const longestText = 2_000;

/** Signs grants, so that no store has to keep them. All servers of a store share the key. */
export class PreviewTokens {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  sign(grant: Omit<PreviewGrant, "nonce">): string {
    const payload = Buffer.from(JSON.stringify({ ...grant, nonce: randomBytes(12).toString("hex") })).toString(
      "base64url",
    );
    return `${payload}.${this.#signature(payload).toString("base64url")}`;
  }

  /** Returns what a token grants. Undefined if it is forged, expired or of the other kind. */
  verify(text: string, kind: PreviewGrant["kind"]): PreviewGrant | undefined {
    const [payload = "", signature = "", ...rest] = text.length > longestText ? [] : text.split(".");
    const signed = Buffer.from(signature, "base64url");
    const expected = this.#signature(payload);
    if (rest.length > 0 || signed.length !== expected.length || !timingSafeEqual(signed, expected)) return undefined;
    const grant = schema.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
    return grant.kind === kind && grant.expiresAt > Date.now() ? grant : undefined;
  }

  #signature(payload: string): Buffer {
    return createHmac("sha256", this.#key).update(payload).digest();
  }
}
