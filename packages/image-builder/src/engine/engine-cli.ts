import { Readable } from "node:stream";
import {
  SandboxAbortedError,
  type SandboxError,
  SandboxTimeoutError,
  SandboxUnavailableError,
  TemplateError,
} from "@glovebox/core/provider";
import { execa, type Options } from "execa";

const callTimeoutMs = 10 * 60_000;
const maxBufferBytes = 64 * 1024 * 1024;
const maxReasonChars = 1000;

/** How a command of the engine is run. */
export interface CliOptions {
  readonly input?: Readable | undefined;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The command's working directory: this process's by default. */
  readonly cwd?: string | undefined;
  /** 0 is no limit, for what `signal` ends; ten minutes by default. */
  readonly timeoutMs?: number | undefined;
  /** Called with each piece of output of both streams. */
  readonly onOutput?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a command of the engine printed, and how it ended. */
export interface CliResult {
  /** -1 where the command could not be started or was killed. */
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams. */
  readonly all: string;
  /** The last line of the error output, or why the command printed nothing. */
  readonly reason: string;
  readonly timedOut: boolean;
}

/** Runs an engine's command. */
export class EngineCli {
  readonly #command: string;
  readonly #providerId: string;

  constructor(command: string, providerId: string) {
    this.#command = command;
    this.#providerId = providerId;
  }

  async run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    const { input, env = {}, cwd, timeoutMs = callTimeoutMs, onOutput, signal } = options;
    const child = execa(this.#command, args, {
      ...shared,
      env,
      timeout: timeoutMs,
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { cancelSignal: signal }),
      // What packs archives makes streams that are not quite Node's own.
      ...(input === undefined ? { stdin: "ignore" } : { input: Readable.from(input) }),
    });
    child.all.on("data", (bytes: Buffer) => onOutput?.(bytes.toString("utf8")));
    return resultOf(await child);
  }

  /** What a call printed. Rejects where it fails; `operation` completes "podman failed while …". */
  async text(args: readonly string[], operation: string, options: CliOptions = {}): Promise<string> {
    const result = await this.run(args, options);
    if (result.exitCode === 0) return result.stdout;
    if (options.signal?.aborted) {
      throw new SandboxAbortedError(`Aborted while ${operation}`, { providerId: this.#providerId });
    }
    throw this.failure(operation, result);
  }

  /** The output of a call as it comes. Destroying the output ends the call. */
  stream(args: readonly string[]): { readonly output: Readable; readonly ended: Promise<CliResult> } {
    const child = execa(this.#command, args, { ...shared, all: false, stdin: "ignore", buffer: { stdout: false } });
    const output = child.stdout as Readable;
    output.once("close", () => child.kill());
    return { output, ended: child.then(resultOf) };
  }

  failure(operation: string, { exitCode, reason, timedOut }: CliResult): SandboxError {
    const options = { providerId: this.#providerId };
    if (timedOut) return new SandboxTimeoutError(`${this.#command} took too long while ${operation}`, options);
    const message = `${this.#command} failed while ${operation}: ${reason}`;
    if (/no such image|image not known|unable to find image/i.test(reason))
      return new TemplateError(message, { ...options, hint: "Prepare the template again." });
    const hint = `Is ${this.#command} installed, and does it work in a terminal?`;
    return new SandboxUnavailableError(message, { ...options, ...(exitCode <= 0 ? { hint } : {}) });
  }
}

const shared = {
  reject: false,
  all: true,
  stripFinalNewline: false,
  maxBuffer: maxBufferBytes,
  // In a session of its own: Ctrl-C at the terminal is for this process, which ends the call in order.
  detached: true,
  timeout: callTimeoutMs,
} as const satisfies Options;

interface Finished {
  readonly exitCode?: number | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly all?: unknown;
  readonly failed: boolean;
  readonly timedOut: boolean;
  readonly shortMessage?: string | undefined;
}

function resultOf(result: Finished): CliResult {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const lastLine = text(result.stderr).trim().split("\n").at(-1)?.slice(-maxReasonChars);
  return {
    exitCode: result.exitCode ?? -1,
    stdout: text(result.stdout),
    all: text(result.all),
    reason: lastLine || (result.failed ? (result.shortMessage ?? "") : ""),
    timedOut: result.timedOut,
  };
}
