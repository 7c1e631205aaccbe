import { realpath } from "node:fs/promises";
import { excludeOutputs } from "../../output/exclude-outputs.ts";
import { readBaseline, writeBaseline } from "../baseline/baseline.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import type { ManifestEntry } from "../manifest.ts";
import { keepFiles } from "./keep-files.ts";
import { listWorkspace } from "./list-workspace.ts";

/** How `carryBaseline` compares. */
export interface CarryBaselineOptions {
  /** The run in whose sandbox another one works on: its state directory, and what it brought back. */
  readonly earlier: { readonly runDirectory: string; readonly manifest: readonly ManifestEntry[] };
  /** The state directory of the run that works on. */
  readonly runDirectory: string;
  readonly workspace: string;
  readonly home: string;
  readonly signal?: AbortSignal;
}

/**
 * Lets a run that works on in an earlier one's sandbox compare its result with the project, as if that had gone in again. False
 * where it would have to: a file of the project is neither as it went in nor as the earlier run brought it back.
 */
export async function carryBaseline(options: CarryBaselineOptions): Promise<boolean> {
  const { earlier, runDirectory } = options;
  const baseline = await readBaseline(earlier.runDirectory);
  const workspace = await realpath(options.workspace);
  if (baseline?.workspace !== workspace) return false;
  const bounded = { ...options, workspace };
  const paths = await excludeOutputs(await listWorkspace(bounded), bounded);
  const kept = await keepFiles(bounded, paths, drain);
  const entries = asInside(kept.entries, baseline.entries, earlier.manifest);
  if (entries === undefined) return false;
  await writeBaseline(runDirectory, { ...baseline, entries, snapshot: kept.snapshot });
  return true;
}

async function drain(archive: AsyncIterable<Uint8Array>): Promise<void> {
  const pieces = archive[Symbol.asyncIterator]();
  while (!(await pieces.next()).done);
}

/** The project's entries, each as the sandbox had it; `undefined` when it never had one of them like this. */
function asInside(
  project: readonly ExtractedEntry[],
  sent: readonly ExtractedEntry[],
  manifest: readonly ManifestEntry[],
): ExtractedEntry[] | undefined {
  const wentIn = new Map(sent.map((entry) => [entry.path, entry]));
  const cameBack = new Map(manifest.map((entry) => [entry.path, entry]));
  const entries: ExtractedEntry[] = [];
  for (const entry of project) {
    const { change, ...returned } = cameBack.get(entry.path) ?? { ...entry, change: "deleted" };
    const known = [wentIn.get(entry.path), change === "deleted" ? undefined : returned].find(
      (one) => one !== undefined && isSame(one, entry),
    );
    if (known === undefined) return undefined;
    wentIn.delete(entry.path);
    entries.push(known);
  }
  // What is gone from the project has to be gone from the sandbox.
  const isGone = ({ path }: ExtractedEntry) => cameBack.get(path)?.change === "deleted";
  return [...wentIn.values()].every(isGone) ? entries : undefined;
}

/** Of the mode only what a run's result brings to a project counts. */
function isSame(a: ExtractedEntry, b: ExtractedEntry): boolean {
  if (a.kind !== b.kind || a.sha256 !== b.sha256 || a.target !== b.target) return false;
  return a.kind !== "file" || isExecutable(a) === isExecutable(b);
}

function isExecutable({ mode }: ExtractedEntry): boolean {
  return (Number.parseInt(mode, 8) & 0o100) !== 0;
}
