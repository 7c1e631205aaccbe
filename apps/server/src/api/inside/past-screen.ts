import type { OutputChunk, TerminalSize } from "@glovebox/core/provider";
import { SerializeAddon } from "@xterm/addon-serialize";
import headless from "@xterm/headless";

/** Lines above the screen that a viewer gets too. */
const scrollback = 1000;

/** Of both sides. The sandbox says how large its terminal is, and a screen costs memory here. */
const largest = 1000;

/**
 * The screen of a terminal as its past output has left it: read by an emulator here, so that nothing of the past asks the user's
 * terminal for an answer, which would be typed into the program.
 */
export class PastScreen {
  readonly #terminal: headless.Terminal;
  readonly #serializer = new SerializeAddon();
  /** Some of the past is not kept: the screen may be incomplete. */
  hasGap = false;

  constructor(size: TerminalSize) {
    const [cols, rows] = [size.columns, size.rows].map((side) => Math.max(1, Math.min(side, largest))) as [
      number,
      number,
    ];
    this.#terminal = new headless.Terminal({ cols, rows, scrollback, allowProposedApi: true });
    this.#terminal.loadAddon(this.#serializer as never);
  }

  async take(chunk: OutputChunk): Promise<void> {
    if ("gap" in chunk) this.hasGap = true;
    if (!("bytes" in chunk)) return;
    const bytes = Uint8Array.from(chunk.bytes);
    await new Promise<void>((resolve) => this.#terminal.write(bytes, resolve));
  }

  /** What draws it, on a terminal whose screen is empty. */
  draw(): string {
    return this.#serializer.serialize({ scrollback });
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
