import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxAbortedError, SandboxError } from "@glovebox/core/provider";
import { mayHaveCreated } from "@glovebox/provider-kit";
import type { Sandbox, SandboxInfo, SandboxOpts } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import { wasNeverSent } from "../api/e2b-errors.ts";
import { matching } from "./list-sandboxes.ts";
import { ownMetadata } from "./metadata.ts";

/** How long to wait for an aborted creation, so that the sandbox can be removed. */
const abortGraceMs = 3000;
/** A creation whose response was lost may still be in progress. */
const lookupAttempts = 6;
const lookupPauseMs = 500;

export interface RequestOptions extends CallOptions {
  readonly template: string;
  readonly options: SandboxOpts & { readonly metadata: Record<string, string> };
}

/**
 * Creates a sandbox. Resolves to `undefined` if the response was lost and the sandbox was found by its key. Rejects with
 * `mayHaveCreated` if the result is unknown.
 */
export async function requestSandbox(
  api: E2bApi,
  { template, options, signal }: RequestOptions,
): Promise<Sandbox | undefined> {
  const cancel = new AbortController();
  const onAbort = (): void => void setTimeout(() => cancel.abort(), abortGraceMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await api.call("creating the sandbox", { signal: cancel.signal }, ({ Sandbox }, call) =>
      Sandbox.create(template, { ...options, ...call }),
    );
  } catch (error) {
    if (!SandboxError.isInstance(error) || wasNeverSent(error)) throw error;
    if (signal?.aborted) {
      const aborted = new SandboxAbortedError("Aborted while creating the sandbox", {
        providerId: "e2b",
        cause: error,
      });
      throw mayHaveCreated(aborted);
    }
    if (await existsByKey(api, options.metadata[ownMetadata.key] ?? "")) return undefined;
    throw mayHaveCreated(error);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Returns the sandboxes of one key. Concurrent calls all use the first one. */
export async function sandboxesOfKey(api: E2bApi, key: string, call: CallOptions): Promise<readonly SandboxInfo[]> {
  const found: SandboxInfo[] = [];
  for await (const facts of matching(api, { [ownMetadata.key]: key }, call)) found.push(facts);
  const rank = ({ startedAt, sandboxId }: SandboxInfo): string => `${startedAt.toISOString()} ${sandboxId}`;
  return found.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

async function existsByKey(api: E2bApi, key: string): Promise<boolean> {
  for (let attempt = 1; attempt <= lookupAttempts; attempt += 1) {
    const [found] = await sandboxesOfKey(api, key, {}).catch(() => []);
    if (found !== undefined) return true;
    await delay(lookupPauseMs);
  }
  return false;
}
