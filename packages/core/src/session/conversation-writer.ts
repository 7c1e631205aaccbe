import { closeSync, openSync, writeSync } from "node:fs";
import { parentOf } from "../files/paths/parent-of.ts";
import { type TarEntryToWrite, tarEnd, tarHeaderBytes, tarPadding } from "../files/tar/tar-writer.ts";

/** The conversation as the archive that goes into a sandbox. */
export class ConversationWriter {
  readonly #descriptor: number;
  readonly #directories = new Set<string>([""]);
  #size = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, "wx", 0o600);
  }

  begin(path: string, size: number): void {
    this.#pad();
    this.#addDirectory(parentOf(path));
    this.#header({ path, kind: "file", mode: 0o600, size, modifiedMs: Date.now() });
    this.#size = size;
  }

  content(bytes: Buffer): void {
    writeSync(this.#descriptor, bytes);
  }

  end(): void {
    this.#pad();
    writeSync(this.#descriptor, tarEnd);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #addDirectory(path: string): void {
    if (this.#directories.has(path)) return;
    this.#addDirectory(parentOf(path));
    this.#directories.add(path);
    this.#header({ path, kind: "directory", mode: 0o700, size: 0, modifiedMs: Date.now() });
  }

  #header(entry: TarEntryToWrite): void {
    writeSync(this.#descriptor, tarHeaderBytes(entry));
  }

  #pad(): void {
    writeSync(this.#descriptor, tarPadding(this.#size));
    this.#size = 0;
  }
}
