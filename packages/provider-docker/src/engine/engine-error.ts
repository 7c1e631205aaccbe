import { SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";

/** Turns whatever dockerode threw into the error family. `doing` completes "Docker failed while …": `creating a container`. */
export function mapEngineError(error: unknown, doing: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  return new SandboxUnavailableError(`Docker failed while ${doing}`, { providerId: "docker", cause: error });
}
