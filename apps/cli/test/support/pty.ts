import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import headless from "@xterm/headless";
import { until } from "./stage.ts";

const size = { cols: 100, rows: 30 } as const;

/** A terminal that a test types into and looks at. */
export class Pty implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #screen = new headless.Terminal({ ...size, scrollback: 500, allowProposedApi: true });
  readonly closed: Promise<number | null>;

  constructor(argv: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    const words = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const command = `stty rows ${size.rows} cols ${size.cols}; exec ${words}`;
    this.#child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], options);
    this.#child.stdout?.on("data", (bytes: Buffer) => this.#screen.write(bytes));
    // The command may end while a key is on its way.
    this.#child.stdin?.on("error", () => {});
    this.closed = once(this.#child, "close").then(([code]) => code as number | null);
  }

  /** What is on the screen and above it, without empty lines. */
  get text(): string {
    const { active } = this.#screen.buffer;
    const lines = Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString(true) ?? "");
    return lines.filter((line) => line !== "").join("\n");
  }

  async until(words: string): Promise<void> {
    await until(`${words} on the screen`, () => this.text.includes(words), 120_000).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.text}`);
    });
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.closed;
    this.#screen.dispose();
  }
}
