import { realpathSync } from "node:fs";
import { createRunStore, type RunStore, type RunSummary } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { loadRunHarness } from "../config/plugins.ts";
import type { RunOptions } from "../config/run-options.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { DetachKeys, defaultDetachKeys } from "../inside/attach/detach-keys.ts";
import { requireTerminal } from "../inside/shell-inside.ts";
import { asTyped } from "../print/command-name.ts";
import { directoryOf } from "../run/directory-of.ts";
import { startDetached } from "../runner/start-detached.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { followSession } from "./follow-session.ts";
import { offerChanges } from "./offer-changes.ts";

export interface SessionOptions extends RunOptions {
  readonly new?: boolean;
  readonly detachKeys?: string;
}

export interface SessionInput {
  readonly prompt: string | undefined;
  readonly options: SessionOptions;
  readonly harness: string;
  /** The command's own name. */
  readonly name: string;
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
}

/** Starts an agent for the current directory in a sandbox, or enters the one that runs. Resolves to the exit code. */
export async function runSession(input: SessionInput): Promise<number> {
  const { options, terminal } = input;
  requireTerminal(terminal);
  const detachKeys = new DetachKeys(options.detachKeys ?? defaultDetachKeys);
  const store = createRunStore(stateDirectory(terminal.env));
  const running = options.new ? undefined : await runningSession(store, input);
  if (running !== undefined) terminal.stderr.line(asTyped(entering(running, input), terminal.env));
  const run = running ?? (await startSession(store, input));
  const end = await followSession(store, run, {
    terminal,
    detachKeys,
    isNew: running === undefined,
    provider: options.sandbox ?? options.provider,
  });
  if (end === undefined) return 0;
  const applied = await offerChanges(run, end, { terminal, yes: options.yes, noInput: options.noInput });
  return end.exitCode === 0 ? applied : end.exitCode;
}

async function runningSession(store: RunStore, input: SessionInput): Promise<RunSummary | undefined> {
  const { options, terminal, prompt, name } = input;
  const directory = realpathSync(directoryOf(options.directory, terminal));
  const home = stateDirectory(terminal.env);
  const { config: user } = await loadUserConfig(home);
  const { id } = await loadRunHarness({ options: { harness: input.harness }, user, home, directory });
  const isHere = ({ workspace }: RunSummary) => workspace !== undefined && realpathOf(workspace) === directory;
  const found = (await store.list()).find(
    (run) => run.isAlive && run.interactive === true && run.harnessId === id && isHere(run),
  );
  if (found === undefined || prompt === undefined) return found;
  throw new InvalidOptionsError(
    `${runName(found.runDirectory)} runs for this directory: a prompt would start another one`,
    {
      hint: `Enter it and type there: glovebox ${name}. Or start another one: glovebox ${name} --new "…"`,
    },
  );
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It has been removed meanwhile.
    return path;
  }
}

function entering({ runDirectory }: RunSummary, { name }: SessionInput): string {
  return `Entering ${runName(runDirectory)}, which runs for this directory. Another one: glovebox ${name} --new`;
}

async function startSession(store: RunStore, input: SessionInput): Promise<RunSummary> {
  const { prompt = "", harness, extraArgs, terminal } = input;
  const { new: _new, detachKeys: _keys, ...options } = input.options;
  const { runId } = await startDetached({
    argument: prompt,
    options: { ...options, harness, interactive: true, workspace: "." },
    extraArgs,
    terminal,
  });
  return await store.get(runId);
}
