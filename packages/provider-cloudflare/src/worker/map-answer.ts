import {
  CapabilityUnsupportedError,
  InvalidOptionsError,
  SandboxAuthenticationError,
  type SandboxError,
  type SandboxErrorOptions,
  SandboxNotFoundError,
  SandboxQuotaError,
  SandboxRateLimitedError,
  SandboxStoppedError,
  SandboxUnavailableError,
  TemplateError,
} from "@glovebox/core/provider";
import { z } from "zod";
import type { WorkerAnswer } from "./worker-answer.ts";

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    retryAfterMs: z.number().nonnegative().optional(),
  }),
});

/** Cloudflare's numbers that say what a person can do about it. Source: Cloudflare's list of 1xxx errors. */
const cloudflareCodes: Readonly<Record<number, string>> = {
  1016: "The name of the Worker leads nowhere: is its route or custom domain still there?",
  1027: "The account's free requests of today are used up; Workers Paid has none of that limit.",
  1042: "A Worker of the account was asked by another in a way that Cloudflare refuses: give the workers.dev address.",
  1101: "The Worker threw: `npx wrangler tail` in its project shows what.",
  1102: "The Worker ran out of processor time or memory: `npx wrangler tail` in its project shows where.",
  1104: "The Worker could not be loaded: deploy it again.",
};

/**
 * The error for an answer that is none of the Worker's own successes: what the Worker says of itself, else what the status
 * and Cloudflare's own error pages tell. `doing` completes "failed while …".
 */
export function mapAnswer(answer: WorkerAnswer, doing: string): SandboxError {
  return fromWorker(answer, doing) ?? fromStatus(answer, doing);
}

function fromWorker(answer: WorkerAnswer, doing: string): SandboxError | undefined {
  const parsed = errorSchema.safeParse(parseJson(answer.body));
  if (!parsed.success) return undefined;
  const { code, hint, retryAfterMs = retryAfter(answer) } = parsed.data.error;
  const message = `The Cloudflare Worker failed while ${doing}: ${oneLine(parsed.data.error.message)}`;
  const options = { providerId: "cloudflare", cause: answer, ...(hint !== undefined && { hint: oneLine(hint) }) };
  switch (code) {
    case "not-found":
      return new SandboxNotFoundError(message, options);
    case "authentication":
      return new SandboxAuthenticationError(message, { ...options, hint: keyHint });
    case "quota":
      return new SandboxQuotaError(message, options);
    case "rate-limited":
      return new SandboxRateLimitedError(message, { ...options, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    case "invalid-options":
      return new InvalidOptionsError(message, options);
    case "capability-unsupported":
      return new CapabilityUnsupportedError(message, options);
    case "template":
      return new TemplateError(message, options);
    case "stopped":
      return new SandboxStoppedError(message, {
        hint: "Its files are there where the Worker keeps snapshots: connect with wakeForMs to start it.",
        ...options,
      });
    case "unavailable":
      return new SandboxUnavailableError(message, options);
    default:
      return undefined;
  }
}

const keyHint = "GLOVEBOX_CLOUDFLARE_API_KEY must be the key that the Worker was deployed with.";

function fromStatus(answer: WorkerAnswer, doing: string): SandboxError {
  const { status, cloudflareCode: code } = answer;
  const known = code === undefined ? undefined : cloudflareCodes[code];
  const what = code === undefined || code === status ? `${status}` : `${status} (Cloudflare's error ${code})`;
  const message = `The Cloudflare Worker answered ${what} while ${doing}`;
  const options: SandboxErrorOptions = { providerId: "cloudflare", cause: answer, ...(known && { hint: known }) };
  if (code === 1027) return new SandboxQuotaError(message, options);
  if (status === 429) {
    const retryAfterMs = retryAfter(answer);
    return new SandboxRateLimitedError(message, { ...options, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }
  if (status === 401) return new SandboxAuthenticationError(message, { hint: keyHint, ...options });
  // Cloudflare Access sends whoever has not logged in elsewhere.
  if (status === 403 || (status >= 300 && status < 400)) {
    return new SandboxAuthenticationError(message, {
      hint: "Something before the Worker keeps requests out: Cloudflare Access, a firewall rule, or a proxy of yours.",
      ...options,
    });
  }
  if (status === 413) return new InvalidOptionsError(`${message}: what was sent is too large`, options);
  if (status >= 500) return new SandboxUnavailableError(message, options);
  return notOurs(answer, doing);
}

/** The error for something that answers and is no Worker of ours. */
export function notOurs(answer: WorkerAnswer, doing: string): SandboxError {
  return new SandboxUnavailableError(
    `What answered with ${answer.status} while ${doing} is no Glovebox Worker of this version`,
    {
      providerId: "cloudflare",
      retryable: false,
      hint: "Check GLOVEBOX_CLOUDFLARE_URL, and deploy the Worker of this version: `glovebox cloudflare deploy`.",
      cause: answer,
    },
  );
}

/** In seconds or as a date. */
function retryAfter({ headers }: WorkerAnswer): number | undefined {
  const wait = headers["retry-after"];
  if (wait === undefined) return undefined;
  const ms = /^\d+$/.test(wait) ? Number(wait) * 1000 : Date.parse(wait) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cloudflare's own pages are HTML or plain text.
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 500);
}
