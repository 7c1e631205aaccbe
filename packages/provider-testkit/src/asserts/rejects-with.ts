import assert from "node:assert/strict";
import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";

/** Asserts that a call fails with an error of the family and one of these codes, and gives the error. */
export async function rejectsWith(
  codes: SandboxErrorCode | readonly SandboxErrorCode[],
  call: Promise<unknown>,
  what = "the call",
): Promise<SandboxError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason ?? new Error("nothing was thrown"),
  );
  const wanted = [codes].flat().join(" or ");
  assert.ok(error !== undefined, `${what} succeeded; expected ${wanted}`);
  assert.ok(SandboxError.isInstance(error), `${what} threw what is no SandboxError: ${String(error)}`);
  assert.ok([codes].flat().includes(error.code), `${what} threw ${error.code}, not ${wanted}: ${error.message}`);
  assert.notEqual(error.message.trim(), "", `${what} failed without a message`);
  return error;
}
