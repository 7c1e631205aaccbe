import { boundedTail } from "@glovebox/core/harness";
import { z } from "zod";
import type { ToolUpdate } from "./update-schema.ts";

/** Cline runs several commands in one call, and answers with the result of each. */
const resultsSchema = z.array(z.object({ result: z.string() })).min(1);

/** What nests deeper cannot be written as JSON again. */
const deepest = 200;

export interface ToolAnswer extends Partial<Pick<ToolUpdate, "content" | "rawOutput">> {
  /** What its command printed, where the agent says so beside its content. */
  readonly terminal: string;
}

/** What a tool answered, as text: its content, what its command printed, or its raw output. */
export function toolText({ content, terminal, rawOutput }: ToolAnswer): string {
  const parts = (content ?? []).flatMap((one) =>
    one === null ? [] : [one.type === "content" ? one.content.text : diffText(one)],
  );
  if (parts.length > 0) return boundedTail(parts.join("\n"));
  if (terminal !== "") return boundedTail(terminal);
  if (typeof rawOutput === "string") return boundedTail(rawOutput);
  const results = resultsSchema.safeParse(rawOutput).data;
  if (results !== undefined) return boundedTail(results.map(({ result }) => result).join("\n"));
  const plain = writable(rawOutput);
  return plain === undefined || plain === null ? "" : boundedTail(JSON.stringify(plain));
}

/** A value as it can be kept in an event: nothing of one that nests too deeply. */
export function writable(value: unknown): unknown {
  const pending: (readonly [unknown, number])[] = [[value, 0]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [one, depth] = next;
    if (typeof one !== "object" || one === null) continue;
    if (depth >= deepest) return undefined;
    for (const inner of Object.values(one)) pending.push([inner, depth + 1]);
  }
  return value;
}

function diffText({
  path,
  oldText,
  newText,
}: {
  path: string;
  oldText?: string | null | undefined;
  newText: string;
}): string {
  const marked = (mark: string, text: string) =>
    text === ""
      ? []
      : text
          .replace(/\n$/, "")
          .split("\n")
          .map((line) => `${mark}${line}`);
  return [`--- ${path}`, `+++ ${path}`, ...marked("-", oldText ?? ""), ...marked("+", newText)].join("\n");
}
