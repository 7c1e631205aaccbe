import type { PlanEntry } from "@agentclientprotocol/sdk";
import { safeLine } from "@glovebox/core/text";
import { z } from "zod";

const mostEntries = 100;

/** What agents call the list of what they are going to do: `todos` for Claude Code, `items` for Codex, `plan` for others. */
const entrySchema = z.object({
  content: z.string().optional(),
  step: z.string().optional(),
  text: z.string().optional(),
  completed: z.boolean().optional().catch(undefined),
  status: z.enum(["pending", "in_progress", "completed"]).catch("pending"),
  priority: z.enum(["high", "medium", "low"]).catch("medium"),
});
const entriesSchema = z.array(entrySchema).min(1).max(mostEntries);
const inputSchema = z.union([
  z.object({ todos: entriesSchema }).transform(({ todos }) => todos),
  z.object({ items: entriesSchema }).transform(({ items }) => items),
  z.object({ plan: entriesSchema }).transform(({ plan }) => plan),
]);

/** The plan that the input of a tool call states; `undefined` for a call that states none. */
export function planEntries(name: string, input: unknown): PlanEntry[] | undefined {
  if (!/todo|plan/i.test(name)) return undefined;
  const entries = inputSchema.safeParse(input).data?.flatMap(({ content, step, text, completed, status, priority }) => {
    const words = content ?? step ?? text;
    if (words === undefined) return [];
    return [{ content: safeLine(words, 500), status: completed ? ("completed" as const) : status, priority }];
  });
  return entries?.length ? entries : undefined;
}
