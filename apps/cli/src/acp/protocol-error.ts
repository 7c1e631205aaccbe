import { RequestError } from "@agentclientprotocol/sdk";
import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { adviceLine } from "../print/describe-remedy.ts";
import { shownMessage } from "../print/shown-message.ts";

/** The protocol's codes. */
const [invalidParams, internalError, notFound] = [-32602, -32603, -32002];
const codes: Partial<Record<SandboxErrorCode, number>> = { "invalid-options": invalidParams, "not-found": notFound };
const longest = 2000;

/** An error as the editor shows it: one line, with what to do about it. */
export function protocolError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (!SandboxError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return new RequestError(internalError, oneLine(`Unexpected: ${message}`));
  }
  return new RequestError(codes[error.code] ?? internalError, errorLine(error.message, adviceLine(error)));
}

/** What went wrong and what to do, in one line. */
export function errorLine(message: string, advice: string | undefined): string {
  const shown = shownMessage(message);
  return oneLine(advice === undefined ? shown : `${shown.replace(/[.:]$/, "")}. ${advice}`);
}

function oneLine(text: string): string {
  return safeLine(text, longest);
}
