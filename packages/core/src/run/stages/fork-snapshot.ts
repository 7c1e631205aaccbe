import { basename, join } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";
import { shareBaseline } from "../../files/baseline/share-baseline.ts";
import type { Template } from "../../provider/template.ts";
import type { RunContext } from "../context/run-context.ts";
import type { SandboxFacts } from "../sandbox/sandbox-facts.ts";
import { readOutcome, readRecord } from "../state/run-record.ts";

/** What a fork's sandbox has in common with the one that the snapshot is of. The rest is the fork's own. */
const shared = ["image", "workspace", "history", "mounts", "root inside", "added directories", "components"] as const;

/**
 * The snapshot that a fork starts from, if the fork requires the same of a sandbox. Otherwise `undefined`, with a warning: then
 * the fork gets the project, the files and the conversation; throws where these are not there, as the run has not ended.
 */
export async function forkSnapshot(run: RunContext, facts: SandboxFacts): Promise<Template | undefined> {
  const { spec, runDirectory, cancellation, reporter } = run;
  const snapshot = spec.fork?.snapshot;
  if (snapshot === undefined || spec.continues === undefined) return undefined;
  const earlier = join(spec.home, "runs", basename(spec.continues));
  const others = shared.filter((name) => facts[name] !== readRecord(earlier)?.sandboxFacts?.[name]);
  const result = readOutcome(earlier)?.result;
  if (others.length === 0) {
    if (spec.workspace !== undefined) {
      const { workspace } = spec;
      const signal = cancellation.stopping;
      await shareBaseline({ from: earlier, runDirectory, workspace, files: result?.files, signal });
    }
    return snapshot;
  }
  const reason = `this run has other settings (${others.join(", ")})`;
  if (result === undefined) {
    throw new InvalidOptionsError(
      `The run ${spec.continues} has not ended, and its snapshot cannot be used: ${reason}`,
    );
  }
  reporter.warn("fork", `The snapshot of ${spec.continues} is not used, so this run gets a new sandbox: ${reason}`);
  return undefined;
}
