import { boundedStream } from "../../bounds/bounded-stream.ts";
import { within } from "../../bounds/within.ts";
import type { HarnessResultEvent } from "../../events/harness-event.ts";
import { exec } from "../../exec/exec.ts";
import type { ComponentNames } from "../../harness/component-set.ts";
import type { HarnessLine } from "../../harness/harness.ts";
import type { PermissionQuestion } from "../../harness/permission-question.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import type { ProcessExit, SandboxProcess } from "../../provider/sandbox-process.ts";
import type { RunSpec } from "../run-spec.ts";
import { AgentPermissions } from "./agent-permissions.ts";
import type { AnswerSchema } from "./answer-schema.ts";
import { type CheckedResult, checkedResult } from "./checked-result.ts";
import { type RunCommand, writeHarnessFiles } from "./harness-command.ts";
import { HarnessSession, type HarnessSessionOptions } from "./harness-session.ts";

export interface DriveOptions extends HarnessSessionOptions {
  readonly sandbox: Sandbox;
  readonly command: RunCommand;
  /** The components that have to be loaded before the prompt is sent, of a harness that proves them. */
  readonly expected: ComponentNames;
  readonly task: RunSpec["task"];
  readonly answer: AnswerSchema | undefined;
  readonly permit: RunSpec["permit"];
  /** Hosts that were refused so far. */
  readonly refusedHosts: () => readonly string[];
}

export interface DriveResult {
  readonly result: HarnessResultEvent | undefined;
  /** Why the result has no structured answer, if one was asked for. */
  readonly answerProblem: string | undefined;
  /** `lost` also where the harness did not end in the time that it had after a stop. */
  readonly exit: ProcessExit;
  readonly stderrTail: string;
}

/** How long a program may take that says more of what the harness did. */
const besideLimits = { timeoutMs: 10_000, maxBytes: 64 * 1024 } as const;
const lost: ProcessExit = { exitCode: null, reason: "lost" };

/** Runs the harness to its end, whatever that is, and publishes what it says. Ends every process it started. */
export async function driveHarness(options: DriveOptions): Promise<DriveResult> {
  const { harness, cancellation } = options;
  const session = new HarnessSession(await startHarness(options), options);
  const { stop } = session;
  const ask = () => stop.ask();
  const leave = () => stop.leave();
  listen(cancellation.stopping, ask);
  listen(cancellation.aborted, leave);
  const over = new AbortController();
  const stopping = AbortSignal.any([cancellation.stopping, over.signal]);
  let checked: CheckedResult | undefined;
  const ended = (exit: ProcessExit) => ({
    result: checked?.event,
    answerProblem: checked?.problem,
    exit,
    stderrTail: session.stderrTail,
  });
  try {
    const events = harness.parse(speak(session, { ...options, stopping }));
    for await (const event of boundedStream(events, { operation: "the harness was stopped", signal: stop.left })) {
      if (event.type !== "harness.result") {
        options.emit(event);
        continue;
      }
      const found = checkedResult(event, options.answer);
      options.emit(found.event);
      checked ??= found;
      session.completing();
    }
    return ended(await session.exit());
  } catch (error) {
    if (stop.left.aborted) return ended(lost);
    // A harness that will not get its prompt would wait for it for ever.
    await session.kill();
    throw error;
  } finally {
    over.abort();
    cancellation.stopping.removeEventListener("abort", ask);
    cancellation.aborted.removeEventListener("abort", leave);
    session.dispose();
  }
}

/** A stop ends the wait for the start too; what starts in spite of it is killed. */
function startHarness({ sandbox, harness, command, cancellation }: DriveOptions): Promise<SandboxProcess> {
  const bound = { operation: "starting the harness", signal: cancellation.stopping };
  const start = async () => {
    await writeHarnessFiles(sandbox.files, command, { signal: cancellation.stopping });
    return await sandbox.spawn(command.argv, {
      cwd: command.cwd,
      env: command.env,
      stdin: harness.components === undefined ? command.stdin : "open",
      tag: "harness",
      signal: cancellation.aborted,
    });
  };
  return within(bound, start, (lateResult) => lateResult.kill());
}

function listen(signal: AbortSignal, then: () => void): void {
  signal.addEventListener("abort", then, { once: true });
  if (signal.aborted) then();
}

/** The harness's lines, once it is sure that it has loaded what it has to. */
function speak(
  session: HarnessSession,
  options: DriveOptions & { readonly stopping: AbortSignal },
): AsyncIterable<HarnessLine> {
  const { harness, task, expected, cancellation, permit, touch, stopping } = options;
  const lines = session.lines();
  if (harness.components === undefined) return lines;
  const run = async (argv: readonly [string, ...string[]]) =>
    (await exec(options.sandbox, argv, { ...besideLimits, signal: cancellation.aborted })).stdout.trim();
  const permissions = permit === undefined ? undefined : new AgentPermissions({ permit, touch, stopping });
  const dialogue = {
    lines,
    run,
    warn: (code: string, message: string) => options.emit({ type: "warning", code, message }),
    write: (text: string) => session.write(text),
    closeInput: () => session.closeInput(),
    refusedHosts: options.refusedHosts,
    stopping: cancellation.stopping,
    ...(permissions === undefined ? {} : { permit: (question: PermissionQuestion) => permissions.ask(question) }),
  };
  return harness.components.start(dialogue, options.command.task ?? { ...task, workspaceDir }, expected);
}
