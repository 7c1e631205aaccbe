import { InvalidOptionsError } from "@glovebox/core/provider";
import { parseDuration } from "@glovebox/core/run-settings";

/** `10m` ago, or a time such as `2026-11-20`, `2026-11-20T08:30` (local) or `2026-11-20T08:30Z`. Throws `invalid-options`. */
export function parseMoment(text: string): Date {
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const moment = new Date(text.length === "2026-11-20".length ? `${text}T00:00` : text.replace(" ", "T"));
    if (!Number.isNaN(moment.getTime())) return moment;
  } else if (/^[\d.]+[a-z]/.test(text)) return new Date(Date.now() - parseDuration(text));
  throw new InvalidOptionsError("Expected how long ago, such as 10m or 2h, or a time such as 2026-11-20T08:30.");
}
