import type { RunEvent, RunPhase, RunResult } from "@glovebox/core";
import type { Output } from "../output.ts";
import type { Environment } from "../terminal.ts";
import { hostAndPort } from "./host-and-port.ts";
import { printSummary } from "./print-summary.ts";
import { formatDuration } from "./quantities.ts";
import type { RunPrinter } from "./run-printer.ts";
import { safeLine, safeText } from "./safe-text.ts";
import { shownMessage } from "./shown-message.ts";
import { StatusLine } from "./status-line.ts";
import { toolLabel } from "./tool-line.ts";

const stages: Partial<Record<RunPhase, string>> = {
  preparing: "Preparing the sandbox image",
  creating: "Creating the sandbox",
  uploading: "Uploading the workspace",
  installing: "Installing components",
  running: "The agent is working",
  collecting: "Collecting the files",
  destroying: "Removing the sandbox",
};

/** The most refused hosts that are told of. */
const mostRefused = 50;

export interface HumanPrinterOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Where the person stands: paths are shown from there. */
  readonly directory: string;
  readonly env: Environment;
  /** Says nothing but warnings and the summary. */
  readonly quiet?: boolean;
  /** The run was over long ago: it is only shown again. */
  readonly isReplay?: boolean;
}

/** What the harness says goes to stdout; stages, tool calls and warnings go to stderr. */
export class HumanPrinter implements RunPrinter {
  readonly #options: HumanPrinterOptions;
  readonly #status: StatusLine;
  readonly #tools = new Map<string, string>();
  readonly #streamed = new Set<string>();
  /** Hosts that were refused, each told once. */
  readonly #refused = new Set<string>();
  #stage: { readonly label: string; readonly since: number } | undefined;
  #lastProgress = "";
  #midLine = false;

  constructor(options: HumanPrinterOptions) {
    this.#options = options;
    this.#status = new StatusLine(options.stderr);
  }

  note(message: string): void {
    if (this.#options.quiet) return;
    if (this.#options.stderr.isTTY) this.#status.set(message);
    else this.#side(message);
  }

  warn(message: string): void {
    this.#side(`${this.#options.stderr.colors.yellow("warning:")} ${shownMessage(message)}`);
  }

  hush(): void {
    this.#breakLine();
    this.#status.stop();
  }

  end(result: RunResult, facts: { readonly isScripted: boolean } = { isScripted: false }): void {
    this.#finishStage();
    this.#status.stop();
    this.#breakLine();
    printSummary(result, { ...this.#options, ...facts, refusedHosts: [...this.#refused] });
  }

  event(event: RunEvent): void {
    if (event.type === "warning") this.warn(event.message);
    if (event.type === "network.request") this.#request(event);
    if (this.#options.quiet) return;
    this.#show(event);
  }

  /** A path that a model route refuses is no host: the harness tells what came of it. */
  #request(event: Extract<RunEvent, { type: "network.request" }>): void {
    if (event.decision !== "denied" || event.routeId !== undefined || event.host === "") return;
    const place = hostAndPort(event);
    if (this.#refused.has(place) || this.#refused.size >= mostRefused) return;
    this.#refused.add(place);
    if (this.#options.quiet) return;
    const way = event.hint === undefined ? (event.reason ?? "") : `to allow it: ${event.hint}`;
    this.#side(`${this.#options.stderr.colors.yellow("⊘")} refused: ${place} ${this.#dim(safeLine(way))}`);
    this.#resume();
  }

  #show(event: RunEvent): void {
    switch (event.type) {
      case "run.state":
        this.#enter(event.to, event.time);
        break;
      case "run.progress":
        this.#progress(event);
        break;
      case "text.delta":
        if (event.parentCallId === undefined) this.#speak(event.messageId, event.text);
        break;
      case "message.end":
        if (event.parentCallId === undefined && event.role === "assistant") {
          this.#endMessage(event.messageId, event.text);
        }
        break;
      case "tool.start":
        this.#tools.set(event.callId, toolLabel(event.name, event.input));
        this.#resume();
        break;
      case "tool.end":
        this.#endTool(event.callId, event.status, event.output);
        break;
      case "harness.retry":
        this.#side(this.#dim(`… trying again (${event.attempt}): ${safeLine(event.message)}`));
        break;
      case "harness.compaction":
        this.#side(this.#dim("… the conversation was summarised"));
    }
  }

  #enter(phase: RunPhase, time: string): void {
    this.#finishStage(time);
    const label = stages[phase];
    if (label === undefined) return;
    this.#stage = { label, since: Date.parse(time) };
    this.#lastProgress = "";
    if (this.#options.stderr.isTTY) this.#status.set(label);
    else this.#side(label);
  }

  #finishStage(time?: string): void {
    if (this.#stage === undefined) return;
    const { green, dim } = this.#options.stderr.colors;
    const elapsed = (time === undefined ? Date.now() : Date.parse(time)) - this.#stage.since;
    if (this.#options.stderr.isTTY) {
      this.#side(`${green("✓")} ${this.#stage.label} ${dim(formatDuration(Math.max(0, elapsed)))}`);
    }
    this.#stage = undefined;
  }

  #progress(event: Extract<RunEvent, { type: "run.progress" }>): void {
    const share = event.total ? ` ${Math.floor((100 * (event.done ?? 0)) / event.total)}%` : "";
    if (this.#options.stderr.isTTY) {
      const detail = event.output === undefined ? "" : `: ${event.output}`;
      const label = this.#stage?.label ?? event.stage;
      this.#status.set(`${label} · ${event.message}${share}${detail}`, { sameStage: true });
    } else if (event.message !== this.#lastProgress && event.message !== this.#stage?.label.toLowerCase()) {
      this.#lastProgress = event.message;
      this.#side(`  ${safeLine(event.message)}`);
    }
  }

  #speak(messageId: string, text: string): void {
    this.#streamed.add(messageId);
    const safe = safeText(text);
    if (safe === "") return;
    this.#status.hide();
    this.#status.stop();
    this.#options.stdout.write(safe);
    this.#midLine = !safe.endsWith("\n");
  }

  #endMessage(messageId: string, text: string): void {
    if (!this.#streamed.delete(messageId) && text !== "") this.#options.stdout.write(this.#cleared(safeText(text)));
    this.#breakLine();
    this.#resume();
  }

  #cleared(text: string): string {
    this.#status.hide();
    this.#midLine = !text.endsWith("\n");
    return text;
  }

  #endTool(callId: string, status: "ok" | "error" | "interrupted", output: string): void {
    const label = this.#tools.get(callId);
    this.#tools.delete(callId);
    if (label === undefined) return;
    const { green, red, yellow, dim } = this.#options.stderr.colors;
    if (status === "ok") this.#side(`${green("●")} ${label}`);
    else if (status === "error") this.#side(`${red("✗")} ${label} ${dim(safeLine(output, 120))}`);
    else this.#side(`${yellow("◌")} ${label} ${dim("(interrupted)")}`);
    this.#resume();
  }

  /** What still runs is shown again after something was printed. */
  #resume(): void {
    const label = [...this.#tools.values()].at(-1) ?? this.#stage?.label;
    if (label !== undefined && !this.#midLine) this.#status.set(label);
  }

  /** A line beside the harness's text. */
  #side(line: string): void {
    this.#breakLine();
    this.#status.hide();
    this.#options.stderr.line(line);
  }

  #breakLine(): void {
    if (!this.#midLine) return;
    this.#options.stdout.write("\n");
    this.#midLine = false;
  }

  #dim(text: string): string {
    return this.#options.stderr.colors.dim(text);
  }
}
