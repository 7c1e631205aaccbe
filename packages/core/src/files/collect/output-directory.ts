import { lstat, mkdtemp, readdir, realpath, rmdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, parse, resolve } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";
import { checkWritePlace } from "../../host-files/check-write-place.ts";
import { isAbsent, unreadable } from "../../host-files/file-kind.ts";
import { makeHostDirectory } from "../../host-files/make-host-directory.ts";
import { isVersionControl } from "../../host-files/version-control.ts";
import { describeOnDisk, OutputRecord } from "../../output/output-record.ts";
import type { ExistingEntry, ExtractedEntry } from "../extract/extraction.ts";

/** The output directory of a run, and what is known of it. */
export interface OutputDirectoryOptions {
  readonly outputDirectory: string;
  readonly workspace?: string | undefined;
  /** Where it is kept what runs have written: the state directory. */
  readonly home: string;
  readonly runId: string;
  /** Lets files give way that no run wrote. */
  readonly overwrite?: boolean | undefined;
  /** Leaves a path out of the result, so that nothing is written there. */
  ignores(path: string, isDirectory: boolean): boolean;
}

const mostNamed = 5;

/**
 * Throws `invalid-options` for a directory that a run must not write to: one that is reached by a link, lies in a version
 * control directory, is the home directory or the root of the disk, holds the workspace, or holds files that no run wrote and
 * nobody said may be overwritten. Leaves nothing there. Resolves to its real path.
 */
export async function checkOutputDirectory(options: OutputDirectoryOptions): Promise<string> {
  const { outputDirectory, workspace } = options;
  if (!isAbsolute(outputDirectory))
    throw new InvalidOptionsError(`The output directory is not an absolute path: ${outputDirectory}`);
  await refuseSharedPlace(resolve(outputDirectory), outputDirectory);
  const real = checkWritePlace(outputDirectory);
  await refuseSharedPlace(real, outputDirectory);
  await refuseWorkspace(real, outputDirectory, workspace);
  const existing = await nearestThere(real);
  if (!(await stat(existing)).isDirectory()) {
    throw new InvalidOptionsError(
      `The output directory ${existing === real ? "is" : "lies below"} a file: ${outputDirectory}`,
    );
  }
  await tryToMakeDirectory(existing).catch((cause) => {
    throw new InvalidOptionsError(`The output directory cannot be written: ${outputDirectory} (${cause.code})`, {
      cause,
    });
  });
  if (existing === real && options.overwrite !== true) await refuseForeignFiles(real, options);
  return real;
}

/** Some file systems take no directories whatever the permissions say: `/proc`, one that is mounted read-only. */
async function tryToMakeDirectory(path: string): Promise<void> {
  await rmdir(await mkdtemp(join(path, ".glovebox-")));
}

async function nearestThere(path: string): Promise<string> {
  for (let existing = path; ; existing = dirname(existing)) {
    if ((await lstat(existing).catch(() => undefined)) !== undefined || existing === dirname(existing)) return existing;
  }
}

/** An output directory that is ready to be written to. */
export interface OutputDirectory {
  /** Its real path. */
  readonly path: string;
  existing(path: string): ExistingEntry;
  /** Notes what was written, so that another archive of the same collection may replace it. */
  wrote(paths: Iterable<string>): void;
  /** Keeps what was written, so that a later run may replace it. */
  finish(written: Iterable<ExtractedEntry>): void;
}

/** Checks the directory again, makes it, and notes that a run writes to it. */
export async function prepareOutputDirectory(options: OutputDirectoryOptions): Promise<OutputDirectory> {
  const { home, runId } = options;
  const path = await checkOutputDirectory(options);
  await makeHostDirectory(path);
  const record = OutputRecord.open(home, path);
  const isResumed = record.wasBegunBy(runId);
  const written = new Set<string>();
  const existing = (name: string): ExistingEntry => {
    if (written.has(name)) return { mayReplace: true };
    const mayReplace = options.overwrite === true || record.owns(path, name, runId);
    return { mayReplace, before: mayReplace && !isResumed ? describeOnDisk(path, name) : undefined };
  };
  try {
    record.begin(path, runId);
  } catch {
    // A state directory that is full must not keep the files in the sandbox: a later run then asks before it replaces them.
  }
  return {
    path,
    existing,
    wrote: (paths) => {
      for (const name of paths) written.add(name);
    },
    finish: (entries) => record.finish(path, runId, entries),
  };
}

/** What is left out of a result and what belongs to a version control system is never written to, so it does not count. */
async function refuseForeignFiles(directory: string, options: OutputDirectoryOptions): Promise<void> {
  const record = OutputRecord.open(options.home, directory);
  const found: string[] = [];
  for await (const path of walk(directory, "", options)) {
    if (isOwn(record, directory, path, options.runId)) continue;
    found.push(path);
    if (found.length > mostNamed) break;
  }
  if (found.length === 0) return;
  const named = found.slice(0, mostNamed).join(", ");
  throw new InvalidOptionsError(
    `The output directory ${directory} holds what no run wrote, or what was changed since: ${named}${found.length > mostNamed ? " and more" : ""}`,
    { hint: "Choose another directory, or let the run overwrite such files.", remedy: { set: "overwrite" } },
  );
}

/** What has gone since it was listed is in nobody's way. */
function isOwn(record: OutputRecord, directory: string, path: string, runId: string): boolean {
  try {
    return record.owns(directory, path, runId);
  } catch (cause) {
    if (isAbsent(cause)) return true;
    throw unreadable(join(directory, path), cause);
  }
}

async function* walk(directory: string, below: string, options: OutputDirectoryOptions): AsyncGenerator<string> {
  const place = join(directory, below);
  const entries = await readdir(place, { withFileTypes: true }).catch((cause) => {
    if (isAbsent(cause)) return [];
    throw unreadable(place, cause);
  });
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (isVersionControl(entry.name) || options.ignores(path, entry.isDirectory())) continue;
    if (entry.isDirectory()) yield* walk(directory, path, options);
    else yield path;
  }
}

async function refuseWorkspace(path: string, asGiven: string, workspace: string | undefined): Promise<void> {
  const project = workspace === undefined ? undefined : await realpath(workspace).catch(() => undefined);
  if (project === undefined || (project !== path && !project.startsWith(`${path}/`))) return;
  throw new InvalidOptionsError(`The output directory would write over the workspace: ${asGiven}`, {
    hint: "Choose another directory; `glovebox apply` brings the changes into the project",
  });
}

async function refuseSharedPlace(path: string, asGiven: string): Promise<void> {
  const home = resolve(homedir());
  const realHome = await realpath(home).catch(() => home);
  if ([parse(path).root, home, realHome].includes(path)) {
    throw new InvalidOptionsError(`The output directory would be ${path}: ${asGiven}`, {
      hint: "Choose a directory of its own",
    });
  }
}
