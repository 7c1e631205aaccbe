import { formatDuration, plainText, safeLine } from "@glovebox/core/text";
import type { ReportRow } from "./report-row.ts";
import type { PassRate } from "./wilson-interval.ts";

/** `75 % (30 %–95 %), 3 of 4`. */
export function describeRate({ passed, total, rate, low, high }: PassRate): string {
  if (total === 0) return "nothing decided yet";
  return `${percent(rate)} (${percent(low)}–${percent(high)}), ${passed} of ${total}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** US dollars, with enough digits for small ones. */
export function dollars(usd: number): string {
  if (usd === 0) return "$0";
  return `$${usd < 0.01 ? usd.toFixed(4) : usd.toFixed(2)}`;
}

export function tokenCount(tokens: number): string {
  return tokens.toLocaleString("en-US");
}

export function duration(ms: number): string {
  return formatDuration(ms);
}

/** What a report calls the state of a row. */
export function verdictOfRow({ passed, status, verification }: ReportRow): string {
  if (passed) return verification === undefined ? "succeeded" : "passed";
  if (verification?.verdict === "not-verified") return "not verified";
  if (status === "unverified") return "verification failed";
  return status;
}

/** `+2 ~1 -0`: files that were created, changed and deleted. */
export function fileCounts({ files }: ReportRow): string {
  return files === undefined ? "" : `+${files.created} ~${files.changed} -${files.deleted}`;
}

/** One line of a stranger's text. */
export function oneLine(text: string, length = 200): string {
  return safeLine(text, length);
}

/** Several lines of a stranger's text, of which nothing but newlines and tabs control anything; the end of what is too long. */
export function severalLines(text: string, length: number): string {
  return plainText(text.length > length ? `…${text.slice(-length)}` : text).trim();
}

/** What a report says about a cheat, in one line. */
export function describeCheat({
  kind,
  path,
  message,
}: NonNullable<ReportRow["verification"]>["cheats"][number]): string {
  return oneLine([`${kind}:`, ...(path === undefined ? [] : [path]), message].join(" "), 300);
}
