import { type PromptResponse, RequestError } from "@agentclientprotocol/sdk";
import { z } from "zod";
import type { ResultReport } from "../stream/conversation-report.ts";
import { failedStatus } from "./failed-status.ts";
import { sessionFailure } from "./session-failure.ts";

/** The run was stopped before the prompt was sent. */
export class StoppedError extends Error {}

const usageSchema = z.object({
  inputTokens: z.number().nonnegative(),
  outputTokens: z.number().nonnegative(),
  cachedReadTokens: z.number().nonnegative().nullish(),
  cachedWriteTokens: z.number().nonnegative().nullish(),
});

/** The adapters of Claude Code and Codex name the models that they have used. */
const quotaSchema = z.object({
  quota: z.object({
    model_usage: z
      .array(z.object({ model: z.string().max(256) }))
      .min(1)
      .max(1),
  }),
});

const failures: ReadonlyMap<string, Pick<ResultReport, "reason" | "message">> = new Map(
  Object.entries({
    cancelled: { reason: "aborted", message: "The agent was cancelled" },
    max_turn_requests: { reason: "max-turns", message: "The agent reached its limit of requests to the model" },
    max_tokens: { reason: "error", message: "The model reached its limit of tokens before it was done" },
    refusal: { reason: "error", message: "The model refused to continue" },
  } as const),
);

/** How a prompt ended, by the agent's answer. Only `end_turn` is a success. */
export function promptReport(answer: PromptResponse, model: string | undefined): ResultReport {
  const { stopReason } = answer;
  const counts = usageSchema.safeParse((answer as { readonly usage?: unknown }).usage).data;
  const used = quotaSchema.safeParse(answer._meta).data?.quota.model_usage[0]?.model ?? model;
  const usage =
    counts === undefined || used === undefined
      ? {}
      : {
          usage: {
            model: used,
            input: counts.inputTokens,
            output: counts.outputTokens,
            cacheRead: counts.cachedReadTokens ?? 0,
            cacheWrite: counts.cachedWriteTokens ?? 0,
          },
        };
  const failure = sessionFailure(answer._meta);
  if (failure !== undefined && stopReason === "end_turn") return { ...failure, ...usage };
  if (stopReason === "end_turn") return { ok: true, reason: "done", ...usage };
  const unknown = { reason: "error", message: `The agent ended with ${String(stopReason).slice(0, 64)}` } as const;
  return { ok: false, ...(failures.get(stopReason) ?? unknown), ...usage };
}

/** The protocol's code of an error that the agent's key or login was not accepted. */
const authRequired = -32000;

/** How a conversation ended that has no answer to its prompt; `undefined` where the agent itself has ended. */
export function failureReport(error: unknown): ResultReport | undefined {
  if (error instanceof StoppedError) return { ok: false, reason: "aborted", message: "The run was stopped" };
  if (error instanceof AgentFailure) return { ok: false, reason: "error", message: error.message };
  if (!(error instanceof RequestError)) return undefined;
  const detail = detailOf(error.data);
  const general = error.message.replace(/^Internal error(?:: )?/, "");
  const message = innerMessage([general, detail].filter(Boolean).join(": ")) || error.message;
  const refusedLogin = error.code === authRequired ? 401 : undefined;
  const apiStatus = refusedLogin ?? failedStatus(error.message) ?? failedStatus(message) ?? statusOf(error.data);
  return {
    ok: false,
    reason: apiStatus === undefined ? "error" : "api-error",
    message: message.slice(0, 4096),
    ...(apiStatus === undefined ? {} : { apiStatus }),
  };
}

/** Something that the agent cannot do, and the run needs. */
export class AgentFailure extends Error {}

const dataSchema = z.object({
  message: z.string().optional().catch(undefined),
  details: z.string().optional().catch(undefined),
  errorMessage: z.string().optional().catch(undefined),
  status: z.number().int().min(400).max(599).optional().catch(undefined),
});

function detailOf(data: unknown): string | undefined {
  if (typeof data === "string") return data;
  const read = dataSchema.safeParse(data).data;
  return read?.details ?? read?.message ?? read?.errorMessage;
}

/** What an error of the model's API says that is passed on as JSON. */
function innerMessage(text: string): string {
  const schema = z.object({ error: z.object({ message: z.string() }) });
  try {
    return schema.safeParse(JSON.parse(text)).data?.error.message ?? text;
  } catch {
    // It is plain text.
    return text;
  }
}

function statusOf(data: unknown): number | undefined {
  return dataSchema.safeParse(data).data?.status;
}
