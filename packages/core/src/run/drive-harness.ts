import { SandboxError } from "../errors/index.ts";
import type { HarnessResultEvent } from "../events/harness-event.ts";
import type { RunEventBody } from "../events/run-event.ts";
import { execInside } from "../files/exec-inside.ts";
import type { ComponentNames } from "../harness/component-set.ts";
import type { Harness, HarnessCommand, HarnessLine } from "../harness/harness.ts";
import { type Sandbox, workspaceDir } from "../provider/sandbox.ts";
import type { OutputChunk, ProcessExit, SandboxProcess } from "../provider/sandbox-process.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { RunSpec } from "./run-spec.ts";
import type { StopSwitch } from "./stop-switch.ts";

export interface DriveOptions {
  readonly sandbox: Sandbox;
  readonly harness: Harness;
  readonly command: HarnessCommand;
  /** The components that have to be loaded before the prompt is sent. */
  readonly expected?: ComponentNames;
  readonly task: RunSpec["task"];
  readonly stopSwitch: StopSwitch;
  readonly completionTimeoutMs: number;
  readonly emit: (event: RunEventBody) => void;
  /** Called at every sign of life. */
  readonly touch: () => void;
  /** Gives a new handle on the same sandbox after its connection broke, or throws. */
  readonly reconnect: () => Promise<Sandbox>;
}

export interface DriveResult {
  readonly result: HarnessResultEvent | undefined;
  readonly exit: ProcessExit;
  readonly stderrTail: string;
}

/** How long a harness may take to stop after it was asked to, before it is killed. */
const interruptGraceMs = 5000;
const stderrTailLength = 4096;
/** How long a program may take that says more of what the harness did. */
const besideTimeoutMs = 10_000;
const reattachAttempts = 3;

/** Runs the harness to its end, whatever that is, and publishes what it says. Ends every process it started. */
export async function driveHarness(options: DriveOptions): Promise<DriveResult> {
  const { harness, command, stopSwitch } = options;
  const process = await options.sandbox.spawn(command.argv, {
    cwd: command.cwd,
    env: command.env,
    stdin: options.expected === undefined ? command.stdin : "open",
    tag: "harness",
    signal: stopSwitch.aborted,
  });
  const session = new HarnessSession(process, options);
  const onStop = () => void session.stop();
  stopSwitch.stopping.addEventListener("abort", onStop, { once: true });
  if (stopSwitch.stopping.aborted) onStop();
  try {
    let result: HarnessResultEvent | undefined;
    for await (const event of harness.parse(speak(session, options))) {
      options.emit(event);
      if (event.type === "harness.result") {
        result ??= event;
        session.completing();
      }
    }
    return { result, exit: await session.exit(), stderrTail: session.stderrTail };
  } catch (error) {
    // A harness that will not get its prompt would wait for it for ever.
    await session.kill();
    throw error;
  } finally {
    stopSwitch.stopping.removeEventListener("abort", onStop);
    session.dispose();
  }
}

/** The harness's lines, once it is sure that it has loaded what it has to. */
function speak(session: HarnessSession, options: DriveOptions): AsyncIterable<HarnessLine> {
  const { harness, task, expected, stopSwitch } = options;
  const lines = session.lines();
  if (expected === undefined || harness.components === undefined) return lines;
  const run = async (argv: readonly [string, ...string[]]) =>
    (await execInside(options.sandbox, argv, { timeoutMs: besideTimeoutMs, signal: stopSwitch.aborted })).stdout;
  const dialogue = {
    lines,
    run,
    write: (text: string) => session.write(text),
    closeInput: () => session.closeInput(),
  };
  return harness.components.start(dialogue, { ...task, workspaceDir }, expected);
}

class HarnessSession {
  #process: SandboxProcess;
  readonly #options: DriveOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #completion: NodeJS.Timeout | undefined;
  #isCompleting = false;
  #offset = 0;
  stderrTail = "";

