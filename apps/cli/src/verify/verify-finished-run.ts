import { type Verification, verifyRun } from "@glovebox/batch";
import { createRunStore, parseHostRule } from "@glovebox/core";
import { dropUndefined } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { RunOptions } from "../config/run-options.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { findRun } from "../run/find-run.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import { openRunProvider } from "../run/open-run-provider.ts";
import { finishedRun } from "../runs/finished-run.ts";
import { runName } from "../runs/run-name.ts";
import { findRunTemplate } from "../templates/run-template.ts";
import type { Terminal } from "../terminal.ts";
import { harnessLayers } from "./harness-layers.ts";
import { printVerification } from "./print-verification.ts";
import { shellCommand } from "./shell-command.ts";

export interface VerifyCommandOptions
  extends Pick<
    RunOptions,
    "provider" | "template" | "image" | "dockerfile" | "buildArg" | "cpus" | "memory" | "allowHost"
  > {
  readonly protect?: readonly string[];
  readonly expect?: string;
  /** In milliseconds. */
  readonly timeout?: number;
  readonly json?: boolean;
}

export interface VerifyFinishedRunInput {
  readonly reference: string | undefined;
  /** The command and its arguments, or one command line. */
  readonly words: readonly string[];
  readonly options: VerifyCommandOptions;
  readonly terminal: Terminal;
}

/** `glovebox verify`. Resolves to the exit code. */
export async function verifyFinishedRun(input: VerifyFinishedRunInput): Promise<number> {
  const { options, terminal, words } = input;
  const home = stateDirectory(terminal.env);
  const store = createRunStore(home);
  const run = await findRun(store, input.reference, terminal.cwd);
  const result = await finishedRun(store, run);
  const { config: user } = await loadUserConfig(home);
  const { provider } = await openRunProvider(terminal, run, options.provider);
  const stop = new AbortController();
  using _ = listenForInterrupts({ first: () => stop.abort(), second: () => stop.abort() });
  const { cpus, memory: memoryMiB, protect, expect, timeout: timeoutMs } = options;
  const name = runName(run.runDirectory);
  const verification = await verifyRun({
    ...{ result, runDirectory: run.runDirectory, provider, home, signal: stop.signal },
    command: shellCommand(words),
    base: (await findRunTemplate(options, { user, home, directory: terminal.cwd })).base,
    layers: await harnessLayers(run.harnessId, { user, home, directory: terminal.cwd }),
    resources: dropUndefined({ cpus, memoryMiB }),
    allow: (options.allowHost ?? []).map((text) => parseHostRule(text, "--allow-host")),
    onProgress: (message) => {
      if (!options.json) terminal.stderr.line(terminal.stderr.colors.dim(`verifying ${name}: ${message}`));
    },
    ...dropUndefined({ protect, expect, timeoutMs }),
  });
  if (options.json) terminal.stdout.json({ runId: run.runId, ...verification });
  else printVerification(verification, { name, terminal });
  return exitCodeOf(verification);
}

/** 0: passed. 1: failed. 4: nobody knows. */
export function exitCodeOf({ passed, verdict }: Verification): number {
  if (passed) return 0;
  return verdict === "not-verified" ? 4 : 1;
}
