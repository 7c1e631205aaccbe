import { SandboxError } from "../../errors/index.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { safeLine } from "../../text/index.ts";
import { Journal } from "../journal/journal.ts";
import type { Redactor } from "../journal/redactor.ts";
import { runRedactor } from "../journal/run-redactor.ts";
import type { RunSpec } from "../run-spec.ts";
import { runTimeoutMs } from "../stop/run-timeout.ts";
import { readOwner } from "./owner.ts";
import { writeRecord } from "./run-record.ts";

export interface OpenedRun {
  readonly lock: DirectoryLock;
  readonly journal: Journal;
  readonly redactor: Redactor;
  readonly owner: string;
  readonly startedAt: Date;
}

/** Takes a new run: the lock, the record and the journal, in this order. */
export function openRun(options: {
  readonly spec: RunSpec;
  readonly runId: string;
  readonly runDirectory: string;
  readonly onAppend: () => void;
}): OpenedRun {
  const { spec, runId, runDirectory } = options;
  const owner = readOwner(spec.home);
  const lock = DirectoryLock.tryAcquire(runDirectory);
  if (lock === undefined) throw new SandboxError("invalid-options", `The run ${runId} is held by another process`);
  const redactor = runRedactor(spec);
  const startedAt = new Date();
  writeRecord(runDirectory, {
    v: 1,
    runId,
    owner,
    startedAt: startedAt.toISOString(),
    providerId: spec.provider.id,
    harnessId: spec.harness.id,
    outputDirectory: spec.outputDirectory,
    ...(spec.overwrite === undefined ? {} : { overwrite: spec.overwrite }),
    ...dropUndefined({ continues: spec.continues, sessionDirectory: spec.harness.sessions?.directory }),
    ...(spec.workspace === undefined ? {} : { workspace: spec.workspace }),
    ...(spec.ignore === undefined ? {} : { ignore: [...spec.ignore] }),
    ...(spec.limits === undefined ? {} : { limits: spec.limits }),
    timeoutMs: runTimeoutMs(spec),
    ...dropUndefined({ interactive: spec.interactive }),
    ...(spec.labels === undefined ? {} : { labels: spec.labels }),
    secretNames: secretNames(spec),
    promptPreview: preview(redactor.text(spec.task.prompt)) || "(interactive)",
  });
  return {
    lock,
    redactor,
    owner,
    startedAt,
    journal: new Journal({ runDirectory, runId, lock, redactor, onAppend: options.onAppend }),
  };
}

/** By which their values can be looked up again, to keep them out of what is exported of the run. */
function secretNames({ credential, env, network }: RunSpec): string[] {
  const inside = Object.entries(env ?? {}).flatMap(([name, value]) => (typeof value === "string" ? [] : [name]));
  const outside = (network?.credentials ?? []).map(({ secret }) => secret.name);
  const own = credential.secret === undefined ? [] : [credential.variable];
  return [...new Set([...own, ...inside, ...outside])];
}

function preview(prompt: string): string {
  return safeLine(prompt, 300);
}
