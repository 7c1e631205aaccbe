import type { ClientRequest, IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Secret } from "@glovebox/core/provider";
import { safeJson } from "@glovebox/core/text";
import { hostRequest } from "../network/host-request.ts";
import type { Environment } from "../terminal.ts";
import type { Notification } from "./notification.ts";
import { signatureHeader, webhookSignature } from "./webhook-signature.ts";

export interface PostWebhookOptions {
  readonly secret: Secret | undefined;
  readonly env: Environment;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** How long a receiver may take to answer, per attempt. */
const answerMs = 5000;
/** Before the second and the third attempt. */
const delaysMs = [500, 2000] as const;
/** Answers after which another attempt may help. */
const retried: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Posts a notification as JSON, three times at most. Follows no redirect. Throws when no attempt was answered by a status of
 * success; the message names neither the address nor what the receiver wrote.
 */
export async function postWebhook(url: URL, notification: Notification, options: PostWebhookOptions): Promise<void> {
  const body = safeJson(notification);
  for (let attempt = 0; ; attempt += 1) {
    const problem = await post(url, body, notification, options);
    if (problem === undefined) return;
    const delayMs = delaysMs[attempt];
    if (delayMs === undefined || !problem.mayPass || options.signal.aborted) throw new Error(problem.message);
    await sleep(delayMs, undefined, { signal: options.signal }).catch(() => {
      throw new Error(problem.message);
    });
  }
}

interface Problem {
  readonly message: string;
  readonly mayPass: boolean;
}

async function post(
  url: URL,
  body: string,
  { id, type }: Notification,
  { secret, env, signal }: PostWebhookOptions,
): Promise<Problem | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  try {
    const request = await hostRequest(url, {
      ...{ env, signal: limit, method: "POST" },
      headers: {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        "glovebox-event": type,
        "glovebox-delivery": id,
        ...(secret && { [signatureHeader]: webhookSignature(body, secret) }),
      },
    });
    const { statusCode = 0 } = await answerOf(request, body);
    if (statusCode >= 200 && statusCode < 300) return undefined;
    return { message: `the answer was ${statusCode}`, mayPass: retried.has(statusCode) };
  } catch (error) {
    const message = limit.aborted
      ? "no answer in time"
      : ((error as NodeJS.ErrnoException).code ?? "it cannot be reached");
    return { message, mayPass: true };
  }
}

/** What the receiver writes beside its status is not read. */
function answerOf(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", (answer: IncomingMessage) => {
      answer.destroy();
      resolve(answer);
    });
    request.on("error", reject);
    request.end(body);
  });
}
