import { InvalidOptionsError } from "@glovebox/core/provider";
import { parseCommas, parseCount } from "@glovebox/core/run-settings";

interface Concurrency {
  readonly total?: number;
  readonly providers: Readonly<Record<string, number>>;
}

/** `8`, `PROVIDER=4`, or both: `8,PROVIDER=2`. Several are merged. */
export function parseConcurrency(text: string, before: unknown): Concurrency {
  const { total, providers } = (before as Concurrency | undefined) ?? { providers: {} };
  let merged: Concurrency = { ...(total === undefined ? {} : { total }), providers };
  for (const part of parseCommas(text)) {
    const at = part.lastIndexOf("=");
    const count = parseCount(part.slice(at + 1));
    if (at === 0) throw new InvalidOptionsError("Expected a number, or PROVIDER=NUMBER.");
    merged =
      at === -1
        ? { ...merged, total: count }
        : { ...merged, providers: { ...merged.providers, [part.slice(0, at)]: count } };
  }
  return merged;
}
