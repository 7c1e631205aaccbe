import type { RunEvent, RunResult, RunStore, RunSummary } from "@glovebox/core";
import { viewAgent } from "../inside/attach/attach-run.ts";
import type { DetachKeys } from "../inside/attach/detach-keys.ts";
import { enterSandbox } from "../inside/enter-sandbox.ts";
import { asTyped } from "../print/command-name.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { createPrinter } from "../run/create-printer.ts";
import { wasScripted } from "../run/drive-run.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import { followRun } from "../runs/follow-run.ts";
import { LocalRuns } from "../runs/local-runs.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";

export interface FollowSessionOptions {
  readonly terminal: Terminal;
  readonly detachKeys: DetachKeys;
  /** What happened before the agent's start is shown. */
  readonly isNew: boolean;
  readonly provider: string | undefined;
}

/** Shows an interactive run: its start, the agent's terminal, its end. Resolves to its result; `undefined` if the user left. */
export async function followSession(
  store: RunStore,
  run: RunSummary,
  options: FollowSessionOptions,
): Promise<RunResult | undefined> {
  const { terminal, isNew } = options;
  const printer = createPrinter(terminal, { directory: terminal.cwd });
  const interrupted = new AbortController();
  const abort = () => interrupted.abort();
  const events = followRun(new LocalRuns(terminal), run, { signal: interrupted.signal });
  try {
    using _ = listenForInterrupts({ first: abort, second: abort });
    const hasStarted = await showUntil(events, isNew ? printer : undefined, "terminal.start");
    printer.hush();
    if (hasStarted && !(await view(run, options))) return leave(run, terminal);
    await showUntil(events, printer, "run.end");
    if (interrupted.signal.aborted) {
      printer.hush();
      return leave(run, terminal);
    }
    return await showEnd(store, run, printer);
  } finally {
    printer.hush();
    await events.return(undefined);
  }
}

/** Whether an event of this type came before the end. */
async function showUntil(
  events: AsyncGenerator<RunEvent>,
  printer: RunPrinter | undefined,
  type: RunEvent["type"],
): Promise<boolean> {
  for (let next = await events.next(); !next.done; next = await events.next()) {
    printer?.event(next.value);
    if (next.value.type === type) return true;
  }
  return false;
}

/** Whether the agent ended while it was looked at. */
async function view(run: RunSummary, { terminal, detachKeys, provider }: FollowSessionOptions): Promise<boolean> {
  const entry = { reference: run.runId, provider, terminal };
  return await enterSandbox(entry, async (entered) => {
    const left = await viewAgent(entered, { terminal, detachKeys, isReadOnly: false });
    return left.kind === "ended";
  });
}

function leave({ runDirectory }: RunSummary, { stderr, env }: Terminal): undefined {
  const name = runName(runDirectory);
  stderr.line(asTyped(`${name} continues. Enter it: glovebox attach ${name}. End it: glovebox stop ${name}`, env));
}

async function showEnd(store: RunStore, run: RunSummary, printer: RunPrinter): Promise<RunResult | undefined> {
  const result = await store.result(run.runId);
  if (result !== undefined) printer.end(result, { isScripted: wasScripted(run.runDirectory) });
  return result;
}
