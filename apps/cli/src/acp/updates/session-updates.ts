import type { SessionUpdate } from "@agentclientprotocol/sdk";
import type { RunEvent, RunPhase } from "@glovebox/core";
import { formatDuration, plainText, safeLine } from "@glovebox/core/text";
import { adviceLine } from "../../print/describe-remedy.ts";
import type { DirectoryPaths } from "../directory-paths.ts";
import { errorLine } from "../protocol-error.ts";
import { planEntries } from "./plan-entries.ts";
import { toolCallId, toolCallOf } from "./tool-call.ts";

/** The phases that an editor shows while the user waits. */
const shownPhases: Partial<Record<RunPhase, string>> = {
  creating: "Starting a sandbox.",
  uploading: "Copying the directory into the sandbox.",
  collecting: "Bringing the files back.",
};

/** How many refused hosts of one run are shown. */
const mostRefused = 20;

/** How many open messages and calls are remembered: a hostile agent never ends them. */
const mostRemembered = 1000;

export interface SessionUpdatesOptions {
  readonly runId: string;
  readonly paths: DirectoryPaths;
  /** What the runs of the session before this one have cost, in US dollars. */
  readonly spentUsd: number;
}

/** Turns the events of one run into updates for its editor. The events come from the sandbox. */
export class SessionUpdates {
  readonly #options: SessionUpdatesOptions;
  /** The messages of which a part was sent. */
  readonly #streamed = new Set<string>();
  /** The running calls that were sent with a change. */
  readonly #changes = new Set<string>();
  /** The running calls that state a plan, and are shown as one. */
  readonly #plans = new Set<string>();
  readonly #refused = new Set<string>();
  #costUsd: number | undefined;
  #context = { used: 0, size: 0 };

  constructor(options: SessionUpdatesOptions) {
    this.#options = options;
  }

  /** What the event is for the editor: mostly one update, for some events none. */
  of(event: RunEvent): readonly SessionUpdate[] {
    switch (event.type) {
      case "text.delta":
      case "reasoning.delta":
        return this.#delta(event);
      case "message.end":
        return this.#messageEnd(event);
      case "tool.start":
        return this.#toolStart(event);
      case "tool.end":
        return this.#plans.delete(event.callId) ? [] : [this.#toolEnd(event)];
      case "usage":
        return this.#usage(event);
      case "network.request":
        return this.#networkRequest(event);
      default:
        return notesOf(event).map(thought);
    }
  }

  /** What the whole run cost, once it has ended. */
  end(costUsd: number | undefined): readonly SessionUpdate[] {
    this.#costUsd = costUsd ?? this.#costUsd;
    return this.#costUsd === undefined ? [] : [this.#usageUpdate(this.#context)];
  }

  #delta(event: Extract<RunEvent, { type: "text.delta" | "reasoning.delta" }>): readonly SessionUpdate[] {
    // A sub-agent's words are part of its tool call.
    if (event.parentCallId !== undefined) return [];
    if (event.type === "reasoning.delta") return [thought(event.text)];
    if (this.#streamed.size < mostRemembered) this.#streamed.add(event.messageId);
    return [agentMessage(event.text)];
  }

