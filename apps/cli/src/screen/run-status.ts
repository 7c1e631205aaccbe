import type { RunEvent, RunPhase } from "@glovebox/core";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { formatCost } from "../print/format-cost.ts";
import { toolLabel } from "../print/tool-line.ts";
import { stages } from "./stages.ts";

/** After this long without a word, a message that has begun is reported as stalled. */
const stalledMs = 5000;

interface Activity {
  readonly label: string;
  readonly since: number;
  /** When something of it was last heard. */
  readonly heard: number;
}

/** What a run has used and does at the moment, from its events: what the status line shows. */
export class RunStatus {
  readonly #now: () => number;
  readonly #tools = new Map<string, Activity>();
  readonly #usage = { harness: { tokens: 0, usd: 0 }, gateway: { tokens: 0, usd: 0 } };
  #startedAt: number | undefined;
  #phase: RunPhase | undefined;
  #activity: Activity | undefined;
  #messages = 0;
  #isModelAtWork = false;
  #showsCost = true;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What the command itself does. */
  note(message: string): void {
    this.#do(message);
  }

  /** The model is not a real one: what its tokens would cost is not shown. */
  hideCost(): void {
    this.#showsCost = false;
  }

  stop(): void {
    this.#activity = undefined;
    this.#tools.clear();
  }

  event(event: RunEvent): void {
    switch (event.type) {
      case "run.state":
        this.#enter(event.to, Date.parse(event.time));
        break;
      case "harness.session":
        this.#await();
        break;
      case "run.progress":
        this.#do(progressLabel(event));
        break;
      case "text.delta":
      case "reasoning.delta":
        if (event.parentCallId === undefined) this.#hear(event.type === "text.delta" ? "writing" : "thinking");
        break;
      case "tool.start":
        this.#tools.set(event.callId, this.#begin(toolLabel(event.name, event.input)));
        break;
      case "tool.end":
        this.#tools.delete(event.callId);
        if (this.#tools.size === 0) this.#await();
        break;
      case "usage":
        this.#count(event);
        break;
      case "harness.retry":
        this.#do(`trying again (${event.attempt}): ${event.message}`);
    }
  }

  /** The facts and what is being done, each absent where there is nothing to say. */
  get facts(): readonly string[] {
    if (this.#startedAt === undefined) return [];
    const { tokens, usd } = this.usage;
    const turn = this.#messages + (this.#isModelAtWork ? 1 : 0);
    return [
      seconds(Math.max(0, this.#now() - this.#startedAt)),
      ...(turn > 0 ? [`turn ${turn}`] : []),
      ...(tokens > 0 ? [`${shortCount(tokens)} tokens`] : []),
      ...(usd > 0 && this.#showsCost ? [formatCost(usd)] : []),
    ];
  }

  /** The tokens and their cost in US dollars so far: as the gateway counts them, or else as the harness reports them. */
  get usage(): { readonly tokens: number; readonly usd: number } {
    return this.#usage.gateway.tokens > 0 ? this.#usage.gateway : this.#usage.harness;
  }

  get activity(): string | undefined {
    const tool = [...this.#tools.values()].at(-1);
    const current = tool ?? this.#activity;
    if (current === undefined) return undefined;
    const now = this.#now();
    const elapsed = now - current.since < 1000 ? "" : ` ${seconds(now - current.since)}`;
    const others = this.#tools.size > 1 ? ` (+${this.#tools.size - 1})` : "";
    const silent = tool === undefined && this.#isModelAtWork && now - current.heard >= stalledMs;
    const isHeard = current.heard > current.since;
    const stalled = silent && isHeard ? `, nothing for ${seconds(now - current.heard)}` : "";
    return `${current.label}${others}${elapsed}${stalled}`;
  }

  #enter(phase: RunPhase, time: number): void {
    this.#startedAt ??= Math.min(time, this.#now());
    this.#phase = phase;
    this.#tools.clear();
    this.#isModelAtWork = false;
    const label = stages[phase]?.active;
    if (label === undefined) this.stop();
    else if (phase === "running") this.#do("starting the agent");
    else this.#do(label);
  }

  /** The model was asked and has not answered. */
  #await(): void {
    if (this.#phase !== "running") return;
    this.#isModelAtWork = true;
    this.#do("waiting for the model");
  }

  #hear(label: string): void {
    this.#isModelAtWork = true;
    const since = this.#activity?.label === label ? this.#activity.since : this.#now();
    this.#activity = { label, since, heard: this.#now() };
  }

  #count(event: Extract<RunEvent, { type: "usage" }>): void {
    const sum = this.#usage[event.source];
    sum.tokens += event.input + event.cacheRead + event.cacheWrite + event.output;
    sum.usd += event.costUsd ?? 0;
    if (event.source !== "harness" || event.parentCallId !== undefined || event.messageId === undefined) return;
    this.#messages += 1;
    this.#isModelAtWork = false;
    if (this.#tools.size === 0) this.#do("the agent is at work");
  }

  /** The same work keeps its clock. */
  #do(label: string): void {
    const text = safeLine(label);
    if (this.#activity?.label !== text) this.#activity = this.#begin(text);
  }

  #begin(label: string): Activity {
    const now = this.#now();
    this.#startedAt ??= now;
    return { label, since: now, heard: now };
  }
}

function progressLabel({ message, done, total, output }: Extract<RunEvent, { type: "run.progress" }>): string {
  const share = total ? ` ${Math.floor((100 * (done ?? 0)) / total)}%` : "";
  return `${message}${share}${output === undefined ? "" : `: ${output}`}`;
}

function seconds(ms: number): string {
  return formatDuration(Math.floor(ms / 1000) * 1000).replace(/\.\d/, "");
}

export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(2)}M`;
}
