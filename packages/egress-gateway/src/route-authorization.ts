import { addAbortSignal, type Readable } from "node:stream";
import { type AccountRequest, type Authorization, type RouteCredential, SandboxError } from "@glovebox/core/provider";
import type { GatewayAnswer } from "./gateway-answer.ts";

/** Whether a credential is computed for each request, and may be able to replace one that was rejected. */
export function isAccount(credential: RouteCredential): credential is Extract<RouteCredential, { authorize: unknown }> {
  return "authorize" in credential;
}

/** Authenticates a request to a model. Absent where nothing better than what was rejected is there. */
export async function authorizeRoute(
  credential: RouteCredential,
  request: AccountRequest,
): Promise<Authorization | undefined> {
  if (isAccount(credential)) return await unlessAborted(credential.authorize(request), request.signal);
  if (request.rejected !== undefined) return undefined;
  const { header, scheme, secret } = credential;
  const value = scheme === undefined ? secret.reveal() : `${scheme} ${secret.reveal()}`;
  return { headers: { [header]: value }, secrets: [secret] };
}

/** An account may ask a service that never answers. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What must not be seen in an answer. Longer ones first: one may hold another. */
export function secretsIn({ secrets }: Authorization): readonly string[] {
  return secrets
    .map((secret) => secret.reveal())
    .filter((secret) => secret !== "")
    .sort((a, b) => b.length - a.length);
}

/** Reads a body whole. `undefined` when `keep` has no room for a chunk. */
export async function readBody(
  body: Readable | Buffer | null,
  { keep, signal }: { readonly keep: (bytes: number) => boolean; readonly signal: AbortSignal },
): Promise<Buffer | undefined> {
  if (body === null || Buffer.isBuffer(body)) return body ?? Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of addAbortSignal(signal, body)) {
    if (!keep((chunk as Buffer).length)) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The response to a request that could not be authenticated. The contract of accounts keeps secrets out of such errors. */
export function authorizationFailure(error: unknown): GatewayAnswer {
  if (!SandboxError.isInstance(error)) return { status: 502, message: "the host could not authenticate the request" };
  // Other errors may give a place on the host as a hint.
  if (error.code !== "authentication" && error.code !== "invalid-options")
    return { status: 502, message: error.message };
  const message = [error.message, error.hint].filter(Boolean).join(". ");
  if (error.code === "invalid-options") return { status: 403, message, retry: false };
  return { status: 401, message, retry: false, failure: "unauthenticated" };
}