  #messageEnd({ messageId, role, text, parentCallId }: Extract<RunEvent, { type: "message.end" }>) {
    const isStreamed = this.#streamed.delete(messageId);
    return isStreamed || role !== "assistant" || parentCallId !== undefined || text === "" ? [] : [agentMessage(text)];
  }

  #toolStart({ callId, name, input }: Extract<RunEvent, { type: "tool.start" }>): readonly SessionUpdate[] {
    const entries = planEntries(name, input);
    if (entries !== undefined) {
      if (this.#plans.size < mostRemembered) this.#plans.add(callId);
      return [{ sessionUpdate: "plan", entries }];
    }
    const call = toolCallOf({ toolCallId: this.#callId(callId), name, input }, this.#options.paths);
    if (call.content !== undefined && this.#changes.size < mostRemembered) this.#changes.add(call.toolCallId);
    return [{ sessionUpdate: "tool_call", ...call }];
  }

  #toolEnd({ callId, status, output }: Extract<RunEvent, { type: "tool.end" }>): SessionUpdate {
    const id = this.#callId(callId);
    const isChange = this.#changes.delete(id);
    const isOk = status === "ok";
    const text = output === "" && status === "interrupted" ? "Interrupted" : plainText(output);
    return {
      ...{ sessionUpdate: "tool_call_update", toolCallId: id, status: isOk ? "completed" : "failed" },
      // It would replace the change that came with the call.
      ...((isChange && isOk) || text === "" ? {} : { content: [{ type: "content", content: textBlock(text) }] }),
    };
  }

  #usage(event: Extract<RunEvent, { type: "usage" }>): readonly SessionUpdate[] {
    // The gateway reads what the model's API answers; what the harness reports itself would count it twice.
    if (event.source !== "gateway") return [];
    if (event.costUsd !== undefined) this.#costUsd = (this.#costUsd ?? 0) + event.costUsd;
    const own = event.budget?.find(({ kind }) => kind === "run");
    const used = event.input + event.cacheRead + event.cacheWrite + event.output;
    this.#context = own?.maxTokens === undefined ? { used, size: 0 } : { used: own.spentTokens, size: own.maxTokens };
    return [this.#usageUpdate(this.#context, event.budget)];
  }

  /** `size` 0: how much the model can hold is not known. */
  #usageUpdate(
    { used, size }: { readonly used: number; readonly size: number },
    budget?: Extract<RunEvent, { type: "usage" }>["budget"],
  ): SessionUpdate {
    const cost = this.#costUsd === undefined ? undefined : this.#options.spentUsd + this.#costUsd;
    return {
      ...{ sessionUpdate: "usage_update", used, size },
      ...(cost === undefined ? {} : { cost: { amount: cost, currency: "USD" } }),
      ...(budget === undefined ? {} : { _meta: { "glovebox/budget": budget } }),
    };
  }

  #networkRequest(event: Extract<RunEvent, { type: "network.request" }>): readonly SessionUpdate[] {
    const { decision, host, port, reason, remedy } = event;
    const place = `${host}:${port}`;
    if (decision !== "denied" || this.#refused.has(place) || this.#refused.size >= mostRefused) return [];
    this.#refused.add(place);
    const why = errorLine(reason ?? "the sandbox may not reach it", adviceLine({ remedy }));
    return [
      {
        ...{ sessionUpdate: "tool_call", toolCallId: `${this.#options.runId}/refused/${this.#refused.size}` },
        ...{ title: safeLine(`Refused: ${place}`), kind: "fetch", status: "failed" },
        content: [{ type: "content", content: textBlock(why) }],
      },
    ];
  }

  #callId(callId: string): string {
    return toolCallId(this.#options.runId, callId);
  }
}

/** What an event shows the user beside the agent's work, in a line. */
function notesOf(event: RunEvent): readonly string[] {
  switch (event.type) {
    case "run.state": {
      const note = shownPhases[event.to];
      return note === undefined ? [] : [`${note}\n`];
    }
    case "harness.retry":
      return [`Trying again: ${safeLine(event.message)}\n`];
    case "run.stalled":
      return event.state === "begin" ? [`Nothing has happened for ${formatDuration(event.silentMs)}.\n`] : [];
    case "warning":
    case "error": {
      const advice = adviceLine({ remedy: event.remedy, ...("hint" in event ? { hint: event.hint } : {}) });
      return [`${event.type === "warning" ? "Warning" : "Error"}: ${errorLine(event.message, advice)}\n`];
    }
    default:
      return [];
  }
}

const textBlock = (text: string) => ({ type: "text" as const, text });

/** What the agent says. */
export function agentMessage(text: string): SessionUpdate {
  return { sessionUpdate: "agent_message_chunk", content: textBlock(plainText(text)) };
}

/** What happens around it. */
export function thought(text: string): SessionUpdate {
  return { sessionUpdate: "agent_thought_chunk", content: textBlock(plainText(text)) };
}
