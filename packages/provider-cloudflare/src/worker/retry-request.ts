import type { SandboxError } from "@glovebox/core/provider";
import { type RetryOptions, retry } from "@glovebox/provider-kit";

/** Retries a Worker request that is safe to repeat, unless it timed out. */
export function retryRequest<T>(
  call: () => Promise<T>,
  options: Pick<RetryOptions, "operation" | "signal" | "onFailure">,
): Promise<T> {
  return retry(call, { provider: { id: "cloudflare" }, attempts: 4, pauseMs: 200, shouldRetry, ...options });
}

function shouldRetry({ code, retryable }: SandboxError): boolean {
  return code === "lost" || (retryable && code !== "timeout");
}
