import {
  SandboxAbortedError,
  SandboxError,
  SandboxQuotaError,
  SandboxUnavailableError,
  TemplateError,
} from "@glovebox/core/provider";

const used = new Set(["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "EAGAIN", "ENOMEM"]);

/** Makes a `SandboxError` of whatever went wrong on this host. `doing` completes "bubblewrap failed while …". */
export function mapFailure(error: unknown, doing: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const { code, name, message } = error as NodeJS.ErrnoException;
  const options = { providerId: "bubblewrap", cause: error };
  if (name === "AbortError") return new SandboxAbortedError(`Aborted while ${doing}`, options);
  const text = `bubblewrap failed while ${doing}: ${String(message ?? error).split("\n", 1)[0]}`;
  if (code !== undefined && used.has(code)) return new SandboxQuotaError(text, options);
  if (code === "ENOENT" && doing.includes("template")) return new TemplateError(text, options);
  return new SandboxUnavailableError(text, options);
}

export async function mapFailures<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw mapFailure(error, doing);
  }
}

export function throwIfAborted(signal: AbortSignal | undefined, doing: string): void {
  if (!signal?.aborted) return;
  throw new SandboxAbortedError(`Aborted while ${doing}`, { providerId: "bubblewrap", cause: signal.reason });
}
