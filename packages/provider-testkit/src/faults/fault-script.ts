import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  type Sandbox,
  type SandboxProvider,
  type SandboxSpec,
  type TemplateSpec,
  workspaceDir,
} from "@glovebox/core/provider";
import { readTar } from "../archives/read-tar.ts";
import { pieces } from "../bytes/pieces.ts";
import { runInside } from "../in-sandbox/run-inside.ts";

const input = Buffer.alloc(200_000, "what goes in ");
const sha256 = createHash("sha256").update(input).digest("hex");
const exitCode = 7;
const outputBytes = 100_000;
/** Large enough for a way of its own, where a provider has one. */
const largeBytes = 17_000_000;

const program = `const fs = require("node:fs"); const { createHash } = require("node:crypto");
  const hash = createHash("sha256").update(fs.readFileSync("in")).digest("hex");
  fs.writeFileSync("large", Buffer.alloc(${largeBytes}));
  process.stdout.write(hash + "o".repeat(${outputBytes}), () => process.exit(${exitCode}));`;

export interface FaultScriptOptions {
  readonly provider: SandboxProvider;
  readonly template: TemplateSpec;
  readonly spec: Omit<SandboxSpec, "template">;
  readonly signal: AbortSignal;
  /** For the end of the sandbox, which is not given up when the rest is. */
  readonly destroySignal: AbortSignal;
}

/** What came of a run: each failure as it was thrown. */
export interface FaultScriptOutcome {
  /** Whether `create` resolved. */
  readonly created: boolean;
  /** What stopped it, and at what. */
  readonly failure?: { readonly stage: string; readonly error: unknown };
  /** Why the sandbox may still be there. */
  readonly destroyError?: unknown;
}

/**
 * What every run does: prepares, creates, puts a file in, runs a program, collects, destroys. What is reported is checked
 * on the way, so that a run without a failure is one in which everything was right.
 */
export async function runFaultScript(options: FaultScriptOptions): Promise<FaultScriptOutcome> {
  const { provider, spec, signal, destroySignal } = options;
  let stage = "prepare";
  let sandbox: Sandbox | undefined;
  let failure: FaultScriptOutcome["failure"];
  try {
    const template = await provider.prepare(options.template, { signal });
    stage = "create";
    sandbox = await provider.create({ ...spec, template }, { signal });
    for (const [name, work] of Object.entries(stages)) {
      stage = name;
      await work({ provider, sandbox, labels: spec.labels, signal });
    }
  } catch (error) {
    failure = { stage, error };
  }
  const outcome = { created: sandbox !== undefined, ...(failure && { failure }) };
  if (sandbox === undefined) return outcome;
  try {
    await sandbox.destroy({ signal: destroySignal });
    return outcome;
  } catch (destroyError) {
    await sandbox.close().catch(() => {});
    return { ...outcome, destroyError };
  }
}

interface StageContext {
  readonly provider: SandboxProvider;
  readonly sandbox: Sandbox;
  readonly labels: SandboxSpec["labels"];
  readonly signal: AbortSignal;
}

const stages: Readonly<Record<string, (run: StageContext) => Promise<void>>> = {
  info: async ({ sandbox, signal }) => {
    assert.equal((await sandbox.info({ signal })).state, "running");
  },
  write: ({ sandbox, signal }) => sandbox.files.writeStream(`${workspaceDir}/in`, pieces(input), { signal }),
  run: async ({ sandbox, signal }) => {
    const { stdout, exit } = await runInside(sandbox, ["node", "-e", program], { signal });
    if (exit.reason === "lost" || exit.reason === "killed") throw new ExitUnknown(exit.reason);
    assert.equal(exit.exitCode, exitCode, "the exit code is the program's");
    assert.equal(stdout.toString("utf8"), sha256 + "o".repeat(outputBytes), "the output is whole");
  },
  list: async ({ provider, sandbox, labels, signal }) => {
    const ids: string[] = [];
    for await (const { id } of provider.list({ labels }, { signal })) ids.push(id);
    assert.deepEqual(ids, [sandbox.id], "the sandbox is listed");
  },
  connect: async ({ provider, sandbox, signal }) => {
    const other = await provider.connect(sandbox.id, { signal });
    try {
      assert.equal((await other.files.stat(`${workspaceDir}/in`, { signal }))?.size, input.length);
    } finally {
      await other.close();
    }
  },
  collect: async ({ sandbox, signal }) => {
    await sandbox.quiesce({ signal });
    const archive = await readTar(await sandbox.files.getArchive(workspaceDir, { signal }));
    assert.equal(archive.get("in")?.sha256, sha256, "what comes back is what went in");
    assert.equal(archive.get("large")?.size, largeBytes);
  },
};

/** The program's end was not learnt, and its output ended without an error: an answer, and no success. */
export class ExitUnknown extends Error {}