  constructor(process: SandboxProcess, options: DriveOptions) {
    this.#process = process;
    this.#options = options;
  }

  /** The harness's lines, across broken connections as far as the sandbox can be reached again. */
  async *lines(): AsyncGenerator<HarnessLine, void> {
    const splitters = { stdout: new LineSplitter("stdout"), stderr: new LineSplitter("stderr") };
    for (let failures = 0; ; ) {
      try {
        for await (const chunk of this.#process.output) {
          failures = 0;
          yield* this.#take(chunk, splitters);
        }
        break;
      } catch (error) {
        failures += 1;
        if (!(await this.#reattach(error, failures))) break;
      }
    }
    yield* this.#keep([...splitters.stdout.end(), ...splitters.stderr.end()]);
  }

  exit(): Promise<ProcessExit> {
    return this.#process.exit;
  }

  write(text: string): Promise<void> {
    return this.#process.write(Buffer.from(text));
  }

  closeInput(): Promise<void> {
    return this.#process.closeInput();
  }

  /** The harness has said its last word: it gets a bounded time to end, counted anew at each output. */
  completing(): void {
    this.#isCompleting = true;
    clearTimeout(this.#completion);
    this.#completion = setTimeout(() => {
      this.#options.emit({
        type: "warning",
        code: "harness-hung",
        message: "The harness did not end after its last word and was stopped; its result stands",
      });
      void this.kill();
    }, this.#options.completionTimeoutMs);
  }

  async stop(): Promise<void> {
    const { harness, stopSwitch } = this.#options;
    if (stopSwitch.aborted.aborted) return this.kill();
    const timer = setTimeout(() => void this.kill(), interruptGraceMs);
    this.#timers.add(timer);
    stopSwitch.aborted.addEventListener("abort", () => void this.kill(), { once: true });
    // A harness that cannot be asked is killed when the grace is over.
    await harness.interrupt(this.#process).catch(() => {});
  }

  dispose(): void {
    clearTimeout(this.#completion);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  *#take(chunk: OutputChunk, splitters: Record<"stdout" | "stderr", LineSplitter>): Generator<HarnessLine> {
    this.#options.touch();
    if ("gap" in chunk) {
      this.#offset = chunk.offset + chunk.gap;
      this.#options.emit({
        type: "warning",
        code: "output-lost",
        message: `${chunk.gap} bytes of the harness's output were missed`,
      });
    } else if ("bytes" in chunk) {
      this.#offset = chunk.offset + chunk.bytes.length;
      if (this.#isCompleting) this.completing();
      yield* this.#keep(splitters[chunk.stream].push(chunk.bytes));
    }
  }

  *#keep(lines: readonly HarnessLine[]): Generator<HarnessLine> {
    for (const line of lines) {
      if (line.stream === "stderr") this.stderrTail = `${this.stderrTail}${line.line}\n`.slice(-stderrTailLength);
      yield line;
    }
  }

  /** Whether reading can go on where it broke off. */
  async #reattach(error: unknown, failures: number): Promise<boolean> {
    const { emit, reconnect, stopSwitch } = this.#options;
    const isLost = SandboxError.isInstance(error) && error.code === "lost";
    if (!isLost || failures > reattachAttempts || stopSwitch.stopping.aborted) return false;
    emit({ type: "warning", code: "reconnecting", message: "The connection to the sandbox broke; connecting again" });
    try {
      const sandbox = await reconnect();
      this.#process = await sandbox.attach(this.#process.id, this.#offset, { signal: stopSwitch.aborted });
      return true;
    } catch (reason) {
      emit({ type: "warning", code: "reconnect-failed", message: (reason as Error).message });
      return false;
    }
  }

  async kill(): Promise<void> {
    try {
      await this.#process.kill();
    } catch (error) {
      // Collecting ends every process once more, and destroying ends the sandbox.
      this.#options.emit({ type: "warning", code: "kill-failed", message: (error as Error).message });
    }
  }
}
