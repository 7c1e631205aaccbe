import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { Redactor } from "@glovebox/core";
import { safeText } from "@glovebox/core/text";

const mostBytes = 256 * 1024;
const cut = "The rest is left out: the log is full.\n";

/**
 * What a runner process has to say beside the run's events, and how it crashed: `runner.log` in the run's directory. Bounded, and
 * without secrets. Lines are kept until the directory exists.
 */
export class RunnerLog {
  #file: string | undefined;
  #redactor: Redactor | undefined;
  #pending = "";
  #bytes = 0;

  /** From here on lines go to the run's directory. */
  open(runDirectory: string, redactor: Redactor): void {
    this.#file = join(runDirectory, "runner.log");
    this.#redactor = redactor;
    const pending = this.#pending;
    this.#pending = "";
    this.write(pending);
  }

  write(text: string): void {
    if (text === "" || this.#bytes >= mostBytes) return;
    if (this.#file === undefined || this.#redactor === undefined) {
      this.#pending = (this.#pending + text).slice(0, mostBytes);
      return;
    }
    const line = `${safeText(this.#redactor.text(text)).trimEnd()}\n`;
    this.#bytes += Buffer.byteLength(line);
    try {
      appendFileSync(this.#file, this.#bytes < mostBytes ? line : cut, { mode: 0o600 });
    } catch {
      // A disk that is full, or the run was removed: the run itself continues.
    }
  }

  /** A stream into the log. */
  stream(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.write(chunk.toString());
        done();
      },
    });
  }
}
