import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { boundedHead, boundedTail } from "@glovebox/core/harness";
import { type FinishLine, type StreamLine, streamLineSchema, type ToolLine } from "./stream-line.ts";
import { verdictOfError, verdictOfStep } from "./verdict.ts";

/** What nests deeper cannot be written as JSON again. */
const deepest = 200;
/** No model says more in one message; what does is not a model. */
const mostText = 16 * 1024 * 1024;

/** Turns the lines of one OpenCode process into events, one line at a time. */
export class StreamParser {
  #sessionId: string | undefined;
  #verdict: ReturnType<typeof verdictOfStep>;
  #isReported = false;
  #text = "";
  #turns = 0;
  #costUsd = 0;

  /** A verdict that another step may still follow. */
  get holdsResult(): boolean {
    return this.#verdict !== undefined && !this.#isReported;
  }

  *line({ stream, line }: HarnessLine): Generator<HarnessEvent> {
    if (line.trim() === "") return;
    const known = stream === "stdout" ? parseLine(line) : undefined;
    if (known === undefined) yield { type: "harness.raw", stream, line: boundedHead(line) };
    else yield* this.#known(known);
  }

  /** The result, at most once: OpenCode prints none, and its last step or error is its verdict. */
  *result(): Generator<HarnessEvent> {
    if (this.#verdict === undefined || this.#isReported) return;
    this.#isReported = true;
    yield {
      type: "harness.result",
      ...this.#verdict,
      turns: this.#turns,
      ...(this.#costUsd > 0 ? { costUsd: this.#costUsd } : {}),
      ...(this.#sessionId === undefined ? {} : { sessionId: this.#sessionId }),
    };
  }

  *#known(line: StreamLine): Generator<HarnessEvent> {
    if (line.sessionID !== undefined) yield* this.#session(line.sessionID);
    if (line.type === "step_start") {
      this.#verdict = undefined;
      this.#text = "";
    } else if (line.type === "tool_use") yield* this.#tool(line);
    else if (line.type === "step_finish") yield* this.#finish(line);
    else if (line.type === "error") this.#verdict = verdictOfError(line);
    else yield* this.#said(line.type, line.part);
  }

  *#session(sessionId: string): Generator<HarnessEvent> {
    if (this.#sessionId !== undefined) return;
    this.#sessionId = sessionId;
    yield { type: "harness.session", sessionId, tools: [], agents: [], commands: [], skills: [], mcpServers: [] };
  }

  *#said(
    kind: "text" | "reasoning",
    { id, text }: { readonly id: string; readonly text: string },
  ): Generator<HarnessEvent> {
    if (text === "" || this.#text.length + text.length > mostText) return;
    yield { type: `${kind}.delta`, messageId: id, text };
    if (kind === "reasoning") return;
    this.#text += this.#text === "" ? text : `\n${text}`;
    yield { type: "message.end", messageId: id, role: "assistant", text };
  }

  /** A line for a tool comes when it has ended. */
  *#tool({ part: { tool: name, callID: callId, state } }: ToolLine): Generator<HarnessEvent> {
    yield { type: "tool.start", callId, name, input: state.input ?? {} };
    const exit = state.metadata?.exit;
    const failed = state.status !== "completed" || (typeof exit === "number" && exit !== 0);
    const output = [state.output, state.error].find((text) => typeof text === "string") ?? "";
    yield { type: "tool.end", callId, status: failed ? "error" : "ok", output: boundedTail(String(output)) };
  }

  *#finish({ part: { messageID, reason, tokens, cost } }: FinishLine): Generator<HarnessEvent> {
    this.#turns += 1;
    this.#costUsd += cost ?? 0;
    this.#verdict = verdictOfStep(reason, this.#text);
    if (tokens == null) return;
    yield {
      type: "usage",
      // The line does not name it.
      model: "unknown",
      messageId: messageID,
      input: tokens.input ?? 0,
      output: (tokens.output ?? 0) + (tokens.reasoning ?? 0),
      cacheRead: tokens.cache?.read ?? 0,
      cacheWrite: tokens.cache?.write ?? 0,
      source: "harness",
    };
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
