import { supervisorPaths } from "../supervisor-paths.ts";
import type { GuestConfig } from "./guest-config.ts";
import { isTraceable } from "./processes/proc-entry.ts";

const minTokenLength = 32;

/**
 * Throws where a supervisor that is not root would be at the agent's mercy, who runs as the same user: without a token
 * everyone inside could use its socket, and where the kernel lets the agent trace it, the token could be read.
 */
export function requireProtection({ token, uid, rootInside, allowTraceable }: GuestConfig): void {
  if (token === undefined || token.length < minTokenLength || /\s/.test(token)) {
    throw new Error(
      `The supervisor must be started as root, or with a token of at least ${minTokenLength} characters.`,
    );
  }
  if (process.getuid?.() !== uid)
    throw new Error(`The supervisor runs as ${process.getuid?.()}, not as root or ${uid}.`);
  if (rootInside) throw new Error("A sandbox whose supervisor is not root cannot have a root of its own.");
  if (allowTraceable || !isTraceable(process.pid)) return;
  throw new Error(
    `The agent could read the supervisor's memory: ${supervisorPaths.node} must be executable and not readable.`,
  );
}
