import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { readHostFileSync } from "@glovebox/core/host-files";
import { SandboxError } from "@glovebox/core/provider";
import type { DirectoryLock } from "@glovebox/core/state";
import { safeJson } from "@glovebox/core/text";
import { type BatchEvent, batchEventSchema } from "./batch-event.ts";

const mostBytes = 512 * 1024 * 1024;
const lineBreak = 0x0a;

/**
 * The events of a batch on disk, which only the holder of the batch's lock appends to. An event is on the disk when `append`
 * returns. A last line that a crash has cut off counts as never written.
 */
export class BatchJournal implements Disposable {
  readonly #lock: DirectoryLock;
  readonly #descriptor: number;

  constructor(directory: string, lock: DirectoryLock) {
    this.#lock = lock;
    const whole = wholeLines(read(directory)).length;
    this.#descriptor = openSync(fileOf(directory), "a", 0o600);
    if (fstatSync(this.#descriptor).size > whole) ftruncateSync(this.#descriptor, whole);
  }

  /** Throws when it cannot be written, or another process has taken the batch over. */
  append(event: BatchEvent): void {
    this.#lock.assertCurrent();
    try {
      const line = Buffer.from(`${safeJson(event)}\n`);
      for (let at = 0; at < line.length; ) at += writeSync(this.#descriptor, line, at);
      fsyncSync(this.#descriptor);
    } catch (cause) {
      throw new SandboxError("file", `The batch's journal cannot be written: ${(cause as Error).message}`, { cause });
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  /** The events so far. Throws a `SandboxError` for a line that is damaged. */
  static read(directory: string): readonly BatchEvent[] {
    const lines = wholeLines(read(directory)).toString("utf8").split("\n").slice(0, -1);
    return lines.flatMap((line, index) => parseLine(line, `${fileOf(directory)}:${index + 1}`));
  }
}

function parseLine(line: string, place: string): BatchEvent[] {
  try {
    const value: unknown = JSON.parse(line);
    const parsed = batchEventSchema.safeParse(value);
    if (parsed.success) return [parsed.data];
    if (isOfUnknownType(value)) return [];
  } catch {
    // Not JSON: reported below.
  }
  throw new SandboxError("file", `${place} is damaged`, {
    hint: "Restore the file from a backup, or remove the line.",
  });
}

function isOfUnknownType(value: unknown): boolean {
  const known = batchEventSchema.options.map(({ shape }) => shape.type.value as string);
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  return typeof type === "string" && !known.includes(type);
}

function read(directory: string): Buffer {
  return readHostFileSync(fileOf(directory), { maxBytes: mostBytes }) ?? Buffer.alloc(0);
}

function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(lineBreak) + 1);
}

function fileOf(directory: string): string {
  return join(directory, "journal.ndjson");
}
