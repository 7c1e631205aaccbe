import type { HarnessResultEvent } from "@glovebox/core/harness";
import { ownWords } from "./own-words.ts";
import type { ErrorLine } from "./stream-line.ts";

type Verdict = Pick<HarnessResultEvent, "ok" | "reason" | "message" | "apiStatus">;

/** Why a model stopped, by OpenCode's words, where that is no success. */
const unfinished: ReadonlyMap<string, string> = new Map([
  ["length", "The model's answer reached its limit of tokens"],
  ["content-filter", "The model's API filtered the answer"],
  ["error", "The model's answer broke off"],
  ["other", "The model's answer broke off"],
  ["unknown", "The model's answer broke off"],
]);

/** Returns the verdict of a step's end, or `undefined` for one that another step follows. */
export function verdictOfStep(reason: string, text: string): Verdict | undefined {
  if (reason === "stop") return { ok: true, reason: "done", message: text };
  if (reason === "tool-calls") return undefined;
  const message = unfinished.get(reason) ?? `The model stopped for an unknown reason: ${reason.slice(0, 100)}`;
  return { ok: false, reason: "error", message };
}

/** Returns the verdict of an error that OpenCode reports. */
export function verdictOfError({ error: { name, data } }: ErrorLine): Verdict {
  const message = ownWords(data?.message ?? name);
  if (name === "MessageAbortedError") return { ok: false, reason: "aborted", message: "Interrupted" };
  if (name !== "APIError" && name !== "ProviderAuthError") return { ok: false, reason: "error", message };
  const status = data?.statusCode;
  return { ok: false, reason: "api-error", message, ...(typeof status === "number" ? { apiStatus: status } : {}) };
}
