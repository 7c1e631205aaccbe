import type { RunEvent, RunPhase, RunResult } from "@glovebox/core";
import { formatDuration, plainText, safeLine } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { textWidth } from "../screen/fit-width.ts";
import { RunScreen } from "../screen/run-screen.ts";
import { RunStatus } from "../screen/run-status.ts";
import { stages } from "../screen/stages.ts";
import type { Environment } from "../terminal.ts";
import { adviceLine, remedyFlags } from "./describe-remedy.ts";
import { hostAndPort } from "./host-and-port.ts";
import { printSummary } from "./print-summary.ts";
import type { EndFacts, RunPrinter } from "./run-printer.ts";
import { shownMessage } from "./shown-message.ts";
import { toolLabel } from "./tool-line.ts";
import { verboseLines } from "./verbose-lines.ts";

function stallLine({ state, silentMs, stopsInMs }: Extract<RunEvent, { type: "run.stalled" }>): string {
  if (state === "end") return `… the stall ended after ${formatDuration(silentMs)}`;
  const limit = stopsInMs === undefined ? "" : `; without any, the run stops in ${formatDuration(stopsInMs)}`;
  return `… no progress for ${formatDuration(silentMs)}: no output, no model traffic, no processor time${limit}`;
}

/** The maximum number of refused hosts that are shown. */
const mostRefused = 50;

/** A run that comes from one of the first to one of the others was stopped or has failed. */
const beforeAgent: ReadonlySet<RunPhase> = new Set(["preparing", "creating", "uploading", "installing"]);
const afterAgent: ReadonlySet<RunPhase> = new Set(["collecting", "destroying", "ended"]);

/** Letters of a failed tool's output, where the terminal has no room for more. */
const mostOutput = 120;

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

/** What the harness says goes to stdout; stages, tool calls and warnings go to stderr, and so does the status line. */
export class HumanPrinter implements RunPrinter {
  readonly #options: HumanPrinterOptions;
  readonly #screen: RunScreen;
  readonly #status = new RunStatus();
  readonly #tools = new Map<string, string>();
  /** The messages whose text has been shown as it came. */
  readonly #streamed = new Set<string>();
  /** The message whose text was shown last. */
  #speaking: string | undefined;
  /** Hosts that were refused, each shown once. */
  readonly #refused = new Set<string>();
  #stage: { readonly phase: RunPhase; readonly since: number } | undefined;
  #endedAt: string | undefined;
  #lastProgress = "";

  constructor(options: HumanPrinterOptions) {
    this.#options = options;
    const { stdout, stderr } = options;
    this.#screen = new RunScreen({ stdout, stderr, status: () => this.#status });
  }

