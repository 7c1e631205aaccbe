import type { Run, Store } from "@glovebox/store";
import { type Attributes, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { version } from "../version.ts";
import type { ObserveSettings } from "./observe-settings.ts";
import { RunSpans } from "./run-spans.ts";

const pageLength = 1_000;
const flushMs = 5_000;

/** Exports a trace of each run, by OTLP over HTTP, once the run has ended: its events are in the store, with their times. */
export class RunTracer {
  readonly #events: Store["events"];
  readonly #content: boolean;
  readonly #provider: TracerProvider;

  constructor(url: string, { telemetryContent }: ObserveSettings, events: Store["events"]) {
    this.#events = events;
    this.#content = telemetryContent;
    const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ "service.name": "glovebox", "service.version": version }),
      spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: 10_000, maxExportBatchSize: 512 })],
    });
  }

  /** Queues the spans of a run that has ended. */
  async export(run: Run): Promise<void> {
    const tracer = this.#provider.getTracer("glovebox", version);
    const startTime = run.startedAt ?? run.createdAt;
    const attributes = attributesOf(run, this.#content);
    const root = tracer.startSpan(`invoke_agent ${run.harness}`, { root: true, startTime, attributes }, ROOT_CONTEXT);
    const parent = trace.setSpan(ROOT_CONTEXT, root);
    const spans = new RunSpans({ tracer, parent, content: this.#content });
    for (let after = 0, isLast = false; !isLast; ) {
      const page = await this.#events.read(run.id, after, pageLength);
      for (const { event } of page) spans.add(event);
      after = page.at(-1)?.seq ?? after;
      isLast = page.length < pageLength;
    }
    const endedAt = run.endedAt ?? new Date();
    spans.end(endedAt);
    endRoot(root, run, spans.dropped, endedAt);
  }

  /** Sends what is queued, within five seconds. */
  async close(): Promise<void> {
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, flushMs).unref());
    // A receiver that does not answer must not keep the server from ending.
    await Promise.race([this.#provider.shutdown().catch(() => {}), deadline]);
  }
}

function endRoot(root: Span, { outcome, costUsd, tokens, reason }: Run, dropped: number, endedAt: Date): void {
  if (outcome !== undefined) root.setAttribute("glovebox.run.outcome", outcome);
  if (costUsd !== undefined) root.setAttribute("glovebox.run.cost_usd", costUsd);
  if (tokens !== undefined) {
    root.setAttribute("gen_ai.usage.input_tokens", tokens.input + tokens.cacheRead + tokens.cacheWrite);
    root.setAttribute("gen_ai.usage.output_tokens", tokens.output);
  }
  if (dropped > 0) root.setAttribute("glovebox.run.dropped_spans", dropped);
  if (outcome !== "succeeded") {
    root
      .setAttribute("error.type", outcome ?? "unknown")
      .setStatus({ code: SpanStatusCode.ERROR, message: reason ?? "" });
  }
  root.end(endedAt);
}

function attributesOf({ id, harness, provider, userId, request }: Run, content: boolean): Attributes {
  const prompt = content && typeof request.prompt === "string" ? request.prompt : undefined;
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": harness,
    "glovebox.run.id": id,
    "glovebox.run.provider": provider,
    "enduser.id": userId,
    ...(prompt !== undefined && { "gen_ai.input.messages": inputMessages(prompt) }),
  };
}

function inputMessages(prompt: string): string {
  return JSON.stringify([{ role: "user", parts: [{ type: "text", content: prompt.slice(0, 8_192) }] }]);
}
