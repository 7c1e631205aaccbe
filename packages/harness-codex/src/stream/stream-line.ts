import { z } from "zod";

/*
 * The lines of `codex exec --json` as far as they are read; everything else in them is ignored. Each was seen from the pinned
 * version, but for `todo_list` and `item.updated`, which come from its documentation.
 */

const status = z.string().nullish();

const itemSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("agent_message"), id: z.string(), text: z.string() }),
  z.object({ type: z.literal("reasoning"), id: z.string(), text: z.string() }),
  z.object({
    type: z.literal("command_execution"),
    id: z.string(),
    command: z.string(),
    aggregated_output: z.string().nullish(),
    exit_code: z.number().nullish(),
    status,
  }),
  z.object({
    type: z.literal("file_change"),
    id: z.string(),
    changes: z.array(z.object({ path: z.string(), kind: z.string() })),
    status,
  }),
  z.object({
    type: z.literal("mcp_tool_call"),
    id: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: z.unknown(),
    result: z.object({ content: z.array(z.unknown()) }).nullish(),
    error: z.object({ message: z.string() }).nullish(),
    status,
  }),
  z.object({ type: z.literal("web_search"), id: z.string(), query: z.string() }),
  z.object({
    type: z.literal("todo_list"),
    id: z.string(),
    items: z.array(z.object({ text: z.string(), completed: z.boolean() })),
  }),
]);
/** What the agent does or says: one item of a turn. */
export type Item = z.infer<typeof itemSchema>;
/** An item that events show as the call of a tool. */
export type ToolItem = Exclude<Item, { type: "agent_message" | "reasoning" }>;

const usageSchema = z.object({
  input_tokens: z.number(),
  cached_input_tokens: z.number().nullish(),
  cache_write_input_tokens: z.number().nullish(),
  output_tokens: z.number(),
});

const lineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("thread.started"), thread_id: z.string().max(200) }),
  z.object({ type: z.literal("turn.started") }),
  z.object({ type: z.literal("item.started"), item: itemSchema }),
  z.object({ type: z.literal("item.completed"), item: itemSchema }),
  z.object({ type: z.literal("turn.completed"), usage: usageSchema }),
  z.object({ type: z.literal("turn.failed"), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);
/** A line that has events. */
export type StreamLine = z.infer<typeof lineSchema>;

/** What nests deeper cannot be written as JSON again. */
const deepest = 200;

/** Reads a line of standard output; `undefined` for one that is not known. */
export function parseLine(text: string): StreamLine | undefined {
  const value = parseJson(text);
  if (value === undefined || isDeeperThan(value, deepest)) return undefined;
  return lineSchema.safeParse(value).data;
}

/** The object that a text is; `undefined` where it is something else. */
export function parseObject(text: string): object | undefined {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return isDeeperThan(value, deepest) ? undefined : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: kept as it is.
    return undefined;
  }
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}
