import { closeSync, fsyncSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SandboxError, SandboxQuotaError } from "../errors/index.ts";
import { eventVersion, type RunEvent, type RunEventBody } from "../events/run-event.ts";
import { readLines } from "./read-lines.ts";
import type { Redactor } from "./redactor.ts";
import type { RunLock } from "./run-lock.ts";

const mebibyte = 1024 * 1024;
/** Past this size nothing but the last event is: whatever runs inside chooses how much the harness has to say. */
const limitBytes = 512 * mebibyte;

/** How much of the limit may be filled before events of which there can be many are left out, with one warning. */
interface Share {
  readonly of: number;
  readonly what: string;
}
const words: Share = { of: 1 / 2, what: "the harness's words are" };
/** Greater: whoever fills the journal with words must not get its way out unseen. */
const requests: Share = { of: 3 / 4, what: "what goes over the network is" };
const shares: { readonly [type in RunEventBody["type"]]?: Share } = {
  "text.delta": words,
  "reasoning.delta": words,
  "harness.raw": words,
  "network.request": requests,
};

export function journalFile(runDir: string): string {
  return join(runDir, "events.ndjson");
}

/** The one writer of a run's events. What was appended is on its way to the disk before `append` returns. */
export class Journal {
  readonly #fd: number;
  readonly #runId: string;
  readonly #lock: RunLock;
  readonly #redactor: Redactor;
  readonly #onAppend: () => void;
  #seq: number;
  readonly #limitBytes: number;
  #bytes: number;
  readonly #leftOut = new Set<Share>();

  constructor(options: {
    readonly runDir: string;
    readonly runId: string;
    readonly lock: RunLock;
    readonly redactor: Redactor;
    readonly onAppend?: () => void;
    /** The most that is written, but for the last event; 512 MiB unless given. */
    readonly limitBytes?: number;
  }) {
    const file = journalFile(options.runDir);
    let last = 0;
    const past = readEvents(file, ({ seq }) => {
      last = seq;
    });
    this.#limitBytes = options.limitBytes ?? limitBytes;
    this.#seq = last;
    this.#fd = openSync(file, "a", 0o600);
    this.#runId = options.runId;
    this.#lock = options.lock;
    this.#redactor = options.redactor;
    this.#onAppend = options.onAppend ?? (() => {});
    if (past.torn) writeSync(this.#fd, "\n");
    this.#bytes = statSync(file).size;
  }

  /**
   * Throws `aborted` when another process has taken the run over: a superseded process appends nothing. Throws `quota`
   * when the journal is as large as it may be.
   */
  append(body: RunEventBody): void {
    this.#lock.assertCurrent();
    for (const event of this.#redactor.event(body)) this.#write(event);
    this.#onAppend();
  }

  /** Writes what the redactor still holds, then the last event. */
  end(body: Extract<RunEventBody, { type: "run.end" }>): void {
    this.#lock.assertCurrent();
    for (const event of [...this.#redactor.flush(), ...this.#redactor.event(body)]) this.#write(event);
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    this.#onAppend();
  }

  #write(body: RunEventBody): void {
    const share = shares[body.type];
    if (share !== undefined && this.#bytes > this.#limitBytes * share.of) {
      if (this.#leftOut.has(share)) return;
      this.#leftOut.add(share);
      const message = `The journal is full: ${share.what} left out from here on`;
      this.#write({ type: "warning", code: "journal-full", message });
      return;
    }
    const event: RunEvent = {
      v: eventVersion,
      seq: this.#seq + 1,
      time: new Date().toISOString(),
      runId: this.#runId,
      ...body,
    };
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    if (this.#bytes + line.length > this.#limitBytes && body.type !== "run.end") {
      throw new SandboxQuotaError(`The run's journal would be larger than ${this.#limitBytes} bytes`, {
        hint: "What runs in the sandbox says too much.",
      });
    }
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.#fd, line, written);
    } catch (error) {
      throw new SandboxError("internal", `The run's journal cannot be written: ${(error as Error).message}`, {
        hint: "Is there space left where GLOVEBOX_HOME lies?",
        cause: error,
      });
    }
    this.#seq += 1;
    this.#bytes += line.length;
  }
}

/** Shows every whole line of a journal; `torn` when the last one was cut by a crash. Lines that are no events are passed over. */
export function readEvents(file: string, visit: (event: RunEvent) => void = () => {}): { readonly torn: boolean } {
  return readLines(file, (line) => {
    const event = parseEventLine(line);
    if (event !== undefined) visit(event);
  });
}

export function parseEventLine(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // Journals are our own files; a reader ignores what it does not know, so the envelope is all that is asked.
    if (typeof value === "object" && value !== null && "seq" in value && "type" in value) return value as RunEvent;
  } catch {
    // A torn line: the writer died in the middle of it.
  }
  return undefined;
}
