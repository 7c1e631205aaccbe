import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { boundedHead, boundedTail } from "@glovebox/core/harness";
import { resultEvent } from "./result-event.ts";
import { type ResultLine, type StreamLine, streamLineSchema, type ToolResultLine } from "./stream-line.ts";

/** Whatever writes the lines decides how many calls it claims to have open; no more are kept. */
const mostOpen = 1000;
/** What nests deeper cannot be written as JSON again. */
const deepest = 200;
/** No model says more in one message; what does is not a model. */
const mostText = 16 * 1024 * 1024;

/** Turns the lines of one Gemini CLI process into events, one line at a time. */
export class StreamParser {
  readonly #calls = new Set<string>();
  #sessionId: string | undefined;
  #isReported = false;
  /** Messages have no ids in the output: they are counted. */
  #messages = 0;
  #text = "";
  /** What was said last, unless tools came after it. */
  #answer = "";
  /** The last warning or error, unless the model continued after it: it is what ended the run then. */
  #complaint: string | undefined;
  #turns = 0;
  #isInTurn = false;

  *line({ stream, line }: HarnessLine): Generator<HarnessEvent> {
    if (line.trim() === "") return;
    const known = stream === "stdout" ? parseLine(line) : undefined;
    const events = known === undefined ? undefined : this.#known(known);
    if (events === undefined) yield { type: "harness.raw", stream, line: boundedHead(line) };
    else yield* events;
  }

  /** What is still open when the output has ended. */
  *end(): Generator<HarnessEvent> {
    yield* this.#close();
    for (const callId of this.#calls) yield interrupted(callId);
    this.#calls.clear();
  }

  /** The events of a line; undefined for a line that has no equivalent event. */
  #known(line: StreamLine): Iterable<HarnessEvent> | undefined {
    if (line.type === "init") return this.#session(line.session_id, line.model);
    if (line.type === "message") return line.role === "user" ? [] : this.#said(line.content);
    if (line.type === "tool_use") return this.#use(line.tool_id, line.tool_name, line.parameters);
    if (line.type === "tool_result") return this.#calls.has(line.tool_id) ? this.#used(line) : undefined;
    if (line.type === "error") this.#complaint = line.message;
    if (line.type === "error" || this.#isReported) return undefined;
    return this.#result(line);
  }

  *#session(sessionId: string, model: string | undefined): Generator<HarnessEvent> {
    this.#sessionId = sessionId;
    const nothing = { tools: [], agents: [], commands: [], skills: [], mcpServers: [] };
    yield { type: "harness.session", sessionId, ...(model === undefined ? {} : { model }), ...nothing };
  }

  *#said(text: string): Generator<HarnessEvent> {
    this.#turn();
    if (text === "" || this.#text.length + text.length > mostText) return;
    this.#complaint = undefined;
    if (this.#text === "") this.#messages += 1;
    this.#text += text;
    yield { type: "text.delta", messageId: this.#messageId, text };
  }

  *#use(callId: string, name: string, input: unknown): Generator<HarnessEvent> {
    this.#turn();
    yield* this.#close();
    this.#answer = "";
    this.#complaint = undefined;
    const [oldest] = this.#calls;
    if (oldest !== undefined && this.#calls.size >= mostOpen) {
      this.#calls.delete(oldest);
      yield interrupted(oldest);
    }
    this.#calls.add(callId);
    yield { type: "tool.start", callId, name, input: input ?? {} };
  }

  *#used({ tool_id: callId, status, output, error }: ToolResultLine): Generator<HarnessEvent> {
    this.#calls.delete(callId);
    this.#isInTurn = false;
    const text = typeof output === "string" ? output : (error?.message ?? "");
    yield { type: "tool.end", callId, status: status === "success" ? "ok" : "error", output: boundedTail(text) };
  }

  *#result(line: ResultLine): Generator<HarnessEvent> {
    this.#isReported = true;
    yield* this.end();
    for (const [model, { input, output_tokens: output, cached }] of Object.entries(line.stats?.models ?? {})) {
      const counts = { input: input ?? 0, output: output ?? 0, cacheRead: cached ?? 0 };
      if (counts.input + counts.output + counts.cacheRead === 0) continue;
      yield { type: "usage", model, ...counts, cacheWrite: 0, source: "harness" };
    }
    const [answer, complaint] = [this.#answer, this.#complaint];
    yield resultEvent(line, { answer, complaint, turns: this.#turns, sessionId: this.#sessionId });
  }

  /** A turn is what the model says and asks for until tools answer. */
  #turn(): void {
    if (!this.#isInTurn) this.#turns += 1;
    this.#isInTurn = true;
  }

  *#close(): Generator<HarnessEvent> {
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    this.#answer = text;
    yield { type: "message.end", messageId: this.#messageId, role: "assistant", text };
  }

  get #messageId(): string {
    return `message-${this.#messages}`;
  }
}

function interrupted(callId: string): HarnessEvent {
  return { type: "tool.end", callId, status: "interrupted", output: "" };
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
