import type { HarnessEvent } from "@glovebox/core/harness";
import { boundedTail } from "@glovebox/core/harness";
import { toolText, writable } from "./tool-text.ts";
import type { ToolUpdate } from "./update-schema.ts";

interface OpenTool {
  readonly name: string;
  /** Says what it does, for a call whose input never comes. */
  title: string | undefined;
  input: unknown;
  /** What its updates said so far, each as it came last, and bounded: whatever is inside decides how many calls are open. */
  content: string;
  rawOutput: string;
  terminal: string;
  isStarted: boolean;
}

/** Whatever writes the lines decides how many calls it claims to have open; no more are kept. */
const mostOpen = 1000;

/**
 * The tool calls that have not ended. Agents announce a call before they know its input: it starts when the input is there, or
 * the call is running.
 */
export class OpenTools {
  readonly #open = new Map<string, OpenTool>();

  *take(update: ToolUpdate): Generator<HarnessEvent> {
    const { toolCallId: callId } = update;
    const tool =
      this.#open.get(callId) ?? (update.sessionUpdate === "tool_call" ? yield* this.#begin(update) : undefined);
    if (tool === undefined) return;
    if (!tool.isStarted && hasContent(update.rawInput)) tool.input = writable(update.rawInput);
    tool.title = update.title ?? tool.title;
    if (update.content) tool.content = toolText({ content: update.content, terminal: "" });
    if (hasContent(update.rawOutput)) tool.rawOutput = toolText({ rawOutput: update.rawOutput, terminal: "" });
    tool.terminal = boundedTail(tool.terminal + (update._meta?.terminal_output_delta?.data ?? ""));
    const hasEnded = update.status === "completed" || update.status === "failed";
    if (hasEnded || update.status === "in_progress" || hasContent(tool.input)) yield* start(callId, tool);
    if (!hasEnded) return;
    this.#open.delete(callId);
    yield { type: "tool.end", callId, status: update.status === "completed" ? "ok" : "error", output: outputOf(tool) };
  }

  /** Starts what was announced: the agent has gone on. */
  *startAll(): Generator<HarnessEvent> {
    for (const [callId, tool] of this.#open) yield* start(callId, tool);
  }

  *interruptAll(): Generator<HarnessEvent> {
    for (const callId of [...this.#open.keys()]) yield* this.#interrupt(callId);
  }

  *#begin(update: ToolUpdate): Generator<HarnessEvent, OpenTool> {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= mostOpen) yield* this.#interrupt(oldest);
    const { name, _meta: meta, kind, title } = update;
    const named = name || meta?.claudeCode?.toolName || meta?.toolName || kind || "tool";
    const open: OpenTool = {
      name: named.slice(0, 256),
      title: title ?? undefined,
      input: undefined,
      content: "",
      rawOutput: "",
      terminal: "",
      isStarted: false,
    };
    this.#open.set(update.toolCallId, open);
    return open;
  }

  *#interrupt(callId: string): Generator<HarnessEvent> {
    const tool = this.#open.get(callId);
    if (tool === undefined) return;
    yield* start(callId, tool);
    this.#open.delete(callId);
    yield { type: "tool.end", callId, status: "interrupted", output: outputOf(tool) };
  }
}

function outputOf({ content, terminal, rawOutput }: OpenTool): string {
  return content || terminal || rawOutput;
}

function* start(callId: string, tool: OpenTool): Generator<HarnessEvent> {
  if (tool.isStarted) return;
  tool.isStarted = true;
  yield {
    type: "tool.start",
    callId,
    name: tool.name,
    input: tool.input ?? (tool.title === undefined ? {} : { title: tool.title }),
  };
  tool.input = undefined;
}

function hasContent(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null;
}
