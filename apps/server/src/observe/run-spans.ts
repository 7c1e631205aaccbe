import type { RunEvent, RunPhase } from "@glovebox/core";
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";

export interface RunSpansOptions {
  readonly tracer: Tracer;
  /** The context of the run's span. */
  readonly parent: Context;
  /** Whether spans have the inputs and outputs of tools. */
  readonly content: boolean;
}

const mostSpans = 5_000;
const longestText = 8_192;

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

/** Turns the events of a run, in their order, into spans of its stages, tool calls and model calls. */
export class RunSpans {
  readonly #options: RunSpansOptions;
  readonly #tools = new Map<string, Span>();
  #stage: { readonly span: Span; readonly context: Context } | undefined;
  /** Usage that the gateway reported and whose request has not been logged yet. */
  #usage: Of<"usage"> | undefined;
  #count = 0;

  constructor(options: RunSpansOptions) {
    this.#options = options;
  }

  /** The number of spans that were left out because the run had too many. */
  get dropped(): number {
    return Math.max(0, this.#count - mostSpans);
  }

  add(event: RunEvent): void {
    if (event.type === "run.state") this.#startStage(event.to, timeOf(event));
    else if (event.type === "tool.start") this.#startTool(event);
    else if (event.type === "tool.end") this.#endTool(event);
    else if (event.type === "usage" && event.source === "gateway") this.#usage = event;
    else if (event.type === "network.request" && event.routeId !== undefined) this.#addModelCall(event);
  }

  /** Ends what is open. A tool call without an end was interrupted. */
  end(at: Date): void {
    for (const span of this.#tools.values())
      span.setStatus({ code: SpanStatusCode.ERROR, message: "interrupted" }).end(at);
    this.#tools.clear();
    this.#stage?.span.end(at);
    this.#stage = undefined;
  }

  #startStage(phase: RunPhase, at: Date): void {
    this.#stage?.span.end(at);
    this.#stage = undefined;
    if (phase === "ended") return;
    const { tracer, parent } = this.#options;
    const span = tracer.startSpan(phase, { startTime: at, attributes: { "glovebox.run.phase": phase } }, parent);
    this.#stage = { span, context: trace.setSpan(parent, span) };
  }

  #startTool(event: Of<"tool.start">): void {
    const span = this.#start(`execute_tool ${event.name}`, timeOf(event), {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": event.name,
      "gen_ai.tool.call.id": event.callId,
      ...(this.#options.content && { "gen_ai.tool.call.arguments": bounded(JSON.stringify(event.input)) }),
    });
    if (span !== undefined) this.#tools.set(event.callId, span);
  }

  #endTool(event: Of<"tool.end">): void {
    const span = this.#tools.get(event.callId);
    if (span === undefined) return;
    this.#tools.delete(event.callId);
    if (this.#options.content) span.setAttribute("gen_ai.tool.call.result", bounded(event.output));
    if (event.status !== "ok") {
      span.setAttribute("error.type", event.status).setStatus({ code: SpanStatusCode.ERROR, message: event.status });
    }
    span.end(timeOf(event));
  }

  /** The gateway reports the usage of an answer just before it logs the request. */
  #addModelCall(event: Of<"network.request">): void {
    const usage = this.#usage;
    this.#usage = undefined;
    const endedAt = timeOf(event);
    const attributes = {
      "gen_ai.operation.name": "chat",
      "server.address": event.host,
      "server.port": event.port,
      "http.response.status_code": event.status,
      ...(usage !== undefined && usageAttributes(usage)),
    };
    const startedAt = new Date(endedAt.getTime() - event.durationMs);
    const span = this.#start(
      usage === undefined ? "chat" : `chat ${usage.model}`,
      startedAt,
      attributes,
      SpanKind.CLIENT,
    );
    if (span === undefined) return;
    if (event.decision !== "allowed" || event.status >= 400) {
      span.setAttribute("error.type", String(event.status)).setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endedAt);
  }

  #start(name: string, startTime: Date, attributes: Attributes, kind = SpanKind.INTERNAL): Span | undefined {
    this.#count += 1;
    if (this.#count > mostSpans) return undefined;
    const { tracer, parent } = this.#options;
    return tracer.startSpan(name, { startTime, attributes, kind }, this.#stage?.context ?? parent);
  }
}

function usageAttributes({ model, input, output, cacheRead, cacheWrite }: Of<"usage">): Attributes {
  return {
    "gen_ai.request.model": model,
    // By the conventions the input includes what came from the cache and what went into it.
    "gen_ai.usage.input_tokens": input + cacheRead + cacheWrite,
    "gen_ai.usage.output_tokens": output,
    "gen_ai.usage.cache_read.input_tokens": cacheRead,
    "gen_ai.usage.cache_creation.input_tokens": cacheWrite,
  };
}

function timeOf({ time }: RunEvent): Date {
  return new Date(time);
}

function bounded(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
