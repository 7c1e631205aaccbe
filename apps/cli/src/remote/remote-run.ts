import { setTimeout as sleep } from "node:timers/promises";
import type { RunDetail } from "@glovebox/client";
import type { RunEvent, RunResult } from "@glovebox/core";
import { SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";
import type { DrivenRun } from "../run/drive-to-end.ts";
import type { Server } from "./server/server.ts";

const pollMs = 250;

export interface RemoteRunOptions {
  readonly server: Server;
  readonly id: string;
  /** The output directory on this machine. */
  readonly outputDirectory: string;
  /** Brings the files of the run here when it has ended. */
  receive(run: RunDetail): Promise<RunResult>;
  /** What could not be done, in one line. */
  onWarning(message: string): void;
}

/** A run on a server, followed from here. It continues there when this process ends. */
export class RemoteRun implements DrivenRun {
  readonly id: string;
  readonly #options: RemoteRunOptions;
  readonly #left = new AbortController();
  #lost: SandboxError | undefined;
  #result: Promise<RunResult> | undefined;

  constructor(options: RemoteRunOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** Ends early when the server cannot be reached any more: `result` then says so. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent> {
    const { server, outputDirectory: directory } = this.#options;
    try {
      for await (const event of server.events(this.id, { after: 0, signal: this.#left.signal })) {
        // The server names a directory of its own.
        yield event.type === "files.collected" ? { ...event, directory } : event;
      }
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      this.#lost = error;
    }
  }

  get result(): Promise<RunResult> {
    this.#result ??= this.#conclude();
    return this.#result;
  }

  cancel(): void {
    void this.#stop(false);
  }

  abort(): void {
    void this.#stop(true);
  }

  async #stop(force: boolean): Promise<void> {
    try {
      await this.#options.server.stop(this.id, force);
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      this.#options.onWarning(`The run could not be stopped: ${error.message}`);
      // Who asks twice does not want to wait for a server that does not answer.
      if (force) this.#leave(error);
    }
  }

  #leave(error: SandboxError): void {
    this.#lost = error;
    this.#left.abort();
  }

  async #conclude(): Promise<RunResult> {
    if (this.#lost !== undefined) throw this.#continues(this.#lost);
    try {
      return await this.#options.receive(await untilEnded(this.#options.server, this.id, this.#left.signal));
    } catch (error) {
      throw SandboxError.isInstance(error) && error.code === "unavailable" ? this.#continues(error) : error;
    }
  }

  #continues(cause: SandboxError): SandboxError {
    if (cause.code !== "unavailable") return cause;
    const { url } = this.#options.server;
    return new SandboxUnavailableError(`${cause.message}; the run continues there`, {
      hint: `Follow it again: glovebox --server ${url} logs -f ${this.id}`,
      cause,
    });
  }
}

/** The run once the server has all of it: its last event can come before its files are stored. */
export async function untilEnded(server: Server, id: string, signal: AbortSignal): Promise<RunDetail> {
  for (;;) {
    const run = await server.run(id);
    if (run.state === "ended") return run;
    await sleep(pollMs, undefined, { signal });
  }
}
