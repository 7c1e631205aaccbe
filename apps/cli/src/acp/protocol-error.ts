import { RequestError } from "@agentclientprotocol/sdk";
import { SandboxError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { adviceLine } from "../print/describe-remedy.ts";
import { shownMessage } from "../print/shown-message.ts";

const invalidParams = -32602;
const internalError = -32603;
const longest = 2000;

/** An error as the editor shows it: one line, with what to do about it. */
export function protocolError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (!SandboxError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return new RequestError(internalError, oneLine(`Unexpected: ${message}`));
  }
  const code = error.code === "invalid-options" ? invalidParams : internalError;
  return new RequestError(code, errorLine(error.message, adviceLine(error)));
}

/** What went wrong and what to do, in one line. */
export function errorLine(message: string, advice: string | undefined): string {
  const shown = shownMessage(message);
  return oneLine(advice === undefined ? shown : `${shown.replace(/[.:]$/, "")}. ${advice}`);
}

function oneLine(text: string): string {
  return safeLine(text, longest);
}
