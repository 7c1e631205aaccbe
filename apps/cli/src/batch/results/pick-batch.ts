import { createBatchStore, pickBest, readCandidates } from "@glovebox/batch";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { execa } from "execa";
import { type ApplyOptions, applyRun } from "../../run/apply-run.ts";
import type { Terminal } from "../../terminal.ts";

export interface PickOptions extends Pick<ApplyOptions, "target" | "force" | "dryRun" | "yes" | "json"> {
  readonly group?: string;
  readonly unverified?: boolean;
  readonly judge?: string;
}

const judgeTimeoutMs = 10 * 60_000;
const maxJudgeOutput = 64 * 1024;

/** `glovebox batch pick`. Resolves to the exit code: 1 when nothing was chosen, else that of `apply`. */
export async function pickFromBatch(reference: string, options: PickOptions, terminal: Terminal): Promise<number> {
  const { group, unverified, judge, json, target, force, dryRun, yes } = options;
  const { stdout, stderr, env, cwd } = terminal;
  const home = stateDirectory(env);
  const candidates = await readCandidates({
    batches: createBatchStore(home),
    id: reference,
    home,
    ...dropUndefined({ group }),
  });
  const { candidate, reason } = await pickBest({
    candidates,
    ...dropUndefined({ unverified }),
    ...(judge === undefined ? {} : { judge: (input) => askJudge(judge, input, { cwd, env }) }),
  });
  if (json) stdout.json({ picked: candidate?.id ?? null, runId: candidate?.runId ?? null, reason });
  else stderr.line(candidate === undefined ? reason : `${candidate.id}: ${reason}`);
  if (candidate?.runId === undefined) {
    if (!json && !unverified) stderr.line("hint: `glovebox batch report` says why; --unverified also takes others.");
    return 1;
  }
  const passed = dropUndefined({ target, force, dryRun, yes, json });
  return await applyRun({ arguments: [candidate.runId], paths: [] }, passed, terminal);
}

/** What a command of the user's prints. It sees what the agents wrote, so its answer is not trusted. */
async function askJudge(
  command: string,
  input: string,
  { cwd, env }: { readonly cwd: string; readonly env: Terminal["env"] },
): Promise<string> {
  const { stdout, exitCode, timedOut, isMaxBuffer, failed } = await execa("sh", ["-c", command], {
    ...{ input, cwd, env, extendEnv: false, timeout: judgeTimeoutMs, maxBuffer: maxJudgeOutput, reject: false },
    ...{ stderr: "inherit", forceKillAfterDelay: 5000 },
  });
  if (timedOut) throw new InvalidOptionsError(`The judge did not end within ${judgeTimeoutMs / 60_000} minutes`);
  if (isMaxBuffer) throw new InvalidOptionsError("The judge printed more than 64 KiB");
  if (failed) throw new InvalidOptionsError(`The judge failed with ${exitCode ?? "a signal"}: ${safeLine(command)}`);
  return stdout;
}
