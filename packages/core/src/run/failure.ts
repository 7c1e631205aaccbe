import { SandboxError } from "../errors/index.ts";
import type { RunPhase } from "../events/run-event.ts";
import type { Advice } from "./advice-of.ts";
import type { FailureOrigin } from "./exit-code.ts";

/** Why a run failed, for its result. */
export interface Failure extends Advice {
  readonly origin: FailureOrigin;
  readonly reason: string;
}

export function asSandboxError(error: unknown): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SandboxError("internal", `Unexpected: ${message}`, { cause: error });
}

/** Whose failure an error is, by its code and the phase in which it was thrown. */
export function originOf(error: SandboxError, phase: RunPhase | undefined): FailureOrigin {
  if (error.code === "invalid-options") return "usage";
  if (error.code === "authentication" || error.code === "capability-unsupported") return "preflight";
  if (error.code === "component") return "harness";
  if (error.code === "unavailable" && phase === "preparing") return "preflight";
  return "sandbox";
}
