import { type AttachedTerminal, SandboxError, type TerminalSize } from "@glovebox/core/provider";
import { LinkedProcess } from "./linked-process.ts";
import type { SupervisorLink } from "./supervisor-link.ts";

/** A terminal that was opened before, whose output, exit and size outlive a connection that breaks. */
export class LinkedTerminal extends LinkedProcess implements AttachedTerminal {
  readonly size: TerminalSize;
  readonly outputEnd: number;
  readonly #link: SupervisorLink;
  #current: AttachedTerminal;

  constructor(link: SupervisorLink, terminal: AttachedTerminal, from: number) {
    super(link, terminal, from);
    this.size = terminal.size;
    this.outputEnd = terminal.outputEnd;
    this.#link = link;
    this.#current = terminal;
  }

  async resize(size: TerminalSize): Promise<void> {
    try {
      await this.#current.resize(size);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== "lost") throw error;
      const connection = await this.#link.connection();
      this.#current = await connection.attachTerminal(this.id, this.outputEnd);
      await this.#current.resize(size);
    }
  }
}
