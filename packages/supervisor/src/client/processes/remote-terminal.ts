import {
  type AttachedTerminal,
  SandboxNotFoundError,
  type SandboxTerminal,
  type TerminalSize,
} from "@glovebox/core/provider";
import type { RequestChannel } from "../request-channel.ts";
import { RemoteProcess, type RemoteProcessOptions } from "./remote-process.ts";

/** A process in the sandbox with a terminal of its own. */
export class RemoteTerminal extends RemoteProcess implements SandboxTerminal {
  readonly #channel: RequestChannel;

  constructor(options: RemoteProcessOptions) {
    super(options);
    this.#channel = options.channel;
  }

  async resize({ columns, rows }: TerminalSize): Promise<void> {
    try {
      await this.#channel.call("POST", `/resize/${this.id}?columns=${columns}&rows=${rows}`);
    } catch (error) {
      // So long ended that the supervisor has forgotten it.
      if (!(error instanceof SandboxNotFoundError)) throw error;
    }
  }
}

interface RemoteAttachedTerminalOptions extends RemoteProcessOptions {
  readonly size: TerminalSize;
  readonly outputEnd: number;
}

/** The same, opened before. */
export class RemoteAttachedTerminal extends RemoteTerminal implements AttachedTerminal {
  readonly size: TerminalSize;
  readonly outputEnd: number;

  constructor(options: RemoteAttachedTerminalOptions) {
    super(options);
    this.size = options.size;
    this.outputEnd = options.outputEnd;
  }
}
