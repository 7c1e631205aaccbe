import { execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import xterm from "@xterm/headless";
import { until } from "./stage.ts";

const cli = fileURLToPath(new URL("../../bin/glovebox.js", import.meta.url));

export interface TerminalScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command as it is published, which `pnpm test` has built, in a terminal of its own, and what a user sees there. */
export class TerminalScreen implements AsyncDisposable {
  readonly #terminal: xterm.Terminal;
  readonly #child: ReturnType<typeof spawn>;
  readonly #ended: Promise<number | null>;
  /** Everything that was written. */
  raw = "";

  constructor(args: readonly string[], { columns, rows, cwd, env }: TerminalScreenOptions) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const words = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(" ");
    // The shell survives the command, and says how it ended: what it writes is on the screen that the command left.
    const shell = `stty cols ${columns} rows ${rows}; echo before; tty; ${words}; echo "ended with $?"; stty -a | grep -o '[-]*echo ' | head -1; cat`;
    this.#child = spawn("script", ["--quiet", "--return", "--flush", "--command", shell, "/dev/null"], {
      ...{ cwd, env: { ...env, TERM: "xterm-256color" } as NodeJS.ProcessEnv, stdio: ["pipe", "pipe", "ignore"] },
    });
    this.#child.stdout?.on("data", (bytes: Buffer) => {
      this.raw += bytes.toString();
      this.#terminal.write(bytes);
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve));
  }

  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  /** The rows of the screen, without blanks at their ends. */
  get lines(): readonly string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true) ?? "").trimEnd(),
    );
  }

  get text(): string {
    return this.lines.join("\n");
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  resize(columns: number, rows: number): void {
    const [, tty = ""] = /(\/dev\/pts\/\d+)/.exec(this.raw) ?? [];
    this.#terminal.resize(columns, rows);
    execFileSync("stty", ["-F", tty, "cols", String(columns), "rows", String(rows)]);
  }

  /** The id of the command's process. */
  pid(): number {
    const [, tty = ""] = /\/dev\/(pts\/\d+)/.exec(this.raw) ?? [];
    const found = execFileSync("ps", ["-t", tty, "-o", "pid=,args="], { encoding: "utf8" });
    const line = found.split("\n").find((one) => one.includes(cli) && !one.includes("stty cols"));
    return Number(line?.trim().split(" ")[0]);
  }

  async shows(pattern: RegExp | string): Promise<string> {
    const isShown = () => (typeof pattern === "string" ? this.text.includes(pattern) : pattern.test(this.text));
    await until(`the screen to show ${pattern}`, isShown).catch((error: Error) => {
      throw new Error(`${error.message}; it shows\n${this.text}`);
    });
    return this.text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end("\u0003\u0004");
    this.#child.kill("SIGKILL");
    await this.#ended;
    this.#terminal.dispose();
  }
}
