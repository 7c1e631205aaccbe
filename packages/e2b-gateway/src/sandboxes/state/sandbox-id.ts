import { randomInt } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const length = 20;

/** An id as E2B's: of a sandbox it begins with `i`. */
export function newSandboxId(): string {
  return `i${randomId(length - 1)}`;
}

/** An id of a snapshot's template. */
export function newTemplateId(): string {
  return randomId(length);
}

/** The id without what older clients put behind it: `ID-CLIENT`. `undefined` for what cannot be an id. */
export function readSandboxId(text: string): string | undefined {
  const [id = ""] = text.split("-");
  return /^[a-z0-9]{1,64}$/.test(id) ? id : undefined;
}

function randomId(count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join("");
}
