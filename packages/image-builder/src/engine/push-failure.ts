import { SandboxAuthenticationError, type SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { ImageEngine } from "./image-engine.ts";

const maxReasonChars = 500;

/** Why an engine could not push an image. `reason` is what the engine or the registry printed. */
export function pushFailure(
  reference: string,
  reason: string,
  { providerId, command }: Pick<ImageEngine, "providerId" | "command">,
): SandboxError {
  const message = `Pushing ${reference} failed: ${safeLine(reason, maxReasonChars)}`;
  const host = reference.split("/", 1)[0] ?? "";
  if (/no basic auth|unauthorized|authentication required|denied|forbidden|incorrect username|401|403/i.test(reason)) {
    return new SandboxAuthenticationError(message, {
      providerId,
      hint: `Log in with \`${command} login ${host}\` as someone who may push there, and check that the repository exists.`,
    });
  }
  if (/server gave HTTP response to HTTPS client/i.test(reason)) {
    return new SandboxUnavailableError(message, {
      providerId,
      retryable: false,
      hint: `${host} speaks HTTP without TLS: add it to the insecure registries of ${command}, and of the cluster's nodes.`,
    });
  }
  return new SandboxUnavailableError(message, {
    providerId,
    hint: `Does \`${command} push ${reference}\` work in a terminal?`,
  });
}
