import { randomInt } from "node:crypto";

const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** A new run's id: sorts by time, is safe as a directory, a label and a git ref: `20261120-084312-k3f9xq`. */
export function newRunId(now: Date = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, "20261120-084312".length);
  const tail = Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return `${stamp}-${tail}`;
}
