import { setTimeout as sleep } from "node:timers/promises";
import { type RunStore, type RunSummary, reap } from "@glovebox/core";
import { SandboxAbortedError, SandboxError } from "@glovebox/core/provider";
import { DirectoryLock, stateDirectory } from "@glovebox/core/state";
import { safeName } from "@glovebox/core/text";
import { asTyped } from "../print/command-name.ts";
import { openRunProvider } from "../run/open-run-provider.ts";
import type { Terminal } from "../terminal.ts";
import { runName } from "./run-name.ts";

const pollMs = 200;

export interface RecoverOptions {
  readonly signal?: AbortSignal | undefined;
  /** The provider as it was given to the run, where the id in its record does not lead to it. */
  readonly provider?: string | undefined;
}

/**
 * Finishes a run whose process died: brings its files back, removes its sandbox and writes its end. Returns the run as it is
 * then; any other one, also one that was kept, as it is. Several commands may do so at once: one of them works, the others
 * wait. Throws where it cannot be recovered, unless its result is known: then the sandbox stays left, with a warning.
 */
export async function recoverDeadRun(
  store: RunStore,
  run: RunSummary,
  terminal: Terminal,
  options: RecoverOptions = {},
): Promise<RunSummary> {
  let current = run;
  while (await isDead(store, current)) {
    if (options.signal?.aborted) throw new SandboxAbortedError("Cancelled");
    if (DirectoryLock.isHeld(current.runDirectory)) await sleep(pollMs);
    else if (!(await tryRecovering(store, current, { ...options, terminal }))) return current;
    current = await store.get(run.runId);
  }
  return current;
}

/** Whether its process ended before the run did, or before it had removed the sandbox. */
async function isDead(store: RunStore, run: RunSummary): Promise<boolean> {
  if (run.isAlive) return false;
  if (run.outcome === undefined) return true;
  return run.isLeftBehind && (await store.result(run.runId))?.cleanup.state === "left";
}

/** False where it failed and the command can do its work nevertheless. */
async function tryRecovering(
  store: RunStore,
  run: RunSummary,
  options: RecoverOptions & { readonly terminal: Terminal },
): Promise<boolean> {
  const { stderr, env } = options.terminal;
  const name = runName(run.runDirectory);
  const hasResult = run.outcome !== undefined;
  if (!hasResult) stderr.line(`The process of ${name} ended before the run did: recovering it`);
  try {
    await recover(store, run, options);
    return true;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    const message = `The sandbox of ${name} is left behind and cannot be recovered: ${error.message}`;
    const hint = error.hint ?? `Try again later: glovebox reap ${name}`;
    if (!hasResult) throw new SandboxError(error.code, message, { hint, cause: error });
    stderr.line(`${stderr.colors.yellow("warning:")} ${asTyped(message, env)}`);
    return false;
  }
}

async function recover(
  store: RunStore,
  run: RunSummary,
  { terminal, signal, provider: name }: RecoverOptions & { readonly terminal: Terminal },
): Promise<void> {
  const { runId, runDirectory } = run;
  const { provider } = await openRunProvider(terminal, run, name);
  const home = stateDirectory(terminal.env);
  const report = await reap({ home, provider, runId, ...(signal === undefined ? {} : { signal }) });
  for (const { directory } of report.collected)
    terminal.stderr.line(`The files of ${runName(runDirectory)} are in ${safeName(directory)}`);
  const [left] = report.left;
  // Another process may have been faster, and is at it.
  if (DirectoryLock.isHeld(runDirectory) || !(await isDead(store, await store.get(runId)))) return;
  throw new SandboxError("unavailable", left?.reason ?? "The provider does not know it");
}
