import { z } from "zod";
import type { ResultReport } from "../stream/conversation-report.ts";
import { failedStatus } from "./failed-status.ts";

/**
 * Asks an agent that has this extension of the protocol to say that a turn failed. Without it the adapter of Codex writes the failure
 * as a message, and ends the turn as if it were done.
 */
export const sessionFailureCapability = {
  jetbrains: { air: { version: 1, capabilities: ["sessionFailure"] } },
  // Whoever has the extension has to ask for what commands print, too.
  terminal_output_delta: true,
};

const text = z.string().max(64 * 1024);
const schema = z.object({
  jetbrains: z.object({
    air: z.object({
      sessionFailure: z.object({
        severity: z.literal("error"),
        title: text,
        details: text.nullish().catch(undefined),
        reason: z.string().nullish().catch(undefined),
      }),
    }),
  }),
});

/** The failure that the answer to a prompt names beside its reason to stop. */
export function sessionFailure(meta: unknown): ResultReport | undefined {
  const failure = schema.safeParse(meta).data?.jetbrains.air.sessionFailure;
  if (failure === undefined) return undefined;
  const { title, details, reason } = failure;
  const message = details ? `${title} (${details})` : title;
  const apiStatus = reason === "auth_required" ? 401 : failedStatus(message);
  return {
    ok: false,
    reason: "api-error",
    message: message.slice(0, 4096),
    ...(apiStatus === undefined ? {} : { apiStatus }),
  };
}
