import type { AttachedTerminal, OutputChunk, ProcessExit } from "@glovebox/core/provider";
import { TerminalFilter } from "@glovebox/core/text";
import { listenForInterrupts } from "../../run/interrupts.ts";
import type { Terminal } from "../../terminal.ts";
import type { DetachKeys } from "./detach-keys.ts";
import { PastScreen } from "./past-screen.ts";
import { terminalReset } from "./terminal-reset.ts";

/** What is used of a terminal of a sandbox. */
export type ViewedTerminal = Pick<AttachedTerminal, "size" | "outputEnd" | "output" | "exit" | "write" | "resize">;

export interface ViewTerminalOptions {
  readonly terminal: Terminal;
  readonly detachKeys: DetachKeys;
  /** Only looks: nothing that is typed reaches the program, and its terminal keeps its size. */
  readonly isReadOnly: boolean;
}

/** How a viewer left: by the keys or a signal, or because the program ended. */
export type Left = { readonly kind: "detached" } | { readonly kind: "ended"; readonly exit: ProcessExit };

/** Who types after a pause becomes the one whose size counts. */
const pauseMs = 2000;
const interruptKey = "\x03";

/**
 * Shows a terminal of a sandbox in this process's own, first as it looks at present and then as it changes, until the viewer
 * leaves or the program ends. The program runs on when the viewer leaves. This process's terminal is brought back in every case.
 */
export async function viewTerminal(inside: ViewedTerminal, options: ViewTerminalOptions): Promise<Left> {
  return await new Viewer(inside, options).show();
}

class Viewer {
  readonly #inside: ViewedTerminal;
  readonly #options: ViewTerminalOptions;
  readonly #filter = new TerminalFilter();
  #leave: (left: Left) => void = () => {};
  #lastTyped = performance.now();
  /** Until the screen is drawn, nothing is typed into the program. */
  #isDrawn = false;

  constructor(inside: ViewedTerminal, options: ViewTerminalOptions) {
    this.#inside = inside;
    this.#options = options;
  }

  async show(): Promise<Left> {
    const { terminal } = this.#options;
    const { stdin, stdout } = terminal;
    const detached = new Promise<Left>((resolve) => {
      this.#leave = resolve;
    });
    const leave = () => this.#leave({ kind: "detached" });
    using _interrupts = listenForInterrupts({ first: leave, second: leave });
    using _size = stdout.onResize(() => this.#claimSize());
    stdout.gone.addEventListener("abort", leave, { once: true });
    const type = (typed: Buffer) => this.#type(typed);
    stdin.setRawMode(true);
    stdin.on("data", type).once("end", leave);
    const output = this.#inside.output[Symbol.asyncIterator]();
    try {
      return await Promise.race([detached, this.#follow(output)]);
    } finally {
      stdin.off("data", type);
      stdout.write(terminalReset(stdout.rows));
      stdin.setRawMode(false);
      stdin.pause();
      // A connection that hangs must not hold up who leaves.
      void output.return?.().catch(ignore);
    }
  }

  async #follow(output: AsyncIterator<OutputChunk>): Promise<Left> {
    const past = new PastScreen(this.#inside.size);
    const { outputEnd } = this.#inside;
    let live: OutputChunk | undefined;
    for (let offset = 0; offset < outputEnd; ) {
      const { done, value } = await output.next();
      if (done) break;
      offset = endOf(value);
      const [before, after] = split(value, outputEnd);
      await past.take(before);
      live = after;
    }
    await this.#draw(past);
    if (live !== undefined) await this.#print(live);
    for (let next = await output.next(); !next.done; next = await output.next()) await this.#print(next.value);
    return { kind: "ended", exit: await this.#inside.exit };
  }

  /** A program draws everything again when its terminal's size changes. */
  async #draw(past: PastScreen): Promise<void> {
    const { stdout } = this.#options.terminal;
    stdout.write(`\x1b[H\x1b[2J${past.draw()}`);
    past.dispose();
    this.#isDrawn = true;
    if (this.#options.isReadOnly) return;
    const { columns, rows } = this.#size;
    const { size } = this.#inside;
    const isSame = size.columns === columns && size.rows === rows;
    if (isSame && past.hasGap) await this.#inside.resize({ columns, rows: Math.max(1, rows - 1) }).catch(ignore);
    if (!isSame || past.hasGap) await this.#inside.resize({ columns, rows }).catch(ignore);
  }

  async #print(chunk: OutputChunk): Promise<void> {
    if ("gap" in chunk) this.#claimSize();
    else if ("bytes" in chunk) await this.#options.terminal.stdout.bytes(this.#filter.push(chunk.bytes));
  }

  #type(typed: Buffer): void {
    const { detachKeys, isReadOnly } = this.#options;
    const { passed, isLeaving } = detachKeys.take(typed);
    const isInterrupted = isReadOnly && typed.includes(interruptKey);
    if (passed.length > 0 && !isReadOnly && this.#isDrawn) {
      const now = performance.now();
      if (now - this.#lastTyped > pauseMs) this.#claimSize();
      this.#lastTyped = now;
      // Of a program that has ended, the output tells.
      void this.#inside.write(passed).catch(ignore);
    }
    if (isLeaving || isInterrupted) this.#leave({ kind: "detached" });
  }

  #claimSize(): void {
    if (!this.#options.isReadOnly) void this.#inside.resize(this.#size).catch(ignore);
  }

  get #size() {
    const { columns, rows } = this.#options.terminal.stdout;
    return { columns, rows };
  }
}

function ignore(): void {
  // The output and the exit tell what became of it.
}

function endOf(chunk: OutputChunk): number {
  if ("bytes" in chunk) return chunk.offset + chunk.bytes.length;
  return "gap" in chunk ? chunk.offset + chunk.gap : chunk.offset;
}

/** What of a chunk lies before an offset, and what behind it. */
function split(chunk: OutputChunk, end: number): [OutputChunk, OutputChunk | undefined] {
  if (!("bytes" in chunk) || endOf(chunk) <= end) return [chunk, undefined];
  const at = end - chunk.offset;
  return [
    { ...chunk, bytes: chunk.bytes.subarray(0, at) },
    { ...chunk, bytes: Uint8Array.from(chunk.bytes.subarray(at)), offset: end },
  ];
}
