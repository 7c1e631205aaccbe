import { gatewayRefusal, withoutRouteAddress } from "@glovebox/core/harness";

const maxLength = 64 * 1024;
const prefix = "[API Error: ";

/** An error of the model's API, as Gemini CLI prints it. */
export interface ApiError {
  readonly message: string;
  /** The HTTP status, where the API's answer has one. */
  readonly status?: number;
}

/** Reads `[API Error: …]`, whose inside is the API's JSON or a text. `undefined` for another message. */
export function readApiError(text: string): ApiError | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const bounded = text.slice(prefix.length, maxLength);
  const end = bounded.lastIndexOf("]");
  const inside = end === -1 ? bounded : bounded.slice(0, end);
  const { code, message } = errorOf(inside);
  return {
    message: ownWords(typeof message === "string" ? message : inside),
    ...(typeof code === "number" && code >= 400 && code < 600 ? { status: code } : {}),
  };
}

/** Replaces the model's address, which exists only in the sandbox, and marks a refusal by Glovebox's gateway. */
export function ownWords(text: string): string {
  const said = text
    .slice(0, maxLength)
    .replace(/^glovebox: /, `${gatewayRefusal}: `)
    .replace(/, or switch to another \/auth method$/, "");
  return withoutRouteAddress(said);
}

function errorOf(text: string): { readonly code?: unknown; readonly message?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    const { error } = value as { readonly error?: object };
    return error ?? {};
  } catch {
    // A text, such as that of a connection that broke.
    return {};
  }
}
