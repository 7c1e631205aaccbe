import { gatewayRefusal, withoutRouteAddress } from "@glovebox/core/harness";

/** A failure of the model's API, as Codex reports it. */
export interface ApiFailure {
  /** For a reader outside the sandbox: without the address, which exists only inside. */
  readonly message: string;
  /** The HTTP status, where it is known. */
  readonly status?: number;
  /** Whether the model's API was the reason. */
  readonly isApi: boolean;
}

/** What Codex says in place of the API's own answer, with the status that the answer had. Measured, one by one. */
const known: readonly (readonly [pattern: RegExp, status?: number])[] = [
  [/^Quota exceeded\./, 429],
  [/^rate limit exceeded\b/, 429],
  [/^The model .* does not exist/, 404],
  [/^(?:stream disconnected|stream closed|error sending request|Connection failed|timeout waiting)/i],
];

/** Reads the message of `error` and `turn.failed`. */
export function apiFailure(text: string): ApiFailure {
  const bare = text.replace(/, url: (?:https?|wss?):\/\/\S+?(?=\)|,|$)/g, "");
  const status = /\b(?:unexpected|last) status:? (\d{3})\b/.exec(bare)?.[1];
  const said = sayingOf(bare);
  const message = withoutRouteAddress(
    said.replace(/^(?:unexpected status \d{3} [A-Za-z ]+: )?glovebox: /, `${gatewayRefusal}: `),
  );
  if (status !== undefined) return { message, status: Number(status), isApi: true };
  const found = known.find(([pattern]) => pattern.test(said));
  if (found?.[1] !== undefined) return { message, status: found[1], isApi: true };
  return { message, isApi: found !== undefined || said !== bare };
}

/** An answer 400 is printed as it came. */
function sayingOf(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    const { error } = JSON.parse(text) as { readonly error?: { readonly message?: unknown } | null };
    return typeof error?.message === "string" ? error.message : text;
  } catch {
    // Not JSON: said as it is.
    return text;
  }
}
