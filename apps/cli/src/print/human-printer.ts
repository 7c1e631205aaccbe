import type { RunEvent, RunPhase, RunResult } from "@glovebox/core";
import { formatDuration, linePrefix, plainText, safeLine } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import type { Environment } from "../terminal.ts";
import { adviceLine, remedyFlags } from "./describe-remedy.ts";
import { hostAndPort } from "./host-and-port.ts";
import { printSummary } from "./print-summary.ts";
import type { RunPrinter } from "./run-printer.ts";
import { shownMessage } from "./shown-message.ts";
import { StatusLine } from "./status-line.ts";
import { toolLabel } from "./tool-line.ts";
import { verboseLines } from "./verbose-lines.ts";

const stages: Partial<Record<RunPhase, string>> = {
  preparing: "Preparing the sandbox image",
  creating: "Creating the sandbox",
  uploading: "Uploading the workspace",
  installing: "Installing components",
  running: "The agent is working",
  collecting: "Collecting the files",
  destroying: "Removing the sandbox",
};

/** The maximum number of refused hosts that are shown. */
const mostRefused = 50;

/** Letters of a line that only `--verbose` shows. */
const mostVerbose = 2000;

export interface HumanPrinterOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The current directory: paths are shown relative to it. */
  readonly directory: string;
  readonly env: Environment;
  /** Says nothing but warnings and the summary. */
  readonly quiet?: boolean;
  /** Says also what each step does in detail. */
  readonly verbose?: boolean;
  /** The run was over long ago: it is only shown again. */
  readonly isReplay?: boolean;
}

/** What the harness says goes to stdout; stages, tool calls and warnings go to stderr. */
export class HumanPrinter implements RunPrinter {
  readonly #options: HumanPrinterOptions;
  readonly #status: StatusLine;
  readonly #tools = new Map<string, string>();
  readonly #streamed = new Set<string>();
  /** Hosts that were refused, each shown once. */
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
    if (event.type === "warning") {
      this.warn(adviceLine({ hint: event.message, remedy: event.remedy }) ?? event.message);
    }
    if (event.type === "network.request") this.#request(event);
    if (this.#options.quiet) return;
    if (this.#options.verbose)
      for (const line of verboseLines(event)) this.#side(this.#dim(`  ${safeLine(line, mostVerbose)}`));
    this.#show(event);
  }

  /** A path that a model route refuses is no host: the harness tells what came of it. */
  #request(event: Extract<RunEvent, { type: "network.request" }>): void {
    if (event.decision !== "denied" || event.routeId !== undefined || event.host === "") return;
    const place = hostAndPort(event);
    if (this.#refused.has(place) || this.#refused.size >= mostRefused) return;
    this.#refused.add(place);
    if (this.#options.quiet) return;
    const flags = event.remedy === undefined ? undefined : remedyFlags(event.remedy);
    const way = flags === undefined ? (event.reason ?? "") : `to allow it: ${flags}`;
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
    const safe = plainText(text);
    if (safe === "") return;
    this.#status.hide();
    this.#status.stop();
    this.#writeText(safe);
  }

  #endMessage(messageId: string, text: string): void {
    if (!this.#streamed.delete(messageId) && text !== "") {
      this.#status.hide();
      this.#writeText(plainText(text));
    }
    this.#breakLine();
    this.#resume();
  }

  /** Each line of the harness's has a prefix: none can be taken for one of ours, nor by a CI system for a command. */
  #writeText(text: string): void {
    const start = this.#midLine ? "" : linePrefix;
    this.#options.stdout.write(start + text.replace(/\n(?!$)/g, `\n${linePrefix}`));
    this.#midLine = !text.endsWith("\n");
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
