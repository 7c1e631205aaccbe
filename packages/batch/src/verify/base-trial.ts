import { createHash } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunFiles } from "@glovebox/core";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { dropUndefined } from "@glovebox/core/provider";
import { readStateFile, replaceFile } from "@glovebox/core/state";
import { z } from "zod";
import { printedTests } from "./runners/printed-tests.ts";
import { runTrial } from "./trial.ts";
import type { VerifyOptions } from "./verify-options.ts";

const countsSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number(), broken: z.boolean() });

const baseTrialSchema = z.object({
  v: z.literal(1),
  exitCode: z.number().nullable(),
  timedOut: z.boolean(),
  durationMs: z.number(),
  printed: z.number().optional(),
  report: z.array(z.tuple([z.string(), countsSchema])).optional(),
});

/** What the command does with the project as it was before the run. */
export interface BaseTrial extends Omit<z.infer<typeof baseTrialSchema>, "report"> {
  readonly report?: ReadonlyMap<string, z.infer<typeof countsSchema>>;
}

const mostKept = 500;
const running = new Map<string, Promise<BaseTrial>>();

/**
 * Runs the command on the project as it was before the run, once for each project, command and sandbox: the state directory
 * keeps what came of it.
 */
export async function baseTrial(
  options: VerifyOptions,
  files: RunFiles,
  setsNodeReporter: boolean,
): Promise<BaseTrial> {
  const key = keyOf(options, files);
  const directory = join(options.home, "verify");
  const file = join(directory, `${key}.json`);
  const known = readKnown(file);
  if (known !== undefined) return known;
  const current = running.get(key);
  if (current !== undefined) return await current;
  const created = runBase(options, files, setsNodeReporter).finally(() => running.delete(key));
  running.set(key, created);
  const trial = await created;
  await makeHostDirectory(directory, 0o700);
  await replaceFile(file, JSON.stringify({ ...trial, ...(trial.report && { report: [...trial.report] }) }));
  removeOldest(directory);
  return trial;
}

async function runBase(options: VerifyOptions, files: RunFiles, setsNodeReporter: boolean): Promise<BaseTrial> {
  const places = files.base.map((entry) => ({ entry, from: "base" as const }));
  const onProgress = (message: string) => options.onProgress?.(`the project before the run: ${message}`);
  const { exitCode, timedOut, durationMs, report, output } = await runTrial(
    { ...options, onProgress },
    { files, places, guarded: [], setsNodeReporter },
  );
  const printed = exitCode === 0 ? printedTests(output) : undefined;
  return { v: 1, exitCode, timedOut, durationMs, ...dropUndefined({ report, printed }) };
}

function readKnown(file: string): BaseTrial | undefined {
  try {
    const kept = readStateFile(file, baseTrialSchema);
    if (kept === undefined) return undefined;
    const { report, ...rest } = kept;
    return { ...rest, ...(report === undefined ? {} : { report: new Map(report) }) };
  } catch {
    // Damaged: the command can run again.
    return undefined;
  }
}

function keyOf(options: VerifyOptions, files: RunFiles): string {
  const { command, provider, base, layers, resources, allow, timeoutMs } = options;
  const sandbox = {
    provider: provider.id,
    base,
    layers,
    resources,
    allow: allow?.map(({ host, port }) => [host, port]),
  };
  const hash = createHash("sha256").update(JSON.stringify({ v: 1, command, timeoutMs, sandbox }));
  for (const { path, kind, mode, sha256, target } of files.base) {
    hash.update(JSON.stringify([path, kind, mode, sha256, target]));
  }
  return hash.digest("hex");
}

function removeOldest(directory: string): void {
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  if (names.length <= mostKept) return;
  const aged = names.map((name) => ({
    name,
    at: statSync(join(directory, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(mostKept))
    rmSync(join(directory, name), { force: true });
}
