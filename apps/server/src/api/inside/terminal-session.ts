import { join } from "node:path";
import { noteViewer } from "@glovebox/core";
import type { OutputChunk, TerminalSize } from "@glovebox/core/provider";
import { TerminalFilter } from "@glovebox/core/text";
import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import type { AgentTerminal } from "./agent-terminal.ts";
import { PastScreen } from "./past-screen.ts";

/** How a client looks at a terminal. */
export interface TerminalView {
  readonly runId: string;
  /** The state directory: as long as someone looks, a run of it is not idle. */
  readonly home: string;
  readonly size: TerminalSize | undefined;
  readonly isReadOnly: boolean;
}

const side = z.number().int().min(1).max(1000);
const messageSchema = z.strictObject({ type: z.literal("resize"), columns: side, rows: side });

const pingMs = 30_000;
/** A client that reads slower than this holds the program up, as a terminal does. */
const mostBuffered = 1024 * 1024;
const invalidMessage = 1008;

/** A WebSocket to the terminal of an agent, until the client leaves or the terminal ends. The run continues. */
export class TerminalSession {
  readonly #socket: WebSocket;
  readonly #agent: AgentTerminal;
  readonly #view: TerminalView;
  readonly #filter = new TerminalFilter();
  /** Until the screen is drawn, nothing is typed into the program. */
  #isDrawn = false;
  #isAlive = true;

  constructor(socket: WebSocket, agent: AgentTerminal, view: TerminalView) {
    this.#socket = socket;
    this.#agent = agent;
    this.#view = view;
  }

  /** Resolves when the socket is closed. */
  async serve(): Promise<void> {
    const socket = this.#socket;
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    // It closes then.
    socket.on("error", () => {});
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    const pings = setInterval(() => this.#ping(), pingMs);
    using _viewer = noteViewer(join(this.#view.home, "runs", this.#view.runId));
    const output = this.#agent.terminal.output[Symbol.asyncIterator]();
    try {
      await Promise.race([closed, this.#show(output).catch(() => socket.close(1011))]);
    } finally {
      clearInterval(pings);
      // A connection that hangs must not hold up the client.
      void output.return?.().catch(() => {});
      await this.#agent.sandbox.close().catch(() => {});
      await closed;
    }
  }

  async #show(output: AsyncIterator<OutputChunk>): Promise<void> {
    const { terminal } = this.#agent;
    const past = new PastScreen(terminal.size);
    let live: OutputChunk | undefined;
    for (let offset = 0; offset < terminal.outputEnd; ) {
      const { done, value } = await output.next();
      if (done) break;
      const [before, after] = splitAt(value, terminal.outputEnd);
      offset = endOf(value);
      await past.take(before);
      live = after;
    }
    await this.#send(Buffer.from(`\x1b[H\x1b[2J${past.draw()}`));
    past.dispose();
    this.#isDrawn = true;
    if (this.#view.size !== undefined) this.#resize(this.#view.size);
    if (live !== undefined) await this.#print(live);
    for (let next = await output.next(); !next.done; next = await output.next()) await this.#print(next.value);
    const { exitCode } = await terminal.exit;
    await this.#send(JSON.stringify({ type: "exit", exitCode }));
    this.#socket.close(1000);
  }

  async #print(chunk: OutputChunk): Promise<void> {
    if ("bytes" in chunk) await this.#send(this.#filter.push(chunk.bytes));
  }

  async #send(data: Uint8Array | string): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const sent = new Promise<void>((resolve) => this.#socket.send(data, () => resolve()));
    if (this.#socket.bufferedAmount > mostBuffered) await sent;
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#view.isReadOnly || !this.#isDrawn) return;
    // Of a terminal that has ended, the output tells.
    if (isBinary) void this.#agent.terminal.write(bytesOf(data)).catch(() => {});
    else {
      const message = messageSchema.safeParse(parse(String(data)));
      if (message.success) this.#resize(message.data);
      else this.#socket.close(invalidMessage, "Unknown message");
    }
  }

  #resize({ columns, rows }: TerminalSize): void {
    if (!this.#view.isReadOnly) void this.#agent.terminal.resize({ columns, rows }).catch(() => {});
  }

  /** A client that is gone without a word would keep the run from being idle. */
  #ping(): void {
    if (!this.#isAlive) this.#socket.terminate();
    this.#isAlive = false;
    this.#socket.ping();
  }
}

function bytesOf(data: RawData): Uint8Array {
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it.
    return undefined;
  }
}

function endOf(chunk: OutputChunk): number {
  if ("bytes" in chunk) return chunk.offset + chunk.bytes.length;
  return "gap" in chunk ? chunk.offset + chunk.gap : chunk.offset;
}

/** What of a chunk lies before an offset, and what behind it. */
function splitAt(chunk: OutputChunk, end: number): [OutputChunk, OutputChunk | undefined] {
  if (!("bytes" in chunk) || endOf(chunk) <= end) return [chunk, undefined];
  const at = end - chunk.offset;
  return [
    { ...chunk, bytes: chunk.bytes.subarray(0, at) },
    { ...chunk, bytes: Uint8Array.from(chunk.bytes.subarray(at)), offset: end },
  ];
}
