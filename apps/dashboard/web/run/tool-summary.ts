import { safeLine } from "@glovebox/core/text";

/** The fields that say most about a call, in the order in which they count. */
const telling = ["command", "cmd", "file_path", "path", "filePath", "pattern", "query", "url", "description", "prompt"];

/** What a tool call is about, on one line. */
export function toolSummary(input: unknown): string {
  if (typeof input === "string") return safeLine(input, 160);
  if (typeof input !== "object" || input === null) return "";
  const fields = input as Record<string, unknown>;
  for (const name of telling) {
    const value = fields[name];
    if (typeof value === "string") return safeLine(value.replace(/^\/workspace\//, ""), 160);
    if (Array.isArray(value) && value.every((part) => typeof part === "string")) return safeLine(value.join(" "), 160);
  }
  return safeLine(JSON.stringify(input), 160);
}
