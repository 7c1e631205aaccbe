import type { OutputChunk, ProcessExit, SandboxProcess } from "../provider/sandbox-process.ts";
import type { AttachedTerminal, SandboxTerminal, TerminalSize } from "../provider/sandbox-terminal.ts";
import { within } from "./within.ts";

const answerTimeoutMs = 30_000;

/**
 * A process whose end is asked for with a deadline. How long it runs, writes nothing or reads nothing is up to it: whoever
 * waits for that has a reason to stop waiting of its own.
 */
export class BoundedProcess<P extends SandboxProcess = SandboxProcess> implements SandboxProcess {
  readonly id: string;
  readonly pid?: number;
  readonly output: AsyncIterable<OutputChunk>;
  readonly exit: Promise<ProcessExit>;
  protected readonly process: P;
  protected readonly providerId: string;

  constructor(process: P, providerId: string) {
    this.id = process.id;
    if (process.pid !== undefined) this.pid = process.pid;
    this.output = process.output;
    this.exit = process.exit;
    this.process = process;
    this.providerId = providerId;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.process.write(bytes);
  }

  closeInput(): Promise<void> {
    return this.process.closeInput();
  }

  kill(signal?: string): Promise<void> {
    const bound = { operation: "ending a process in the sandbox", ...this.bound };
    return within(bound, () => this.process.kill(signal));
  }

  protected get bound() {
    return { timeoutMs: answerTimeoutMs, undoMs: 0, providerId: this.providerId };
  }
}

/** The same, in a terminal. */
export class BoundedTerminal extends BoundedProcess<SandboxTerminal> implements SandboxTerminal {
  resize(size: TerminalSize): Promise<void> {
    return within({ operation: "resizing a terminal in the sandbox", ...this.bound }, () => this.process.resize(size));
  }
}

/** The same, of a terminal that was opened before. */
export class BoundedAttachedTerminal extends BoundedTerminal implements AttachedTerminal {
  readonly size: TerminalSize;
  readonly outputEnd: number;

  constructor(terminal: AttachedTerminal, providerId: string) {
    super(terminal, providerId);
    this.size = terminal.size;
    this.outputEnd = terminal.outputEnd;
  }
}
