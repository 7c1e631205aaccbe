import { createHash, randomInt } from "node:crypto";

/** What a secret text is for, by its first characters: no secret is accepted in the place of another. */
export const secretKinds = { token: "glb_", login: "glo_", link: "gls_", session: "glc_", csrf: "glx_" } as const;

export type SecretKind = keyof typeof secretKinds;

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 40;
const shownLength = 10;

/** Creates a secret of 238 bits of chance. */
export function createSecretText(kind: SecretKind): string {
  return secretKinds[kind] + Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** Whether a text has the form of such a secret. */
export function isSecretText(kind: SecretKind, text: string): boolean {
  return text.length === secretKinds[kind].length + length && text.startsWith(secretKinds[kind]) && /^\w+$/.test(text);
}

/** SHA-256 in hexadecimal: what the store keeps of a secret, and looks it up by. It needs no salt, because the text is random. */
export function hashSecret(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The start of a token, which may be shown: it identifies the token to its owner and to nobody else. */
export function shownPrefix(text: string): string {
  return text.slice(0, shownLength);
}
