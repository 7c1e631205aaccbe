import { safeLine } from "@glovebox/core/text";

/** Where a tool's input names what it is about, the most telling first. */
const telling = [
  "file_path",
  "notebook_path",
  "path",
  "command",
  "pattern",
  "url",
  "query",
  "description",
  "subject",
  "prompt",
  "title",
];

/** A tool call in a few words: `Write index.html`, `Bash npm test`. */
export function toolLabel(name: string, input: unknown, length = 100): string {
  const fields = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  const key = telling.find((candidate) => typeof fields[candidate] === "string");
  const subject = key === undefined ? "" : String(fields[key]).replace(/^\/workspace\//, "");
  return safeLine(`${name} ${subject}`, length);
}
