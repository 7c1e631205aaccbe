import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { ConnectFailure } from "../connect/connect-failure.ts";
import { messageFrame } from "../connect/frame.ts";
import type { ServerStream } from "../connect/server-stream.ts";
import { describeError, errorCode } from "../system-error.ts";
import { type ExitStatus, exitStatus, terminalExitStatus } from "./exit-status.ts";
import type { ProcessRequest, TerminalSize } from "./process-request.ts";
import type { Terminal } from "./terminal.ts";

type OutputName = "stdout" | "stderr" | "pty";

/** How long the output of a process that a client has ended may continue while its descendants hold it open. */
const outputAfterSignalMs = 250;

/**
 * A process and those who read it. Every reader gets what is written from when it comes on; output that nobody reads is
 * dropped. What a slow reader has not taken holds the process up: nothing is lost and nothing piles up.
 */
export class RunningProcess {
  readonly request: ProcessRequest;
  /** Settles when it has ended and everything that it wrote is read. */
  readonly ended: Promise<ExitStatus>;
  readonly #child: ChildProcess;
  readonly #terminal: Terminal | undefined;
  readonly #readers = new Set<ServerStream>();
  readonly #slow = new Set<ServerStream>();
  readonly #pipes: Readable[] = [];
  #sent: NodeJS.Signals | undefined;
  #cutTimer: NodeJS.Timeout | undefined;

  constructor(request: ProcessRequest, child: ChildProcess, terminal: Terminal | undefined) {
    this.request = request;
    this.#child = child;
    this.#terminal = terminal;
    this.#listen(child.stdout, terminal === undefined ? "stdout" : "pty");
    this.#listen(child.stderr, terminal === undefined ? "stderr" : "pty");
    // A program that does not read its input is not an error here; writers get the error.
    child.stdin?.on("error", () => {});
    // Every write that waits listens to it.
    child.stdin?.setMaxListeners(0);
    child.once("exit", () => this.#armCut());
    this.ended = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        clearTimeout(this.#cutTimer);
        resolve(terminal === undefined ? exitStatus(code, signal) : terminalExitStatus(code, signal, this.#sent));
      });
    });
  }

  get pid(): number {
    return this.#terminal?.pid ?? this.#child.pid ?? 0;
  }

  /** Its output may still be open: what descends from it may hold it. */
  get #hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Lets a stream have the output until it is closed. */
  addReader(reader: ServerStream): void {
    this.#readers.add(reader);
    void reader.closed.then(() => this.#readers.delete(reader));
  }

  /** Resolves when the process has taken it, which waits while it does not read. */
  async write(name: "stdin" | "pty", bytes: Buffer): Promise<void> {
    const stdin = this.#input(name);
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => {
        const gone = ["EPIPE", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"].includes(errorCode(error));
        const code = gone ? "failed_precondition" : "internal";
        reject(new ConnectFailure(code, `error writing to ${name}: ${describeError(error)}`));
      };
      const closed = (): void => fail(Object.assign(new Error("broken pipe"), { code: "EPIPE" }));
      stdin.once("close", closed);
      stdin.write(bytes, (error) => {
        stdin.off("close", closed);
        if (error) fail(error);
        else resolve();
      });
    });
  }

  closeInput(): void {
    if (this.#terminal !== undefined) {
      throw precondition("error closing stdin: cannot close stdin for PTY process — send Ctrl+D (0x04) instead");
    }
    this.#child.stdin?.end();
  }

  async resize(size: TerminalSize): Promise<void> {
    if (this.#terminal === undefined) throw precondition("error resizing tty: tty not assigned to process");
    await this.#terminal.resize(size);
  }

  /** Signals the process itself; what it has started lives on, but its output is no longer waited for. */
  signal(name: NodeJS.Signals): void {
    this.#sent = name;
    // By then the number may be another process's.
    if (this.#hasExited) {
      this.#armCut();
      return;
    }
    try {
      process.kill(this.pid, name);
    } catch (error) {
      if (errorCode(error) !== "ESRCH") {
        throw new ConnectFailure("internal", `error sending signal: ${describeError(error)}`);
      }
    }
  }

  #input(name: "stdin" | "pty"): Writable {
    if (name === "stdin" && this.#terminal !== undefined) {
      throw precondition(
        "error writing to stdin: tty assigned to process — input should be written to the pty, not the stdin",
      );
    }
    if (name === "pty" && this.#terminal === undefined) {
      throw precondition(
        "error writing to tty: tty not assigned to process — input should be written to the stdin, not the tty",
      );
    }
    const { stdin } = this.#child;
    if (stdin === null || stdin.destroyed || stdin.writableEnded) {
      throw precondition("error writing to stdin: stdin not enabled or closed");
    }
    return stdin;
  }

  #listen(pipe: Readable | null, name: OutputName): void {
    if (pipe === null) return;
    this.#pipes.push(pipe);
    pipe.on("error", () => {});
    pipe.on("data", (chunk: Buffer) => {
      if (this.#readers.size === 0) return;
      const frame = messageFrame(`{"event":{"data":{"${name}":"${chunk.toString("base64")}"}}}`);
      for (const reader of this.#readers) if (!reader.sendFrame(frame)) this.#waitFor(reader);
    });
  }

  #waitFor(reader: ServerStream): void {
    if (this.#slow.has(reader)) return;
    this.#slow.add(reader);
    clearTimeout(this.#cutTimer);
    for (const pipe of this.#pipes) pipe.pause();
    void reader.drained().then(() => {
      this.#slow.delete(reader);
      if (this.#slow.size > 0) return;
      for (const pipe of this.#pipes) pipe.resume();
      this.#armCut();
    });
  }

  /** Only time in which the output is read counts: what was written before the end is not lost to a slow reader. */
  #armCut(): void {
    if (!this.#hasExited || this.#sent === undefined || this.#slow.size > 0) return;
    clearTimeout(this.#cutTimer);
    this.#cutTimer = setTimeout(() => {
      for (const pipe of this.#pipes) pipe.destroy();
    }, outputAfterSignalMs);
  }
}

function precondition(message: string): ConnectFailure {
  return new ConnectFailure("failed_precondition", message);
}
