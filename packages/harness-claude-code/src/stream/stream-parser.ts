import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { boundedHead, boundedTail } from "@glovebox/core/harness";
import { ownWords } from "../headless/own-words.ts";
import type { ResultLine } from "../headless/result-line.ts";
import { OpenMessage } from "./open-message.ts";
import { resultEvent } from "./result-event.ts";
import {
  type AssistantLine,
  type StreamEventLine,
  type StreamLine,
  type SystemLine,
  streamLineSchema,
  type UserLine,
} from "./stream-line.ts";

type Usage = Extract<HarnessEvent, { type: "usage" }>;
type Counts = Record<"input" | "output" | "cacheRead" | "cacheWrite", number>;

/** Whatever writes the lines decides how many conversations and calls it claims to have open; no more are kept. */
const mostOpen = 1000;
/** What nests deeper cannot be written as JSON again. */
const deepest = 200;

/** Turns the lines of one Claude Code process into events, one line at a time. */
export class StreamParser {
  /** The message that each conversation is at, by the call whose sub-agent speaks; the main one under "". */
  readonly #open = new Map<string, OpenMessage>();
  /** Calls without an answer, with the call whose sub-agent made them. */
  readonly #calls = new Map<string, string | undefined>();
  /** What the messages of each model used. */
  readonly #usages = new Map<string, Counts>();
  #sessionId: string | undefined;
  #result: ResultLine | undefined;
  #turns: number | undefined;
  #resultSent = false;
  #backgroundTasks = 0;

  /** A result that may be followed by another one is held: background work can begin a further turn. */
  get holdsResult(): boolean {
    return this.#result !== undefined && !this.#resultSent;
  }

  get hasBackgroundTasks(): boolean {
    return this.#backgroundTasks > 0;
  }

  *line({ stream, line }: HarnessLine): Generator<HarnessEvent> {
    if (line.trim() === "") return;
    const known = stream === "stdout" ? parseLine(line) : undefined;
    const events = known === undefined ? undefined : this.#known(known);
    if (events === undefined) yield { type: "harness.raw", stream, line: boundedHead(line) };
    else yield* this.#noting(events);
  }

  /** The verdict, with the usage that no message accounts for: sub-agents' messages and requests beside the conversation. */
  *result(): Generator<HarnessEvent> {
    if (this.#result === undefined || this.#resultSent) return;
    this.#resultSent = true;
    const totals = this.#result.modelUsage ?? {};
    // Where the result names a model otherwise than its messages do, a difference would count twice.
    const comparable = [...this.#usages.keys()].every((model) => Object.hasOwn(totals, model));
    for (const [model, total] of comparable ? Object.entries(totals) : []) {
      const counted = this.#usages.get(model);
      const rest = (all: number, field: keyof Counts): number => Math.max(0, all - (counted?.[field] ?? 0));
      const input = rest(total.inputTokens, "input");
      const output = rest(total.outputTokens, "output");
      const cacheRead = rest(total.cacheReadInputTokens, "cacheRead");
      const cacheWrite = rest(total.cacheCreationInputTokens, "cacheWrite");
      if (input + output + cacheRead + cacheWrite === 0) continue;
      yield { type: "usage", model, input, output, cacheRead, cacheWrite, source: "harness" };
    }
    yield resultEvent(this.#result, this.#turns);
  }

  /** What is still open when the output has ended. */
  *end(): Generator<HarnessEvent> {
    for (const parent of [...this.#open.keys()]) yield* this.#noting(this.#close(parent));
    for (const callId of [...this.#calls.keys()]) yield this.#interrupted(callId);
    yield* this.result();
  }

  /** The events of a line; undefined when the line has no word among the events. */
  #known(line: StreamLine): Iterable<HarnessEvent> | undefined {
    if (line.type === "stream_event") return this.#stream(line);
    if (line.type === "assistant") return this.#assistant(line);
    if (line.type === "user") return this.#user(line);
    if (line.type === "system") return this.#system(line);
    if (this.#resultSent) return undefined;
    this.#result = line;
    if (typeof line.num_turns === "number") this.#turns = (this.#turns ?? 0) + line.num_turns;
    return this.#close("");
  }

  *#noting(events: Iterable<HarnessEvent>): Generator<HarnessEvent> {
    for (const event of events) {
      if (event.type === "usage") this.#count(event);
      if (event.type === "tool.start") {
        const [oldest] = this.#calls.keys();
        if (oldest !== undefined && this.#calls.size >= mostOpen) yield this.#interrupted(oldest);
        this.#calls.set(event.callId, event.parentCallId);
      }
      if (event.type === "tool.end") this.#calls.delete(event.callId);
      yield event;
    }
  }

  *#stream({ event, parent_tool_use_id }: StreamEventLine): Generator<HarnessEvent> {
    const parent = parent_tool_use_id ?? "";
    if (event.type === "message_start") {
      yield* this.#close(parent);
      const message = new OpenMessage(event.message.id, event.message.model, parent_tool_use_id ?? undefined);
      message.count(event.message.usage ?? {}, false);
      yield* this.#begin(parent, message);
    }
    const message = this.#open.get(parent);
    if (event.type === "content_block_delta") {
      yield* message?.delta("text", event.delta.text ?? "") ?? [];
      yield* message?.delta("reasoning", event.delta.thinking ?? "") ?? [];
    }
    if (event.type === "message_delta") message?.count(event.usage ?? {}, true);
    if (event.type === "message_stop") yield* this.#close(parent);
  }

  *#assistant({ message, parent_tool_use_id }: AssistantLine): Generator<HarnessEvent> {
    const parent = parent_tool_use_id ?? "";
    let open = this.#open.get(parent);
    if (open?.id !== message.id) {
      yield* this.#close(parent);
      open = new OpenMessage(message.id, message.model, parent_tool_use_id ?? undefined);
      yield* this.#begin(parent, open);
    }
    for (const block of message.content) {
      if (block.type === "text") {
        const text = shown(block.text);
        // What no model has said, Claude Code says itself.
        yield* open.block("text", message.model === "<synthetic>" ? ownWords(text) : text);
      }
      if (block.type === "thinking") yield* open.block("reasoning", shown(block.thinking));
      if (block.type !== "tool_use" || typeof block.id !== "string") continue;
      const { id: callId, name, input } = block;
      yield { type: "tool.start", callId, name: shown(name), input, ...withParent(parent_tool_use_id) };
    }
  }

  *#user(line: UserLine): Generator<HarnessEvent> {
    const { content } = line.message;
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
    for (const block of blocks) {
      const callId = block.tool_use_id;
      if (block.type !== "tool_result" || typeof callId !== "string" || !this.#calls.has(callId)) continue;
      yield {
        type: "tool.end",
        callId,
        status: statusOf(line, callId, block.is_error === true),
        output: boundedTail(textOf(block.content)),
        ...withParent(line.parent_tool_use_id),
      };
    }
    const text = textOf(blocks.filter((block) => block.type === "text"));
    if (text === "" || line.uuid === undefined) return;
    const said = { type: "message.end", messageId: line.uuid, role: "user", text: boundedTail(text) } as const;
    yield { ...said, ...withParent(line.parent_tool_use_id) };
  }

  #system(line: SystemLine): Iterable<HarnessEvent> | undefined {
    if (line.subtype === "background_tasks_changed") {
      this.#backgroundTasks = line.tasks.length;
      return undefined;
    }
    if (line.subtype === "init") {
      // It is repeated at every turn that background work begins.
      if (line.session_id === this.#sessionId) return [];
      this.#sessionId = line.session_id;
    }
    return systemEvents(line);
  }

  *#begin(parent: string, message: OpenMessage): Generator<HarnessEvent> {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= mostOpen) yield* this.#close(oldest);
    this.#open.set(parent, message);
  }

  #interrupted(callId: string): HarnessEvent {
    const parent = withParent(this.#calls.get(callId));
    this.#calls.delete(callId);
    return { type: "tool.end", callId, status: "interrupted", output: "", ...parent };
  }

  #count(usage: Usage): void {
    const counts = this.#usages.get(usage.model) ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    for (const field of Object.keys(counts) as (keyof Counts)[]) counts[field] += usage[field];
    this.#usages.set(usage.model, counts);
  }

  *#close(parent: string): Generator<HarnessEvent> {
    const message = this.#open.get(parent);
    this.#open.delete(parent);
    if (message !== undefined) yield* message.end();
  }
}

function parseLine(line: string): StreamLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isDeeperThan(value, deepest) ? undefined : streamLineSchema.safeParse(value).data;
  } catch {
    // Not JSON: kept as it is.
    return undefined;
  }
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}

