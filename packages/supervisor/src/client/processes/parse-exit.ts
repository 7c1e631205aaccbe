import type { ProcessExit } from "@glovebox/core/provider";

const reasons: ReadonlySet<string> = new Set(["exited", "killed", "timeout", "oom"]);

/** An exit as the guest tells it. What makes no sense is `lost`, never a success. */
export function parseExit(reply: unknown): ProcessExit {
  const { exitCode, signal, reason } = (reply ?? {}) as Record<string, unknown>;
  if (typeof reason !== "string" || !reasons.has(reason)) return { exitCode: null, reason: "lost" };
  const code = typeof exitCode === "number" && Number.isInteger(exitCode) ? exitCode : null;
  if (reason === "exited" && code === null) return { exitCode: null, reason: "lost" };
  return {
    exitCode: code,
    reason: reason as ProcessExit["reason"],
    ...(typeof signal === "string" ? { signal } : {}),
  };
}
