import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../errors/index.ts";
import { eventVersion, type RunEvent, type RunEventBody } from "../events/run-event.ts";
import type { Redactor } from "./redactor.ts";
import type { RunLock } from "./run-lock.ts";

/** Past this size, only events that say how the run goes are written; the harness's own words are left out. */
const chatterLimitBytes = 512 * 1024 * 1024;

const chatter: ReadonlySet<RunEventBody["type"]> = new Set([
  "text.delta",
  "reasoning.delta",
  "harness.raw",
  "network.request",
]);

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
  #bytes: number;
  #full = false;

  constructor(options: {
    readonly runDir: string;
    readonly runId: string;
    readonly lock: RunLock;
    readonly redactor: Redactor;
    readonly onAppend?: () => void;
  }) {
    const file = journalFile(options.runDir);
    const past = readEvents(file);
    this.#seq = past.events.at(-1)?.seq ?? 0;
    this.#fd = openSync(file, "a", 0o600);
    this.#runId = options.runId;
    this.#lock = options.lock;
    this.#redactor = options.redactor;
    this.#onAppend = options.onAppend ?? (() => {});
    if (past.torn) writeSync(this.#fd, "\n");
    this.#bytes = statSync(file).size;
  }

  /** Throws `aborted` when another process has taken the run over: a superseded process appends nothing. */
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
    if (this.#bytes > chatterLimitBytes && chatter.has(body.type)) {
      if (this.#full) return;
      this.#full = true;
      this.#write({
        type: "warning",
        code: "journal-full",
        message: "The journal is full: the harness's words are left out from here on",
      });
      return;
    }
    const event: RunEvent = {
      v: eventVersion,
      seq: ++this.#seq,
      time: new Date().toISOString(),
      runId: this.#runId,
      ...body,
    };
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.#fd, line, written);
    } catch (error) {
      throw new SandboxError("internal", `The run's journal cannot be written: ${(error as Error).message}`, {
        hint: "Is there space left where GLOVEBOX_HOME lies?",
        cause: error,
      });
    }
    this.#bytes += line.length;
  }
}

/** Every whole line of a journal; `torn` when the last one was cut by a crash. Lines that are no events are passed over. */
export function readEvents(file: string): { readonly events: readonly RunEvent[]; readonly torn: boolean } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { events: [], torn: false };
    throw error;
  }
  const events = text.split("\n").flatMap((line) => parseEventLine(line) ?? []);
  return { events, torn: text.length > 0 && !text.endsWith("\n") };
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
