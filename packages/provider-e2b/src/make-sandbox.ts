import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxAbortedError, SandboxError } from "@glovebox/core/provider";
import type { Sandbox, SandboxInfo, SandboxOpts } from "e2b";
import type { E2bApi } from "./e2b-api.ts";
import { wasNeverSent } from "./e2b-errors.ts";
import { matching } from "./list-sandboxes.ts";
import { ownMetadata } from "./metadata.ts";

/** How long a creation that is not wanted any more is waited for, so that it can be undone. */
const graceMs = 3000;
/** A creation whose answer was lost may still be under way. */
const lookUps = 6;
const betweenLookUpsMs = 500;

export interface MakeOptions extends CallOptions {
  readonly template: string;
  readonly asked: SandboxOpts & { readonly metadata: Record<string, string> };
}

/**
 * Makes a sandbox; or, where the answer was lost, finds it by its key. Rejects with `mayHaveCreated` where it is not known what
 * became of it.
 */
export async function makeSandbox(
  api: E2bApi,
  { template, asked, signal }: MakeOptions,
): Promise<{ readonly made: Sandbox } | { readonly found: SandboxInfo }> {
  if (signal?.aborted) throw aborted(signal.reason);
  const key = asked.metadata[ownMetadata.key] ?? "";
  const patience = new AbortController();
  const lose = (): void => void setTimeout(() => patience.abort(), graceMs);
  signal?.addEventListener("abort", lose, { once: true });
  try {
    const made = await api.call("creating the sandbox", { signal: patience.signal }, ({ Sandbox }, call) =>
      Sandbox.create(template, { ...asked, ...call }),
    );
    return { made };
  } catch (error) {
    if (!SandboxError.isInstance(error) || wasNeverSent(error)) throw error;
    const found = signal?.aborted ? undefined : await lookUp(api, key);
    if (found !== undefined) return { found };
    throw mayHaveCreated(signal?.aborted ? aborted(error) : error);
  } finally {
    signal?.removeEventListener("abort", lose);
  }
}

/** The sandboxes of one key, the one that counts first: controllers that race agree on it. */
export async function sandboxesOfKey(api: E2bApi, key: string, options: CallOptions): Promise<readonly SandboxInfo[]> {
  const found: SandboxInfo[] = [];
  for await (const facts of matching(api, { [ownMetadata.key]: key }, options)) found.push(facts);
  const rank = ({ startedAt, sandboxId }: SandboxInfo): string => `${startedAt.toISOString()} ${sandboxId}`;
  return found.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

async function lookUp(api: E2bApi, key: string): Promise<SandboxInfo | undefined> {
  for (let left = lookUps; left > 0; left -= 1) {
    const [found] = await sandboxesOfKey(api, key, {}).catch(() => []);
    if (found !== undefined) return found;
    await delay(betweenLookUpsMs);
  }
  return undefined;
}

/** The same error, saying that a sandbox may be there. */
export function mayHaveCreated(error: SandboxError): SandboxError {
  const { code, message, retryable, hint, retryAfterMs } = error;
  return new SandboxError(code, message, {
    providerId: "e2b",
    retryable,
    mayHaveCreated: true,
    hint: hint ?? "`glovebox reap` removes what is left of it.",
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    cause: error,
  });
}

function aborted(cause: unknown): SandboxAbortedError {
  return new SandboxAbortedError("Aborted while creating the sandbox", { providerId: "e2b", cause });
}
