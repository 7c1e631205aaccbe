import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { ProcessExit } from "@glovebox/core/provider";
import type { TerminalRequest } from "../../protocol/messages.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";
import type { SandboxUser } from "./as-user.ts";
import { endProcesses } from "./end-processes.ts";
import { OutputLog } from "./output-log.ts";
import type { OutputName } from "./output-name.ts";
import type { OwnProcesses } from "./own-processes.ts";
import { selectTree } from "./process-tree.ts";
import { Terminal } from "./terminal.ts";

export interface SpawnedProcessOptions {
  readonly id: string;
  readonly argv: readonly string[];
  readonly tag: string | undefined;
  readonly lossless: boolean;
  readonly timeoutMs: number | undefined;
  readonly user: SandboxUser;
  readonly ownProcesses: OwnProcesses;
  readonly capacityBytes: () => number;
  readonly oomKills: () => number;
  readonly othersLive: () => boolean;
}

/** How long output may continue after the leader's exit because something else holds it open. */
const outputAfterExitMs = 1_000;

/** A process that the host started, from its start until it is forgotten. */
export class SpawnedProcess {
  readonly id: string;
  readonly argv: readonly string[];
  readonly tag: string | undefined;
  readonly startedAtMs = performance.now();
  readonly log: OutputLog;
  readonly exited: Promise<ProcessExit>;
  exit: ProcessExit | undefined;
  terminal: Terminal | undefined;
  /** Of its terminal, as it was last set; `undefined` without one. */
  terminalSize: TerminalRequest | undefined;
  readonly #child: ChildProcess;
  readonly #options: SpawnedProcessOptions;
  readonly #oomKillsBefore: number;
  #killedBy: "killed" | "timeout" | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #cutTimer: NodeJS.Timeout | undefined;
  #paused = false;

  constructor(child: ChildProcess, options: SpawnedProcessOptions) {
    this.id = options.id;
    this.argv = options.argv;
    this.tag = options.tag;
    this.#child = child;
    this.#options = options;
    this.#oomKillsBefore = options.oomKills();
    this.log = new OutputLog({
      lossless: options.lossless,
      capacityBytes: options.capacityBytes,
      onPressure: (paused) => this.#pressure(paused),
    });
    this.#listen("stdout");
    this.#listen("stderr");
    // A program that does not read its input is not an error here; writers get the error.
    child.stdin?.on("error", () => {});
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve(this.#onExit(code, signal)));
    });
    if (options.timeoutMs !== undefined) {
      this.#timeout = setTimeout(
        () => this.#endTree("timeout").catch(() => {}),
        Math.min(options.timeoutMs, 2 ** 31 - 1),
      );
    }
  }

  get pid(): number {
    return this.terminal?.pid ?? this.#leaderPid;
  }

  get #leaderPid(): number {
    return this.#child.pid ?? -1;
  }

  /** Of one that was started with this argv to open a terminal: waits for the program in it, which signals then reach. */
  async enterTerminal([, , command = ""]: readonly string[]): Promise<void> {
    this.terminal = await Terminal.find(this.#leaderPid, command, () => this.exit !== undefined);
  }

  /** Writes to its input; resolves when it is taken, waits while the process does not read. */
  async write(bytes: Buffer): Promise<void> {
    const { stdin } = this.#child;
    if (stdin === null || stdin.destroyed || stdin.writableEnded) throw inputClosed(this.id);
    await new Promise<void>((resolve, reject) => {
      const gone = (): void => reject(inputClosed(this.id));
      stdin.once("close", gone);
      stdin.write(bytes, (error) => {
        stdin.off("close", gone);
        if (error) gone();
        else resolve();
      });
    });
  }

  closeInput(): void {
    this.#child.stdin?.end();
  }

  /** Resolves when the signal is sent; for SIGKILL, when it and all of its descendants are gone. */
  async kill(signal: string): Promise<void> {
    if (this.exit !== undefined) return;
    if (signal === "SIGKILL") return this.#endTree("killed");
    try {
      if (this.terminal === undefined) this.#child.kill(signal as NodeJS.Signals);
      else this.terminal.signal(signal);
    } catch {
      throw new SupervisorFailure("invalid-options", `There is no signal ${signal}.`);
    }
  }

  async #endTree(reason: "killed" | "timeout"): Promise<void> {
    if (this.exit !== undefined) return;
    this.#killedBy ??= reason;
    const { id, user, ownProcesses, othersLive } = this.#options;
    await endProcesses(selectTree({ leaderPid: this.#leaderPid, id, user, ownProcesses, othersLive }));
    await this.exited;
  }

  #listen(name: OutputName): void {
    const pipe = this.#child[name] as Socket;
    pipe.on("data", (chunk: Buffer) => this.log.append(name, chunk));
    pipe.on("error", () => {});
    pipe.once("close", () => {
      if (!this.#child.stdout?.closed || !this.#child.stderr?.closed) return;
      clearTimeout(this.#cutTimer);
      this.log.finish(false);
    });
  }

  #pressure(paused: boolean): void {
    this.#paused = paused;
    for (const pipe of [this.#child.stdout, this.#child.stderr]) {
      if (paused) pipe?.pause();
      else pipe?.resume();
    }
    if (this.exit !== undefined) this.#armCut();
  }

  #onExit(exitCode: number | null, signal: string | null): ProcessExit {
    clearTimeout(this.#timeout);
    this.exit =
      signal === null ? { exitCode, reason: "exited" } : { exitCode: null, signal, reason: this.#reason(signal) };
    this.#child.stdin?.destroy();
    this.#armCut();
    return this.exit;
  }

  #reason(signal: string): "killed" | "timeout" | "oom" {
    if (this.#killedBy !== undefined) return this.#killedBy;
    return signal === "SIGKILL" && this.#options.oomKills() > this.#oomKillsBefore ? "oom" : "killed";
  }

  /** Only time in which the pipes are read counts: a slow reader loses nothing of what the process wrote before its end. */
  #armCut(): void {
    clearTimeout(this.#cutTimer);
    if (this.#paused) return;
    this.#cutTimer = setTimeout(() => setImmediate(() => this.#cut()), outputAfterExitMs);
  }

  #cut(): void {
    if (this.#paused) return;
    for (const pipe of [this.#child.stdout, this.#child.stderr]) {
      pipe?.removeAllListeners("data");
      // Read on into nothing: whoever holds the other end should not die of it.
      pipe?.resume();
    }
    this.log.finish(true);
  }
}

function inputClosed(id: string): SupervisorFailure {
  return new SupervisorFailure("process", `The process ${id} does not read its input any more.`);
}
