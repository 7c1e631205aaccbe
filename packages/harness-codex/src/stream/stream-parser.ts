import type { HarnessEvent, HarnessLine, HarnessResultEvent } from "@glovebox/core/harness";
import { boundedHead, boundedMessage } from "@glovebox/core/harness";
import { apiFailure } from "./api-failure.ts";
import { type Item, parseLine, parseObject, type StreamLine, type ToolItem } from "./stream-line.ts";
import { toolEnd, toolInput } from "./tool-item.ts";

type Usage = Extract<StreamLine, { type: "turn.completed" }>["usage"];

/** Whatever writes the lines decides how many calls it claims to have open; no more are kept. */
const mostOpen = 1000;
/** Codex says `Reconnecting... 2/5 (why)` before each further try. */
const retry = /^Reconnecting\.\.\. (\d+)\/(\d+)(?: \((.*)\))?$/s;

/** Turns the lines of one Codex process into events, one line at a time. */
export class StreamParser {
  /** Calls without an end. */
  readonly #calls = new Set<string>();
  #sessionId: string | undefined;
  /** What the agent said last: its answer, once the turn is over. */
  #answer = "";
  /** An error that the end of the turn repeats. */
  #error: string | undefined;
  #resultSent = false;

  *line({ stream, line }: HarnessLine): Generator<HarnessEvent> {
    if (line.trim() === "") return;
    const known = stream === "stdout" ? parseLine(line) : undefined;
    const events = known === undefined ? undefined : this.#known(known);
    if (events === undefined) yield { type: "harness.raw", stream, line: boundedHead(line) };
    else yield* events;
  }

  /** What is still open when the output has ended. */
  *end(): Generator<HarnessEvent> {
    for (const callId of this.#calls) yield interrupted(callId);
    this.#calls.clear();
    if (this.#error !== undefined && !this.#resultSent) yield this.#failed(this.#error);
  }

  /** The events of a line; undefined when the line has no word among the events. */
  #known(line: StreamLine): Iterable<HarnessEvent> | undefined {
    if (line.type === "turn.started") return [];
    if (line.type === "thread.started") return this.#session(line.thread_id);
    if (line.type === "item.started") return isTool(line.item) ? this.#start(line.item) : undefined;
    if (line.type === "item.completed") return isTool(line.item) ? this.#complete(line.item) : this.#said(line.item);
    if (line.type === "error") return this.#trouble(line.message);
    if (this.#resultSent) return undefined;
    return line.type === "turn.completed" ? this.#completed(line.usage) : [this.#failed(line.error.message)];
  }

  *#session(sessionId: string): Generator<HarnessEvent> {
    this.#sessionId = sessionId;
    yield { type: "harness.session", sessionId, tools: [], agents: [], commands: [], skills: [], mcpServers: [] };
  }

  *#start(item: ToolItem): Generator<HarnessEvent> {
    const [oldest] = this.#calls;
    if (oldest !== undefined && this.#calls.size >= mostOpen) {
      this.#calls.delete(oldest);
      yield interrupted(oldest);
    }
    this.#calls.add(item.id);
    yield { type: "tool.start", callId: item.id, ...toolInput(item) };
  }

  *#complete(item: ToolItem): Generator<HarnessEvent> {
    if (!this.#calls.has(item.id)) yield* this.#start(item);
    this.#calls.delete(item.id);
    yield { type: "tool.end", callId: item.id, ...toolEnd(item) };
  }

  *#said({ type, id: messageId, text: whole }: Extract<Item, { text: string }>): Generator<HarnessEvent> {
    const text = boundedMessage(whole);
    if (type === "reasoning") {
      yield { type: "reasoning.delta", messageId, text };
      yield { type: "message.end", messageId, role: "assistant", text: "" };
      return;
    }
    this.#answer = text;
    yield { type: "text.delta", messageId, text };
    yield { type: "message.end", messageId, role: "assistant", text };
  }

  *#trouble(message: string): Generator<HarnessEvent> {
    const [, attempt, most, why = "no answer"] = retry.exec(message) ?? [];
    if (attempt === undefined) {
      // The end of the turn says it again.
      this.#error = message;
      return;
    }
    const failure = apiFailure(why);
    yield {
      type: "harness.retry",
      attempt: Number(attempt),
      ...(failure.status === undefined ? {} : { apiStatus: failure.status }),
      message: `The model's API failed (${boundedHead(failure.message)}): retry ${attempt} of ${most}`,
    };
  }

  *#completed(usage: Usage): Generator<HarnessEvent> {
    const cacheRead = usage.cached_input_tokens ?? 0;
    const cacheWrite = usage.cache_write_input_tokens ?? 0;
    // Codex counts both among its input, and names no model.
    const input = Math.max(0, usage.input_tokens - cacheRead - cacheWrite);
    const output = usage.output_tokens;
    yield { type: "usage", model: "unknown", input, output, cacheRead, cacheWrite, source: "harness" };
    const structuredOutput = parseObject(this.#answer);
    yield this.#result({
      ok: true,
      reason: "done",
      message: this.#answer,
      turns: 1,
      ...(structuredOutput === undefined ? {} : { structuredOutput }),
    });
  }

  #failed(text: string): HarnessResultEvent {
    const { message, status, isApi } = apiFailure(text);
    return this.#result({
      ok: false,
      reason: isApi ? "api-error" : "error",
      message: boundedMessage(message),
      ...(status === undefined ? {} : { apiStatus: status }),
    });
  }

  #result(fields: Omit<HarnessResultEvent, "type" | "sessionId">): HarnessResultEvent {
    this.#resultSent = true;
    return {
      type: "harness.result",
      ...fields,
      ...(this.#sessionId === undefined ? {} : { sessionId: this.#sessionId }),
    };
  }
}

function isTool(item: Item): item is ToolItem {
  return item.type !== "agent_message" && item.type !== "reasoning";
}

function interrupted(callId: string): HarnessEvent {
  return { type: "tool.end", callId, status: "interrupted", output: "" };
}