function systemEvents(line: SystemLine): HarnessEvent[] {
  if (line.subtype === "init") {
    return [
      {
        type: "harness.session",
        sessionId: line.session_id,
        ...(line.model === undefined ? {} : { model: line.model }),
        ...(line.claude_code_version === undefined ? {} : { version: line.claude_code_version }),
        tools: line.tools,
        agents: line.agents,
        commands: line.slash_commands,
        skills: line.skills,
        mcpServers: line.mcp_servers,
      },
    ];
  }
  if (line.subtype === "api_retry") {
    const of = typeof line.max_retries === "number" ? ` of ${line.max_retries}` : "";
    return [
      {
        type: "harness.retry",
        attempt: line.attempt,
        ...(typeof line.retry_delay_ms === "number" ? { delayMs: line.retry_delay_ms } : {}),
        ...(typeof line.error_status === "number" ? { apiStatus: line.error_status } : {}),
        message: `The model's API failed (${line.error_status ?? line.error ?? "no answer"}): retry ${line.attempt}${of}`,
      },
    ];
  }
  if (line.subtype === "compact_boundary") {
    const { pre_tokens: before, post_tokens: after } = line.compact_metadata ?? {};
    const size = typeof before === "number" && typeof after === "number" ? `: ${before} tokens became ${after}` : "";
    return [{ type: "harness.compaction", message: `The conversation was summarised${size}` }];
  }
  return [];
}

function statusOf(line: UserLine, callId: string, isError: boolean): "ok" | "error" | "interrupted" {
  const { tool_use_result: result, tool_result_meta: meta } = line;
  const cut = typeof result === "object" && result !== null && "interrupted" in result && result.interrupted === true;
  const refused = meta?.some((one) => one.id === callId && one.non_execution_kind === "user-rejected");
  if (cut || refused) return "interrupted";
  return isError ? "error" : "ok";
}

/** The text of a content that is a string or blocks; what is not text is named. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((block: { type?: unknown; text?: unknown } | null) => {
      return block?.type === "text" ? shown(block.text) : `[${shown(block?.type)}]`;
    })
    .join("\n");
}

/** A text as it is; of anything else its kind, for what is no text can be too deep or too odd to be made one. */
function shown(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : typeof value;
}

function withParent(parent: string | null | undefined): { readonly parentCallId?: string } {
  return typeof parent === "string" && parent !== "" ? { parentCallId: parent } : {};
}
