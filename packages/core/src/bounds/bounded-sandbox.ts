import type { CallOptions } from "../provider/call-options.ts";
import { checkArgv } from "../provider/check-argv.ts";
import type { FileChange, WatchOptions } from "../provider/file-change.ts";
import type { Sandbox, SandboxInfo, SandboxStats } from "../provider/sandbox.ts";
import type { SandboxEndpoint } from "../provider/sandbox-endpoint.ts";
import type { SandboxFiles } from "../provider/sandbox-files.ts";
import type { ProcessInfo, SandboxProcess, SpawnOptions } from "../provider/sandbox-process.ts";
import type { AttachedTerminal, SandboxTerminal, TerminalOptions } from "../provider/sandbox-terminal.ts";
import type { Template } from "../provider/template.ts";
import { BoundedFiles } from "./bounded-files.ts";
import { BoundedAttachedTerminal, BoundedProcess, BoundedTerminal } from "./bounded-process.ts";
import { boundedStream } from "./bounded-stream.ts";
import { within } from "./within.ts";

const answerTimeoutMs = 60_000;
const lifeTimeoutMs = 2 * 60_000;
const snapshotTimeoutMs = 30 * 60_000;
const closeTimeoutMs = 10_000;

/** A sandbox of any provider, each of whose calls ends: by its answer, by its deadline or by its signal. */
export class BoundedSandbox implements Sandbox {
  readonly id: string;
  readonly providerId: string;
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly files: SandboxFiles;
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.id = sandbox.id;
    this.providerId = sandbox.providerId;
    this.modelUrls = sandbox.modelUrls;
    this.files = new BoundedFiles(sandbox.files, sandbox.providerId);
    this.#sandbox = sandbox;
  }

  info(options: CallOptions = {}): Promise<SandboxInfo> {
    return this.#within("looking at the sandbox", options, (call) => this.#sandbox.info(call));
  }

  async spawn(argv: readonly [string, ...string[]], options: SpawnOptions = {}): Promise<SandboxProcess> {
    checkArgv(argv);
    // The signal is the process's, and outlives the call.
    const process = await within(
      this.#bound("starting a program in the sandbox", options),
      () => this.#sandbox.spawn(argv, options),
      (lateResult) => lateResult.kill(),
    );
    return new BoundedProcess(process, this.providerId);
  }

  processes(options: CallOptions = {}): Promise<readonly ProcessInfo[]> {
    return this.#within("listing the sandbox's processes", options, (call) => this.#sandbox.processes(call));
  }

  async attach(processId: string, fromOffset: number, options: CallOptions = {}): Promise<SandboxProcess> {
    const operation = "attaching to a process in the sandbox";
    const process = await this.#within(operation, options, (call) => this.#sandbox.attach(processId, fromOffset, call));
    return new BoundedProcess(process, this.providerId);
  }

  async attachTerminal(id: string, fromOffset: number, options: CallOptions = {}): Promise<AttachedTerminal> {
    const operation = "attaching to a terminal in the sandbox";
    const terminal = await this.#within(operation, options, (call) =>
      this.#sandbox.attachTerminal(id, fromOffset, call),
    );
    return new BoundedAttachedTerminal(terminal, this.providerId);
  }

  extend(ttlMs: number, options: CallOptions = {}): Promise<Date> {
    return this.#within("extending the sandbox's lease", options, (call) => this.#sandbox.extend(ttlMs, call));
  }

  quiesce(options: CallOptions = {}): Promise<void> {
    return this.#within("ending the sandbox's processes", options, (call) => this.#sandbox.quiesce(call));
  }

  stats(options: CallOptions = {}): Promise<SandboxStats> {
    return this.#within("reading the sandbox's use", options, (call) => this.#sandbox.stats(call));
  }

  async pty(argv: readonly [string, ...string[]], options: TerminalOptions): Promise<SandboxTerminal> {
    checkArgv(argv);
    const terminal = await within(
      this.#bound("starting a program in the sandbox", options),
      () => this.#sandbox.pty(argv, options),
      (lateResult) => lateResult.kill(),
    );
    return new BoundedTerminal(terminal, this.providerId);
  }

  endpoint(port: number, options: CallOptions = {}): Promise<SandboxEndpoint> {
    return within(
      this.#bound("opening a port of the sandbox", options),
      ({ signal }) => this.#sandbox.endpoint(port, { ...options, signal }),
      (lateResult) => lateResult.close(),
    );
  }

  async watch(path: string, options: WatchOptions = {}): Promise<AsyncIterable<FileChange>> {
    const bound = this.#bound("watching a directory of the sandbox", options);
    // Nothing may change there for days.
    return boundedStream(await within(bound, () => this.#sandbox.watch(path, options)), {
      ...bound,
      timeoutMs: undefined,
    });
  }

  pause(options: CallOptions = {}): Promise<void> {
    return this.#within("pausing the sandbox", options, (call) => this.#sandbox.pause(call), lifeTimeoutMs);
  }

  snapshot(options: CallOptions = {}): Promise<Template> {
    return this.#within("taking a snapshot", options, (call) => this.#sandbox.snapshot(call), snapshotTimeoutMs);
  }

  close(): Promise<void> {
    const bound = { ...this.#bound("closing the connection to the sandbox", {}, closeTimeoutMs), undoMs: 0 };
    return within(bound, () => this.#sandbox.close());
  }

  destroy(options: CallOptions = {}): Promise<void> {
    return this.#within("removing the sandbox", options, (call) => this.#sandbox.destroy(call), lifeTimeoutMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#within("disposing of the sandbox", {}, () => this.#sandbox[Symbol.asyncDispose](), lifeTimeoutMs);
  }

  #within<T>(
    operation: string,
    options: CallOptions,
    call: (options: { readonly signal: AbortSignal }) => Promise<T>,
    timeoutMs = answerTimeoutMs,
  ): Promise<T> {
    return within(this.#bound(operation, options, timeoutMs), ({ signal }) => call({ signal }));
  }

  #bound(operation: string, { signal }: CallOptions, timeoutMs = answerTimeoutMs) {
    return { operation, timeoutMs, signal, providerId: this.providerId };
  }
}
