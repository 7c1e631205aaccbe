import { join } from "node:path";
import { type BatchRow, type Verification, verifyRun } from "@glovebox/batch";
import { parseHostRule, type RunResult } from "@glovebox/core";
import { dropUndefined, type SandboxProvider } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { RunOptions } from "../config/run-options.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { findRunTemplate } from "../templates/run-template.ts";
import type { Terminal } from "../terminal.ts";
import { harnessLayers } from "./harness-layers.ts";

export interface VerifyRowInput {
  readonly result: RunResult;
  /** The options that `run` had for the row. */
  readonly options: RunOptions;
  readonly provider: SandboxProvider;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Verifies the result of a batch's row in a sandbox like that of its run, but without what the run got from the user. */
export async function verifyRow(row: BatchRow, input: VerifyRowInput): Promise<Verification> {
  const { result, options, provider, terminal, signal } = input;
  const home = stateDirectory(terminal.env);
  const { config: user } = await loadUserConfig(home);
  const { cpus, memory: memoryMiB, pids } = row.limits;
  return await verifyRun({
    ...{ result, provider, home, signal, command: row.verify ?? "" },
    runDirectory: join(home, "runs", result.runId),
    base: (await findRunTemplate(options, { user, home, directory: terminal.cwd })).base,
    layers: await harnessLayers(row.harness, { user, home, directory: terminal.cwd }),
    resources: dropUndefined({ cpus, memoryMiB, pids }),
    allow: (row.verifyAllow ?? []).map((text) => parseHostRule(text, "verifyAllow")),
    ...dropUndefined({ protect: row.verifyProtect, expect: row.verifyExpect, timeoutMs: row.verifyTimeout }),
  });
}
