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
import { safeLine } from "@glovebox/core/text";
import { z } from "zod";
import type { WorkerResponse } from "./worker-response.ts";

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    retryAfterMs: z.number().nonnegative().optional(),
  }),
});

/** Hints by Cloudflare's error code. Source: Cloudflare's list of 1xxx errors. */
const cloudflareCodes: Readonly<Record<number, string>> = {
  1016: "The Worker's name does not resolve: check its route or custom domain.",
  1027: "The account's free requests for today are used up; Workers Paid has no such limit.",
  1042: "Cloudflare blocks this request from another Worker of the account: use the workers.dev address.",
  1101: "The Worker threw an error: run `npx wrangler tail` in its project to see it.",
  1102: "The Worker exceeded its CPU or memory limit: run `npx wrangler tail` in its project.",
  1104: "The Worker cannot be loaded: deploy it again.",
};

/**
 * Maps a failed response to an error: the Worker's own error, else by the status and Cloudflare's error page. `operation`
 * completes "failed while …".
 */
export function mapResponse(response: WorkerResponse, operation: string): SandboxError {
  return fromWorker(response, operation) ?? fromStatus(response, operation);
}

function fromWorker(response: WorkerResponse, operation: string): SandboxError | undefined {
  const parsed = errorSchema.safeParse(parseJson(response.body));
  if (!parsed.success) return undefined;
  const { code, hint, retryAfterMs = retryAfter(response) } = parsed.data.error;
  const message = `The Cloudflare Worker failed while ${operation}: ${safeLine(parsed.data.error.message, 500)}`;
  const options = {
    providerId: "cloudflare",
    cause: response,
    ...(hint !== undefined && { hint: safeLine(hint, 500) }),
  };
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
        hint: "If the Worker keeps snapshots, connect with wakeForMs to restart it with its files.",
        ...options,
      });
    case "unavailable":
      return new SandboxUnavailableError(message, options);
    default:
      return undefined;
  }
}

const keyHint = "GLOVEBOX_CLOUDFLARE_API_KEY must be the key that the Worker was deployed with.";

function fromStatus(response: WorkerResponse, operation: string): SandboxError {
  const { status, cloudflareCode: code } = response;
  const known = code === undefined ? undefined : cloudflareCodes[code];
  const shown = code === undefined || code === status ? `${status}` : `${status} (Cloudflare's error ${code})`;
  const message = `The Cloudflare Worker responded ${shown} while ${operation}`;
  const options: SandboxErrorOptions = { providerId: "cloudflare", cause: response, ...(known && { hint: known }) };
  if (code === 1027) return new SandboxQuotaError(message, options);
  if (status === 429) {
    const retryAfterMs = retryAfter(response);
    return new SandboxRateLimitedError(message, { ...options, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }
  if (status === 401) return new SandboxAuthenticationError(message, { hint: keyHint, ...options });
  // Cloudflare Access redirects to a login page.
  if (status === 403 || (status >= 300 && status < 400)) {
    return new SandboxAuthenticationError(message, {
      hint: "Cloudflare Access, a firewall rule or a proxy blocks requests to the Worker.",
      ...options,
    });
  }
  if (status === 413) return new InvalidOptionsError(`${message}: the request is too large`, options);
  if (status >= 500) return new SandboxUnavailableError(message, options);
  return notOurs(response, operation);
}

/** The error for a response that does not come from a Glovebox Worker. */
export function notOurs(response: WorkerResponse, operation: string): SandboxError {
  return new SandboxUnavailableError(
    `The response (status ${response.status}) while ${operation} does not come from a Glovebox Worker of this version`,
    {
      providerId: "cloudflare",
      retryable: false,
      hint: "Check GLOVEBOX_CLOUDFLARE_URL, or deploy this version of the Worker: `glovebox cloudflare deploy`.",
      cause: response,
    },
  );
}

/** The header is in seconds or a date. */
function retryAfter({ headers }: WorkerResponse): number | undefined {
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
