import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ProviderSource } from "./test-provider-options.ts";

export interface OtherProcessOptions {
  readonly program: string;
  readonly source: ProviderSource;
  readonly input: unknown;
}

/** A Node process with a provider of its own that runs one program and says JSON lines. */
export class OtherProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<unknown>;
  #errors = "";

  constructor({ program, source, input }: OtherProcessOptions) {
    const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions="));
    this.#child = spawn(process.execPath, [...conditions, mainFile()], { stdio: ["pipe", "pipe", "pipe"] });
    this.#exited = once(this.#child, "exit");
    const { stdin, stdout, stderr } = this.#child;
    if (stdin === null || stdout === null || stderr === null) throw new Error("The process has no pipes");
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    // A process that was killed does not read what is written to it.
    stdin.on("error", () => {});
    stdin.write(`${JSON.stringify({ program, source, input })}\n`);
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** The next thing that the program says. Throws when it ends first, with what it wrote to its standard error. */
  async next<T>(): Promise<T> {
    const line = await this.#lines.next();
    if (line.done) throw new Error(`The other process ended: ${this.#errors}`);
    return JSON.parse(line.value) as T;
  }

  /** Says something to the program. */
  say(value: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(value)}\n`);
  }

  /** SIGKILL: as when the machine's memory runs out. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}

/** Beside this file: as source, or as it is published. */
function mainFile(): string {
  const source = fileURLToPath(new URL("./other-process/main.ts", import.meta.url));
  return existsSync(source) ? source : fileURLToPath(new URL("./other-process.js", import.meta.url));
}
