import { SandboxError } from "../errors/index.ts";

/** What a connector of this host reports about its proxy, where that is why a request failed: libraries wrap it. */
export function hostProxyFailure(error: unknown): SandboxError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (SandboxError.isInstance(at)) return at;
  return undefined;
}
