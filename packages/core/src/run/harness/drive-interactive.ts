import { boundedStream } from "../../bounds/bounded-stream.ts";
import { within } from "../../bounds/within.ts";
import type { InteractiveSupport } from "../../harness/interactive-support.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import type { ProcessExit } from "../../provider/sandbox-process.ts";
import type { SandboxTerminal } from "../../provider/sandbox-terminal.ts";
import type { RunSpec } from "../run-spec.ts";
import { type RunCommand, writeHarnessFiles } from "./harness-command.ts";
import { HarnessSession, type HarnessSessionOptions } from "./harness-session.ts";

export interface DriveInteractiveOptions extends HarnessSessionOptions {
  readonly sandbox: Sandbox;
  readonly interactive: InteractiveSupport;
  readonly command: RunCommand;
  readonly task: RunSpec["task"];
}

/** Of a terminal that nobody has attached to yet. */
const firstSize = { columns: 80, rows: 24 } as const;
const prepareMs = 60_000;
const lost: ProcessExit = { exitCode: null, reason: "lost" };

/** Runs the harness in a terminal, to its end, whatever that is. Resolves to its exit; `lost` if it was left. */
export async function driveInteractive(options: DriveInteractiveOptions): Promise<ProcessExit> {
  const { sandbox, interactive, task, command, cancellation, emit } = options;
  const signal = cancellation.stopping;
  await within({ operation: "preparing the harness", signal, timeoutMs: prepareMs }, async () => {
    await writeHarnessFiles(sandbox.files, command, { signal });
    await interactive.prepare(sandbox.files, { ...task, workspaceDir });
  });
  const terminal = await startTerminal(options);
  const session = new HarnessSession(terminal, options);
  const { stop } = session;
  const [ask, leave] = [() => stop.ask(), () => stop.leave()];
  listen(cancellation.stopping, ask);
  listen(cancellation.aborted, leave);
  emit({ type: "terminal.start", processId: terminal.id });
  emitSession(options, command.sessionId);
  let exit = lost;
  try {
    // What it shows is for those who attach; here it is activity.
    const shown = boundedStream(session.lines(), { operation: "the harness was stopped", signal: stop.left });
    for await (const _ of shown);
    exit = await session.exit();
    emitSession(options, await lastSession(options));
  } catch (error) {
    if (!stop.left.aborted) throw error;
  } finally {
    emit({ type: "terminal.end", processId: terminal.id, exitCode: exit.exitCode });
    cancellation.stopping.removeEventListener("abort", ask);
    cancellation.aborted.removeEventListener("abort", leave);
    session.dispose();
  }
  return exit;
}

/** The program never waits for those who watch: its output is a ring. */
function startTerminal({ sandbox, command, cancellation }: DriveInteractiveOptions): Promise<SandboxTerminal> {
  const { argv, cwd, env } = command;
  const bound = { operation: "starting the harness", signal: cancellation.stopping };
  const options = { ...firstSize, cwd, env, output: "detached", tag: "harness", signal: cancellation.aborted } as const;
  return within(
    bound,
    () => sandbox.pty(argv, options),
    (lateResult) => lateResult.kill(),
  );
}

function listen(signal: AbortSignal, then: () => void): void {
  signal.addEventListener("abort", then, { once: true });
  if (signal.aborted) then();
}

/** What a run that continues this one needs to know. */
function emitSession({ emit }: DriveInteractiveOptions, sessionId: string | undefined): void {
  if (sessionId === undefined) return;
  emit({ type: "harness.session", sessionId, tools: [], agents: [], commands: [], skills: [], mcpServers: [] });
}

/** The user may have begun another conversation. */
async function lastSession({ sandbox, interactive, command }: DriveInteractiveOptions): Promise<string | undefined> {
  const found = await interactive.lastSession?.(sandbox.files).catch(() => {
    // Then the first one is what is known.
    return undefined;
  });
  return found === command.sessionId ? undefined : found;
}
