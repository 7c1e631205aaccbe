import assert from "node:assert/strict";
import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import type { FaultKind } from "./fault-kind.ts";
import { ExitUnknown, type FaultScriptOutcome } from "./fault-script.ts";

/** What a fault may be reported as. That a run survives it as if nothing had been is right as well. */
const rightCodes: Readonly<Record<FaultKind, readonly SandboxErrorCode[]>> = {
  "cut-before": ["lost", "unavailable"],
  "cut-during": ["lost", "unavailable"],
  "cut-after": ["lost", "unavailable"],
  half: ["lost", "unavailable"],
  stall: ["aborted", "timeout"],
  slow: [],
  "rate-limited": ["rate-limited"],
  unauthorized: ["authentication"],
  "server-error": ["unavailable"],
};

/** Asserts that a run reported a fault with the right code. What it left behind is checked elsewhere. */
export function judgeFault(kind: FaultKind, { failure, destroyError }: FaultScriptOutcome, what: string): void {
  if (failure?.error instanceof ExitUnknown) {
    assert.notEqual(kind, "slow", `${what}: the exit was ${failure.error.message}`);
  } else if (failure !== undefined) {
    judgeError(kind, failure.error, `${what} at ${failure.stage}`);
  }
  if (destroyError !== undefined) judgeError(kind, destroyError, `${what} at destroy`);
}

function judgeError(kind: FaultKind, error: unknown, what: string): void {
  assert.ok(SandboxError.isInstance(error), `${what} threw what is no SandboxError: ${shown(error)}`);
  const right = rightCodes[kind];
  assert.ok(
    right.includes(error.code),
    `${what} was reported as ${error.code}, not ${right.join(" or ")}: ${shown(error)}`,
  );
  if (kind === "unauthorized") assert.equal(error.retryable, false, `${what}: no other try helps`);
  if (kind !== "rate-limited") return;
  assert.equal(error.retryAfterMs, 1000, `${what}: retryAfterMs is what the vendor asked for`);
  assert.ok(error.retryable, `${what}: worth another try`);
}

function shown(error: unknown): string {
  return error instanceof Error
    ? `${error.stack} ${SandboxError.isInstance(error) ? String(error.cause) : ""}`
    : String(error);
}
