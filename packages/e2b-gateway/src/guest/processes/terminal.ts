import { type ChildProcess, execFile } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { ConnectFailure } from "../connect/connect-failure.ts";
import { describeError } from "../system-error.ts";
import type { TerminalSize } from "./process-request.ts";

const run = promisify(execFile);

/** The pipe on which the program in a terminal tells its pid and device before it begins. */
export const terminalPipe = 3;

const script = "/usr/bin/script";

/**
 * What runs a program in a terminal: util-linux's `script` opens one and copies both ways, since Node cannot. `script`
 * takes the echo off where its own input is no terminal; a program expects it on.
 */
export function terminalArgv(argv: readonly string[], size: TerminalSize): [string, ...string[]] {
  if (!existsSync(script))
    throw new ConnectFailure("unimplemented", "the template has no util-linux, which a terminal needs");
  const steps = [
    `stty echo ${sizeWords(size).join(" ")}`,
    `echo "$$ $(tty)" >&${terminalPipe}`,
    `exec ${terminalPipe}>&-`,
    `exec ${argv.map(quoted).join(" ")}`,
  ];
  return [script, "-qefc", steps.join("; "), "/dev/null"];
}

/** The program inside a terminal, and the terminal's device. */
export class Terminal {
  readonly pid: number;
  readonly #device: string;

  private constructor(pid: number, device: string) {
    this.pid = pid;
    this.#device = device;
  }

  /** Resolves once the program has its terminal. Throws when it has ended before. */
  static async open(child: ChildProcess): Promise<Terminal> {
    const pipe = child.stdio[terminalPipe] as Readable;
    let output = "";
    const line = new Promise<string>((resolve, reject) => {
      pipe.on("data", (chunk: Buffer) => {
        output += chunk.toString("latin1");
        if (output.includes("\n")) resolve(output);
      });
      pipe.on("error", reject);
      child.once("exit", () =>
        reject(new ConnectFailure("invalid_argument", "error starting pty: it has ended at once")),
      );
    });
    const [pid, device] = (await line).trim().split(" ");
    pipe.destroy();
    if (pid === undefined || device === undefined || !device.startsWith("/dev/")) {
      throw new ConnectFailure("internal", "error starting pty: there is no terminal");
    }
    return new Terminal(Number(pid), device);
  }

  async resize(size: TerminalSize): Promise<void> {
    try {
      await run("stty", ["-F", this.#device, ...sizeWords(size)]);
    } catch (error) {
      throw new ConnectFailure("internal", `error resizing tty: ${describeError(error)}`);
    }
  }
}

function sizeWords({ columns, rows }: TerminalSize): string[] {
  return ["cols", String(columns), "rows", String(rows)];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
