import { type OutputChunk, type ProcessExit, SandboxError, type SandboxProcess } from "@glovebox/core/provider";
import type { SupervisorLink } from "./supervisor-link.ts";

/** Where a reader of a process stands. */
interface Place {
  readonly link: SupervisorLink;
  readonly id: string;
  /** The first byte of output that was not read. */
  offset: number;
}

/**
 * A process whose output and exit are taken up again where the connection broke: the supervisor keeps both. Input is not: how
 * much of it had arrived is not known.
 */
export class LinkedProcess implements SandboxProcess {
  readonly id: string;
  readonly pid?: number;
  readonly output: AsyncIterable<OutputChunk>;
  readonly exit: Promise<ProcessExit>;
  readonly #place: Place;
  #current: SandboxProcess;

  constructor(link: SupervisorLink, process: SandboxProcess, from: number) {
    this.id = process.id;
    if (process.pid !== undefined) this.pid = process.pid;
    this.#place = { link, id: process.id, offset: from };
    this.#current = process;
    this.output = { [Symbol.asyncIterator]: () => this.#read() };
    this.exit = exitOf(this.#place, process.exit);
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
      this.#current = await attach(this.#place).catch(() => {
        throw error;
      });
      await this.#current.kill(signal);
    }
  }

  async *#read(): AsyncGenerator<OutputChunk, void> {
    for (let process = this.#current; ; process = this.#current) {
      try {
        for await (const chunk of process.output) {
          this.#place.offset = endOf(chunk);
          yield chunk;
        }
        return;
      } catch (error) {
        if (!isLost(error)) throw error;
        this.#current = await attach(this.#place).catch(() => {
          throw error;
        });
      }
    }
  }
}

/** Holds no process while it waits: of one whose handle nobody holds, the output is let go. */
async function exitOf(place: Place, first: Promise<ProcessExit>): Promise<ProcessExit> {
  for (let next = first; ; ) {
    const exit = await next;
    if (exit.reason !== "lost") return exit;
    try {
      next = (await attach(place)).exit;
    } catch {
      // Nothing more can be learnt of it.
      return exit;
    }
  }
}

async function attach({ link, id, offset }: Place): Promise<SandboxProcess> {
  const connection = await link.connection();
  try {
    return await connection.attach(id, offset);
  } catch (error) {
    if (!isLost(error)) throw error;
    // It was this connection that broke, a moment before it is seen to be closed.
    await connection.closed;
    return (await link.connection()).attach(id, offset);
  }
}

function endOf(chunk: OutputChunk): number {
  if ("bytes" in chunk) return chunk.offset + chunk.bytes.length;
  return "gap" in chunk ? chunk.offset + chunk.gap : chunk.offset;
}

function isLost(error: unknown): boolean {
  return SandboxError.isInstance(error) && error.code === "lost";
}
