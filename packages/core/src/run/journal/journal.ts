import { closeSync, fsyncSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SandboxError, SandboxQuotaError } from "../../errors/index.ts";
import { eventVersion, type RunEvent, type RunEventBody } from "../../events/run-event.ts";
import type { DirectoryLock } from "../../state/directory-lock.ts";
import { safeJson } from "../../text/safe-json.ts";
import { journalFullCode, type Share, shares } from "./journal-shares.ts";
import { readLines, readTail } from "./read-lines.ts";
import type { Redactor } from "./redactor.ts";

const mebibyte = 1024 * 1024;
/** The last event is far shorter: it holds no more than a reason. */
const lastLineBytes = mebibyte;
/** Past this size nothing but the last event is: whatever runs inside chooses how much the harness has to say. */
const limitBytes = 512 * mebibyte;

export function journalFile(runDirectory: string): string {
  return join(runDirectory, "events.ndjson");
}

/** The one writer of a run's events. What was appended is on its way to the disk before `append` returns. */
export class Journal {
  readonly #fd: number;
  readonly #runId: string;
  readonly #lock: DirectoryLock;
  readonly #redactor: Redactor;
  readonly #onAppend: () => void;
  #seq: number;
  readonly #limitBytes: number;
  #bytes: number;
  readonly #leftOut = new Set<Share>();

  constructor(options: {
    readonly runDirectory: string;
    readonly runId: string;
    readonly lock: DirectoryLock;
    readonly redactor: Redactor;
    readonly onAppend?: () => void;
    /** The most that is written, but for the last event. Default: 512 MiB. */
    readonly limitBytes?: number;
  }) {
    const file = journalFile(options.runDirectory);
    let last = 0;
    const past = readEvents(file, ({ seq }) => {
      last = seq;
    });
    this.#limitBytes = options.limitBytes ?? limitBytes;
    // A crash may have cut no more than the end of the line: then it is whole with the one that follows.
    this.#seq = Math.max(last, past.torn ? (readLastEvent(file)?.seq ?? 0) : 0);
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
   * where what goes over the network could soon not be written any more: egress must be closed then, and this event and
   * those of requests in flight are still written. Other events of which there are too many are left out, with a warning.
   */
  append(body: RunEventBody): void {
    this.#lock.assertCurrent();
    for (const event of this.#redactor.event(body)) this.#write(event);
    this.#onAppend();
  }

  /** Writes what the redactor still holds, then the last event. */
  end(body: Extract<RunEventBody, { type: "run.end" }>): void {
    this.#lock.assertCurrent();
    try {
      for (const event of [...this.#redactor.flush(), ...this.#redactor.event(body)]) this.#write(event);
      fsyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
      this.#onAppend();
    }
  }

  #write(body: RunEventBody): void {
    const share = shares[body.type];
    const line = this.#line(body);
    const isPast = this.#bytes + line.length > this.#limitBytes * share.of;
    if (!isPast || body.type === "run.end") {
      this.#put(line);
      return;
    }
    const isRequest = body.type === "network.request" || body.type === "network.refused";
    if (isRequest && this.#bytes + line.length <= this.#limitBytes) this.#put(line);
    this.#sayFull(share);
    if (!isRequest) return;
    throw new SandboxQuotaError("The record of requests is full, so egress was closed", {
      hint: "What runs in the sandbox asks for too much: see `glovebox network log`.",
    });
  }

  /** Says once that a share is used up. */
  #sayFull(share: Share): void {
    if (this.#leftOut.has(share)) return;
    this.#leftOut.add(share);
    const message = `The journal is full: ${share.message}`;
    const line = this.#line({ type: "warning", code: journalFullCode, message });
    if (this.#bytes + line.length <= this.#limitBytes) this.#put(line);
  }

  #line(body: RunEventBody): Buffer {
    const event: RunEvent = {
      v: eventVersion,
      seq: this.#seq + 1,
      time: new Date().toISOString(),
      runId: this.#runId,
      ...body,
    };
    return Buffer.from(`${safeJson(event)}\n`);
  }

  #put(line: Buffer): void {
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.#fd, line, written);
    } catch (error) {
      // Half a line would swallow the next one.
      ftruncateSync(this.#fd, this.#bytes);
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

/** The last whole line of a journal as an event; `undefined` when there is none. */
export function readLastEvent(file: string): RunEvent | undefined {
  const line = readTail(file, lastLineBytes)
    .split("\n")
    .findLast((text) => text !== "");
  return line === undefined ? undefined : parseEventLine(line);
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
