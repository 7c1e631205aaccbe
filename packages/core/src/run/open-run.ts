import { SandboxError } from "../errors/index.ts";
import type { CredentialRule } from "../provider/egress-policy.ts";
import { Secret } from "../provider/secret.ts";
import { Journal } from "./journal.ts";
import { readOwner } from "./owner.ts";
import { Redactor } from "./redactor.ts";
import { RunLock } from "./run-lock.ts";
import { writeRecord } from "./run-record.ts";
import type { RunSpec } from "./run-spec.ts";

export interface OpenedRun {
  readonly lock: RunLock;
  readonly journal: Journal;
  readonly redactor: Redactor;
  readonly owner: string;
  readonly startedAt: Date;
}

/** Takes a new run: the lock, the record and the journal, in this order. */
export function openRun(options: {
  readonly spec: RunSpec;
  readonly runId: string;
  readonly runDir: string;
  readonly onAppend: () => void;
}): OpenedRun {
  const { spec, runId, runDir } = options;
  const owner = readOwner(spec.home);
  const lock = RunLock.tryAcquire(runDir);
  if (lock === undefined) throw new SandboxError("invalid-options", `The run ${runId} is held by another process`);
  const redactor = new Redactor([
    spec.credential.secret,
    ...Object.values(spec.env ?? {}).filter(isSecret),
    ...(spec.network?.credentials ?? []).flatMap(secretForms),
  ]);
  const startedAt = new Date();
  writeRecord(runDir, {
    v: 1,
    runId,
    startedAt: startedAt.toISOString(),
    providerId: spec.provider.id,
    harnessId: spec.harness.id,
    outputDir: spec.outputDir,
    ...(spec.workspace === undefined ? {} : { workspace: spec.workspace }),
    ...(spec.ignore === undefined ? {} : { ignore: [...spec.ignore] }),
    ...(spec.limits === undefined ? {} : { limits: spec.limits }),
    promptPreview: preview(redactor.text(spec.task.prompt)),
  });
  return {
    lock,
    redactor,
    owner,
    startedAt,
    journal: new Journal({ runDir, runId, lock, redactor, onAppend: options.onAppend }),
  };
}

/** A credential as it is known, and as it travels. */
function secretForms({ scheme, username = "x-access-token", secret }: CredentialRule): Secret[] {
  if (scheme?.toLowerCase() !== "basic") return [secret];
  return [secret, new Secret(secret.name, Buffer.from(`${username}:${secret.reveal()}`).toString("base64"))];
}

function isSecret(value: string | Secret): value is Secret {
  return value instanceof Secret;
}

function preview(prompt: string): string {
  const line = prompt.replace(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