  note(message: string): void {
    if (this.#options.quiet) return;
    this.#status.note(message);
    if (this.#screen.isLive) this.#screen.show();
    else this.#screen.line(message);
  }

  warn(message: string): void {
    this.#screen.line(`${this.#options.stderr.colors.yellow("warning:")} ${shownMessage(message)}`);
  }

  hush(): void {
    this.#screen.stop();
  }

  hideCost(): void {
    this.#status.hideCost();
  }

  end(result: RunResult, facts: EndFacts = {}): void {
    this.#finishStage({ next: "ended", time: this.#endedAt, isLeft: result.cleanup.state === "left" });
    this.#screen.stop();
    printSummary(result, { ...this.#options, ...facts, refusedHosts: [...this.#refused] });
  }

  event(event: RunEvent): void {
    if (event.type === "warning") {
      this.warn(adviceLine({ hint: event.message, remedy: event.remedy }) ?? event.message);
    }
    if (event.type === "network.request") this.#request(event);
    if (this.#options.quiet) return;
    if (this.#options.verbose)
      for (const line of verboseLines(event)) this.#screen.line(this.#dim(`  ${safeLine(line, mostVerbose)}`));
    if (event.type === "run.state") {
      // Whether the last stage removed the sandbox is known from the result.
      if (event.to === "ended") this.#endedAt = event.time;
      else this.#finishStage({ next: event.to, time: event.time });
    }
    this.#status.event(event);
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
    this.#screen.line(`${this.#options.stderr.colors.yellow("⊘")} refused: ${place} ${this.#dim(safeLine(way))}`);
  }

  #show(event: RunEvent): void {
    switch (event.type) {
      case "run.state":
        this.#enter(event.to, event.time);
        break;
      case "run.progress":
        this.#progress(event.message);
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
        this.#pauseText();
        break;
      case "tool.end":
        this.#endTool(event.callId, event.status, event.output);
        break;
      case "reasoning.delta":
        if (event.parentCallId === undefined) this.#pauseText();
        break;
      case "harness.retry":
        this.#screen.line(this.#dim(`… trying again (${event.attempt}): ${safeLine(event.message)}`));
        break;
      case "run.stalled":
        this.#screen.line(this.#dim(stallLine(event)));
        break;
      case "harness.compaction":
        this.#screen.line(this.#dim("… the conversation was summarised"));
    }
  }

  #enter(phase: RunPhase, time: string): void {
    const stage = stages[phase];
    if (stage === undefined) return;
    this.#stage = { phase, since: Date.parse(time) };
    this.#lastProgress = "";
    if (this.#screen.isLive) this.#screen.show();
    else this.#screen.line(stage.active);
  }

  #finishStage(end: { readonly next: RunPhase; readonly time: string | undefined; readonly isLeft?: boolean }): void {
    const names = this.#stage && stages[this.#stage.phase];
    if (this.#stage === undefined || names === undefined) return;
    const { green, red, dim } = this.#options.stderr.colors;
    const { phase, since } = this.#stage;
    const elapsed = dim(
      formatDuration(Math.max(0, (end.time === undefined ? Date.now() : Date.parse(end.time)) - since)),
    );
    const isBroken = phase === "destroying" ? end.isLeft : beforeAgent.has(phase) && afterAgent.has(end.next);
    if (this.#screen.isLive)
      this.#screen.line(
        isBroken ? `${red("✗")} ${names.active} ${elapsed}` : `${green("✓")} ${names.finished} ${elapsed}`,
      );
    this.#stage = undefined;
  }

  /** Where a status line shows them, they need no lines of their own. */
  #progress(message: string): void {
    if (this.#screen.isLive || message === this.#lastProgress) return;
    this.#lastProgress = message;
    if (message !== (this.#stage && stages[this.#stage.phase]?.active.toLowerCase()))
      this.#screen.line(`  ${safeLine(message)}`);
  }

  #speak(messageId: string, text: string): void {
    this.#streamed.add(messageId);
    this.#startText(messageId);
    this.#screen.text(plainText(text));
  }

  #endMessage(messageId: string, text: string): void {
    if (!this.#streamed.delete(messageId)) {
      this.#startText(messageId);
      this.#screen.text(plainText(text));
    }
    this.#pauseText();
  }

  /** What two messages say does not share a line. */
  #startText(messageId: string): void {
    if (this.#speaking !== messageId) this.#screen.breakLine();
    this.#speaking = messageId;
  }

  #pauseText(): void {
    this.#screen.breakLine();
  }

  #endTool(callId: string, status: "ok" | "error" | "interrupted", output: string): void {
    const label = this.#tools.get(callId);
    this.#tools.delete(callId);
    if (label === undefined) return;
    const { colors, isTTY, columns } = this.#options.stderr;
    const { green, red, yellow, dim } = colors;
    const room = isTTY ? columns - textWidth(label) - 3 : 0;
    if (status === "ok") this.#screen.line(`${green("●")} ${label}`);
    else if (status === "error")
      this.#screen.line(`${red("✗")} ${label} ${dim(safeLine(output, Math.max(mostOutput, room)))}`);
    else this.#screen.line(`${yellow("◌")} ${label} ${dim("(interrupted)")}`);
  }

  #dim(text: string): string {
    return this.#options.stderr.colors.dim(text);
  }
}
