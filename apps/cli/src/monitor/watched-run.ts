import type { RunEvent, RunPhase, RunSummary } from "@glovebox/core";
import { stallBegin } from "@glovebox/core";
import { plainText, safeLine } from "@glovebox/core/text";
import { hostAndPort } from "../print/host-and-port.ts";
import { toolLabel } from "../print/tool-line.ts";
import { RunStatus } from "../screen/run-status.ts";

/** A request of a sandbox, and what became of it. */
export interface SeenHost {
  /** With its port, safe to print. */
  readonly host: string;
  readonly decision: "allowed" | "denied" | "failed";
}

/** Decisions about a run's requests. */
export interface SeenNetwork {
  readonly allowed: number;
  readonly denied: number;
  readonly failed: number;
  /** The newest last, each host once. */
  readonly lastHosts: readonly SeenHost[];
}

const mostLines = 60;
const longestLine = 500;
const mostHosts = 6;

/** A run as its record and its journal show it, kept up to date by `event` and `summarize`. */
export class WatchedRun {
  #summary: RunSummary;
  #phase: RunPhase;
  #maxCostUsd: number | undefined;
  #stalledSince: Date | undefined;
  #sandboxId: string | undefined;
  #clock = 0;
  readonly #status = new RunStatus(() => this.#clock || Date.now());
  readonly #counts = { allowed: 0, denied: 0, failed: 0 };
  readonly #hosts = new Map<string, SeenHost["decision"]>();
  readonly #lines: string[] = [];
  #pending = "";
  /** The message whose text came in parts last. */
  #streamed: string | undefined;

  constructor(summary: RunSummary) {
    this.#summary = summary;
    this.#phase = summary.phase;
    this.#sandboxId = summary.sandboxId;
  }

  get runId(): string {
    return this.#summary.runId;
  }

  get summary(): RunSummary {
    return this.#summary;
  }

  /** The batch that the run is a row of. */
  get batch(): string | undefined {
    return this.#summary.labels?.["glovebox.batch"];
  }

  get isAlive(): boolean {
    return this.#summary.isAlive;
  }

  get phase(): RunPhase {
    return this.#summary.isAlive ? this.#phase : "ended";
  }

  /** Absent while there is none. */
  get sandboxId(): string | undefined {
    return this.#sandboxId;
  }

  /** While it is running, and makes no progress. */
  get stalledSince(): Date | undefined {
    return this.isAlive ? this.#stalledSince : undefined;
  }

  get network(): SeenNetwork {
    const lastHosts = [...this.#hosts].map(([host, decision]) => ({ host, decision }));
    return { ...this.#counts, lastHosts };
  }

  get tokens(): number {
    const { tokens } = this.#summary;
    if (tokens === undefined) return this.#status.usage.tokens;
    return tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;
  }

  get costUsd(): number {
    return this.#summary.costUsd ?? this.#status.usage.usd;
  }

  get maxCostUsd(): number | undefined {
    return this.#maxCostUsd;
  }

  get elapsedMs(): number {
    return this.#summary.durationMs ?? Math.max(0, Date.now() - this.#summary.startedAt.getTime());
  }

  /** What is left of `--timeout`, to the end of the harness; absent once that is over. */
  get timeLeftMs(): number | undefined {
    const { timeoutMs } = this.#summary;
    if (timeoutMs === undefined || !this.isAlive) return undefined;
    if (this.#phase === "collecting" || this.#phase === "destroying") return undefined;
    return Math.max(0, timeoutMs - this.elapsedMs);
  }

  /** What it does at the moment, in a few words. */
  get activity(): string | undefined {
    return this.isAlive ? this.#status.activity : undefined;
  }

  /** The last lines of what the agent says and does, each safe to print. */
  get lines(): readonly string[] {
    const pending = safeLine(this.#pending, longestLine);
    return pending === "" ? this.#lines : [...this.#lines, pending];
  }

  /** Takes a newer look at its record. */
  summarize(summary: RunSummary): void {
    this.#summary = summary;
  }

  /** Takes what the journal has. `isPast` events happened before the watch began. */
  event(event: RunEvent, isPast: boolean): void {
    this.#clock = isPast ? Date.parse(event.time) : 0;
    this.#status.event(event);
    this.#clock = 0;
    switch (event.type) {
      case "run.state":
        this.#phase = event.to;
        break;
      case "run.stalled":
        this.#stalledSince = stallBegin(event);
        break;
      case "sandbox.created":
        this.#sandboxId = event.sandboxId;
        break;
      case "network.policy":
        this.#maxCostUsd = event.maxCostUsd;
        break;
      case "network.request":
        this.#request(event);
        break;
      case "network.refused":
        this.#counts.denied += event.count;
        break;
      default:
        this.#hear(event);
    }
  }

  #request(event: Extract<RunEvent, { type: "network.request" }>): void {
    this.#counts[event.decision] += 1;
    const host = hostAndPort(event);
    this.#hosts.delete(host);
    this.#hosts.set(host, event.decision);
    const [oldest] = this.#hosts.keys();
    if (this.#hosts.size > mostHosts && oldest !== undefined) this.#hosts.delete(oldest);
  }

  #hear(event: RunEvent): void {
    if (event.type === "text.delta" && event.parentCallId === undefined) {
      this.#streamed = event.messageId;
      this.#say(event.text);
    } else if (event.type === "message.end" && event.parentCallId === undefined && event.role === "assistant") {
      // Text that came in parts was shown as it came.
      if (this.#streamed !== event.messageId) this.#say(event.text);
      this.#endLine();
    } else if (event.type === "tool.start") this.#add(`● ${toolLabel(event.name, event.input, longestLine)}`);
    else if (event.type === "tool.end" && event.status === "error") this.#add(`✗ ${event.output}`);
    else if (event.type === "warning") this.#add(`warning: ${event.message}`);
    else if (event.type === "error") this.#add(`error: ${event.message}`);
  }

  #say(text: string): void {
    const lines = (this.#pending + plainText(text)).split("\n");
    this.#pending = (lines.pop() ?? "").slice(-longestLine * 4);
    for (const line of lines.slice(-mostLines)) this.#push(line);
  }

  #endLine(): void {
    this.#push(this.#pending);
    this.#pending = "";
  }

  #add(line: string): void {
    this.#endLine();
    this.#push(line);
  }

  #push(line: string): void {
    const text = safeLine(line, longestLine);
    if (text === "") return;
    this.#lines.push(text);
    if (this.#lines.length > mostLines) this.#lines.shift();
  }
}
