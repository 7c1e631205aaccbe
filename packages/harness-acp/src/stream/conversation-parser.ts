import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { boundedHead } from "@glovebox/core/harness";
import { failedStatus } from "../conversation/failed-status.ts";
import { readConversationLine } from "./conversation-line.ts";
import {
  type ResultReport,
  resultReportSchema,
  type SessionReport,
  sessionReportSchema,
} from "./conversation-report.ts";
import { OpenMessage } from "./open-message.ts";
import { OpenTools } from "./open-tools.ts";
import { readUpdate, type SessionUpdate } from "./update-schema.ts";

/** Turns the lines of one conversation into events, one line at a time. */
export class ConversationParser {
  readonly #failedAnswer: RegExp | undefined;
  readonly #message = new OpenMessage();
  readonly #tools = new OpenTools();
  #session: SessionReport | undefined;
  #commands: readonly string[] = [];
  #isSessionSent = false;
  #isResultSent = false;
  #costUsd: number | undefined;

  /** `failedAnswer`: how the final answer begins that reports a failed request to the model. */
  constructor(failedAnswer: RegExp | undefined) {
    this.#failedAnswer = failedAnswer;
  }

  *line(line: HarnessLine): Generator<HarnessEvent> {
    const { kind, text } = readConversationLine(line);
    if (text.trim() === "") return;
    if (kind === "session") {
      this.#session = sessionReportSchema.parse(JSON.parse(text));
      return;
    }
    if (kind === "result") {
      yield* this.#result(resultReportSchema.parse(JSON.parse(text)));
      return;
    }
    const update = kind === "update" ? readUpdate(text) : undefined;
    if (update?.sessionUpdate === "available_commands_update") {
      this.#commands = update.availableCommands.map(({ name }) => name.slice(0, 256));
      return;
    }
    // Before the session is open there are only lines of another: an agent repeats a conversation that it loads.
    if (kind === "update" && this.#session === undefined) return;
    yield* this.#openSession();
    if (update === undefined || this.#isResultSent)
      yield { type: "harness.raw", stream: line.stream, line: boundedHead(text) };
    else yield* this.#update(update);
  }

  /** What is still open when the output has ended. */
  *end(): Generator<HarnessEvent> {
    yield* this.#openSession();
    yield* this.#message.close();
    yield* this.#tools.interruptAll();
  }

  /** Held until something else comes: the commands follow the session. */
  *#openSession(): Generator<HarnessEvent> {
    if (this.#session === undefined || this.#isSessionSent) return;
    this.#isSessionSent = true;
    const { mcpServers, ...session } = this.#session;
    yield {
      type: "harness.session",
      sessionId: session.sessionId,
      ...(session.model === undefined ? {} : { model: session.model }),
      ...(session.version === undefined ? {} : { version: session.version }),
      tools: [],
      agents: [],
      commands: [...this.#commands],
      skills: [],
      mcpServers: mcpServers.map((name) => ({ name, status: "requested" })),
    };
  }

  *#update(update: SessionUpdate): Generator<HarnessEvent> {
    switch (update.sessionUpdate) {
      case "agent_message_chunk":
      case "agent_thought_chunk": {
        const said = update.content?.text ?? "";
        if (said !== "") yield* this.#tools.startAll();
        const speech = update.sessionUpdate === "agent_message_chunk" ? "text" : "reasoning";
        yield* this.#message.add(speech, said, update.messageId ?? undefined);
        return;
      }
      case "tool_call":
      case "tool_call_update":
        yield* this.#message.close();
        yield* this.#tools.take(update);
        return;
      case "usage_update":
        if (update.cost?.currency === "USD") this.#costUsd = update.cost.amount;
    }
  }

  *#result({ usage, ...report }: ResultReport): Generator<HarnessEvent> {
    yield* this.end();
    if (this.#isResultSent) return;
    this.#isResultSent = true;
    if (usage !== undefined) yield { type: "usage", ...usage, source: "harness" };
    const { lastText } = this.#message;
    const failedAnswer = report.ok ? this.#failedAnswer?.exec(lastText) : null;
    // Some answer with the API's own words, and the protocol's answer then says less.
    const saysMore = !report.ok && report.reason !== "aborted" && failedStatus(lastText) !== undefined;
    const failure = failedAnswer || saysMore ? failureOf(failedAnswer?.groups?.said ?? lastText) : undefined;
    yield {
      type: "harness.result",
      ok: report.ok,
      reason: report.reason,
      ...(report.apiStatus === undefined ? {} : { apiStatus: report.apiStatus }),
      message: boundedHead(report.message ?? lastText),
      ...failure,
      ...(this.#costUsd === undefined ? {} : { costUsd: this.#costUsd }),
      ...(this.#session === undefined ? {} : { sessionId: this.#session.sessionId }),
    };
  }
}

function failureOf(message: string) {
  const apiStatus = failedStatus(message);
  return {
    ok: false,
    reason: "api-error",
    message: boundedHead(message),
    ...(apiStatus === undefined ? {} : { apiStatus }),
  } as const;
}
