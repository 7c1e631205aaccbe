import { type OutputChunk, type ProcessExit, SandboxError, type SandboxProcess } from "@glovebox/core/provider";
import type { SupervisorLink } from "./supervisor-link.ts";

/** How often a process is resumed in a row without a byte of output or a while in between, and how often it is asked for. */
const resumeAttempts = 8;

/** A connection that held for so long was a good one: what breaks it is a new failure. */
const stableMs = 10_000;

/** How far a process was read. */
interface ReadPosition {
  readonly link: SupervisorLink;
  readonly id: string;
  /** The first byte of output that was not read. */
  offset: number;
}

/**
 * A process whose output and exit are resumed when the connection broke: the supervisor keeps both. Input is not: how
 * much of it had arrived is not known.
 */
export class LinkedProcess implements SandboxProcess {
  readonly id: string;
  readonly pid?: number;
  readonly output: AsyncIterable<OutputChunk>;
  readonly exit: Promise<ProcessExit>;
  readonly #position: ReadPosition;
  #current: SandboxProcess;

  constructor(link: SupervisorLink, process: SandboxProcess, from: number) {
    this.id = process.id;
    if (process.pid !== undefined) this.pid = process.pid;
    this.#position = { link, id: process.id, offset: from };
    this.#current = process;
    this.output = { [Symbol.asyncIterator]: () => this.#read() };
    this.exit = exitOf(this.#position, process.exit);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#current.write(bytes);
  }

  async closeInput(): Promise<void> {
    await this.#current.closeInput();
  }

  async kill(signal?: string): Promise<void> {
    try {
      await this.#current.kill(signal);
    } catch (error) {
      if (!isLost(error)) throw error;
      // To kill what was killed does nothing.
      this.#current = await attach(this.#position).catch(() => {
        throw error;
      });
      await this.#current.kill(signal);
    }
  }

  async *#read(): AsyncGenerator<OutputChunk, void> {
    for (let failures = 0; ; ) {
      const since = performance.now();
      try {
        for await (const chunk of this.#current.output) {
          failures = 0;
          this.#position.offset = endOf(chunk);
          yield chunk;
        }
        return;
      } catch (error) {
        // A silent process is resumed however often its connection breaks, where each held for a while.
        failures = performance.now() - since < stableMs ? failures + 1 : 1;
        if (!isLost(error) || failures > resumeAttempts) throw error;
        yield { reconnecting: true, offset: this.#position.offset };
        this.#current = await attach(this.#position).catch(() => {
          throw error;
        });
      }
    }
  }
}

/** Holds no process while it waits: of one whose handle nobody holds, the output is let go. */
async function exitOf(position: ReadPosition, first: Promise<ProcessExit>): Promise<ProcessExit> {
  for (let next = first, failures = 0; ; ) {
    const since = performance.now();
    const { offset } = position;
    const exit = await next;
    if (exit.reason !== "lost") return exit;
    // As for the output: what was read meanwhile shows that the attempt was a good one.
    const wasGood = position.offset > offset || performance.now() - since >= stableMs;
    failures = wasGood ? 1 : failures + 1;
    // Who has taken the supervisor's place may break each attempt at once, for ever.
    if (failures > resumeAttempts) return exit;
    try {
      next = (await attach(position)).exit;
    } catch {
      // Nothing more can be learnt of it.
      return exit;
    }
  }
}

async function attach({ link, id, offset }: ReadPosition): Promise<SandboxProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await link.connection();
    try {
      return await connection.attach(id, offset);
    } catch (error) {
      if (!isLost(error) || attempt === resumeAttempts) throw error;
      // It was this connection that broke, a moment before it is seen to be closed.
      await connection.closed;
    }
  }
}

function endOf(chunk: OutputChunk): number {
  if ("bytes" in chunk) return chunk.offset + chunk.bytes.length;
  return "gap" in chunk ? chunk.offset + chunk.gap : chunk.offset;
}

function isLost(error: unknown): boolean {
  return SandboxError.isInstance(error) && error.code === "lost";
}
