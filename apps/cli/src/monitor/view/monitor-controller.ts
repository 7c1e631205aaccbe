import type { RunStore } from "@glovebox/core";
import type { Output } from "../../output.ts";
import { shownMessage } from "../../print/shown-message.ts";
import { shortRunName } from "../../runs/short-run-name.ts";
import type { RunWatcher } from "../run-watcher.ts";
import type { UsageSampler } from "../usage-sampler.ts";
import type { WatchedRun } from "../watched-run.ts";
import { listFrame } from "./list-frame.ts";
import { runFrame } from "./run-frame.ts";
import type { ViewState } from "./view-state.ts";

/** What the view leaves for: the end, or another command that gets the terminal. */
export type ViewExit = { readonly kind: "quit" } | { readonly kind: "command"; readonly args: readonly string[] };

/** A key as it was pressed. */
export interface Key {
  readonly input: string;
  readonly name?: "up" | "down" | "enter" | "back" | "pageUp" | "pageDown";
}

interface ControllerOptions {
  readonly store: RunStore;
  readonly watcher: RunWatcher;
  readonly sampler: UsageSampler;
  readonly colors: Output["colors"];
  /** The one run that is watched. */
  readonly only: string | undefined;
}

/** The state of the view: what is chosen and shown, and what keys do to it. */
export class MonitorController {
  readonly #options: ControllerOptions;
  #chosen: string | undefined;
  #isOne: boolean;
  #notice: string | undefined;
  /** The run that a question asks about. */
  #stopping: WatchedRun | undefined;
  #runs: readonly WatchedRun[] = [];
  #names = new Map<string, string>();

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#chosen = options.only;
    this.#isOne = options.only !== undefined;
    this.refresh();
  }

  /** Takes what the watcher has read. */
  refresh(): void {
    this.#runs = this.#options.watcher.runs;
    if (!this.#runs.some(({ runId }) => runId === this.#chosen)) {
      this.#chosen = this.#runs[0]?.runId;
      if (this.#options.only === undefined) this.#isOne = false;
    }
  }

  /** The lines of a frame. From here on the runs on it are measured, and no others. */
  frame(size: { readonly columns: number; readonly rows: number }): readonly string[] {
    const state = this.#state();
    const run = this.#run;
    const body = { columns: size.columns, rows: Math.max(1, size.rows - 1) };
    if (this.#isOne && run !== undefined) {
      this.#options.sampler.want([run]);
      return this.#withHelp(runFrame(run, state, body), size);
    }
    const { lines, runs } = listFrame(state, body);
    this.#options.sampler.want(runs);
    return this.#withHelp(lines, size);
  }

  /** Resolves to why the view is left, if it is. */
  async press(key: Key): Promise<ViewExit | undefined> {
    if (this.#stopping !== undefined) {
      await this.#answer(key.input);
      return undefined;
    }
    this.#notice = undefined;
    if (key.input === "q") return { kind: "quit" };
    if (key.name !== undefined) this.#move(key.name);
    else if (key.input === "j") this.#choose(1);
    else if (key.input === "k") this.#choose(-1);
    return this.#command(key.input);
  }

  get #run(): WatchedRun | undefined {
    return this.#runs.find(({ runId }) => runId === this.#chosen);
  }

  #state(): ViewState {
    const { sampler, colors } = this.#options;
    return {
      ...{ runs: this.#runs, chosen: this.#chosen, isOne: this.#isOne, notice: this.#notice, colors },
      usageOf: ({ runId }) => sampler.stateOf(runId),
      nameOf: (run) => this.#nameOf(run),
    };
  }

  #nameOf({ runId }: WatchedRun): string {
    const known = this.#names.get(runId);
    if (known !== undefined) return known;
    const name = shortRunName(runId, this.#options.store.ids());
    this.#names.set(runId, name);
    return name;
  }

  #withHelp(lines: readonly string[], { columns, rows }: { readonly columns: number; readonly rows: number }) {
    const body = lines.slice(0, rows - 1);
    const blank = Array.from({ length: Math.max(0, rows - 1 - body.length) }, () => "");
    return [...body, ...blank, this.#footer(columns)];
  }

  #footer(columns: number): string {
    const { colors } = this.#options;
    if (this.#notice !== undefined) return colors.yellow(this.#notice);
    const move = this.#isOne ? (this.#options.only === undefined ? ["Esc list"] : []) : ["↑↓ choose", "Enter one run"];
    const keys = [...move, "s stop", "a attach", "o open", "l logs", "q quit"];
    const all = keys.join("  ");
    // Where there is no room for words, the keys alone are better than a part of them.
    return colors.dim(all.length <= columns ? all : keys.map((key) => key.split(" ")[0]).join(" "));
  }

  #move(name: NonNullable<Key["name"]>): void {
    if (name === "enter") {
      this.#isOne = this.#run !== undefined;
      const run = this.#run;
      if (this.#isOne && run !== undefined && !run.isAlive) this.#options.watcher.readLines(run);
    } else if (name === "back") this.#isOne = this.#options.only !== undefined;
    else this.#choose({ up: -1, down: 1, pageUp: -10, pageDown: 10 }[name]);
  }

  #choose(by: number): void {
    if (this.#isOne) return;
    const at = this.#runs.findIndex(({ runId }) => runId === this.#chosen);
    const next = Math.max(0, Math.min(this.#runs.length - 1, at + by));
    this.#chosen = this.#runs[next]?.runId;
  }

  #command(input: string): ViewExit | undefined {
    const run = this.#run;
    if (run === undefined || !["s", "a", "o", "l"].includes(input)) return undefined;
    const name = this.#nameOf(run);
    if (input === "l") return { kind: "command", args: ["logs", run.runId, ...(run.isAlive ? ["--follow"] : [])] };
    if (!run.isAlive) {
      this.#notice = `${name} has ended`;
      return undefined;
    }
    if (input === "a") return { kind: "command", args: ["attach", run.runId] };
    if (input === "o") return { kind: "command", args: ["open", run.runId, "--browser"] };
    this.#stopping = run;
    this.#notice = `Stop ${name}? Its files are still brought back. y/n`;
    return undefined;
  }

  async #answer(input: string): Promise<void> {
    const run = this.#stopping;
    this.#stopping = undefined;
    this.#notice = undefined;
    if (run === undefined || input.toLowerCase() !== "y") return;
    try {
      await this.#options.store.stop(run.runId);
      this.#notice = `Stopping ${this.#nameOf(run)}`;
    } catch (error) {
      this.#notice = shownMessage((error as Error).message);
    }
  }
}
