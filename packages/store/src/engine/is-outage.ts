import { SandboxError } from "@glovebox/core";

/**
 * Whether an error means that the database is away, restarts or was in conflict with another transaction: the same call may succeed
 * later. What the database refuses has another class of SQLSTATE.
 */
export function isOutage(error: unknown): boolean {
  if (SandboxError.isInstance(error)) return error.retryable;
  const { code } = error as { readonly code?: unknown };
  return typeof code !== "string" || !/^(?=.*\d)[0-9A-Z]{5}$/.test(code) || /^(08|40|53|55|57|58)/.test(code);
}
