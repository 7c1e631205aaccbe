import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { SandboxError, SandboxFileError } from "../../errors/index.ts";
import { makeHostDirectorySync } from "../../host-files/make-host-directory.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import { workspaceDir } from "../../provider/sandbox.ts";
import type { FoundRepository } from "../extract/extraction.ts";
import type { CollectedRepository } from "../manifest.ts";
import { collectArchive } from "./collect-archive.ts";
import { collectBundle } from "./collect-bundle.ts";
import { gatherRefs, maxRefs, type RepositoryInside } from "./gather-refs.ts";
import { chooseRepositoryReader } from "./repository-reader.ts";
import { restoreRepository } from "./restore-repository.ts";

export interface CollectRepositoriesOptions {
  readonly runDirectory: string;
  /** Where the files have been brought to. */
  readonly directory: string;
  readonly repositories: readonly FoundRepository[];
  /** The largest repository that is taken, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

/** After these nothing else can be asked of the sandbox. */
const fatalCodes: ReadonlySet<string> = new Set(["aborted", "lost", "stopped", "not-found", "authentication"]);

/**
 * Brings the repositories that the agent made. A repository on a disk is a program: its settings and hooks run when
 * anything looks at it. So none comes back as it is: its commits come as a bundle, and git on the host recreates it.
 * What git cannot read comes as an archive, unopened. Throws when the sandbox does not answer any more.
 */
export async function collectRepositories(
  sandbox: Sandbox,
  options: CollectRepositoriesOptions,
): Promise<CollectedRepository[]> {
  const collected: CollectedRepository[] = [];
  for (const [index, repository] of options.repositories.entries()) {
    const one = await collectRepository(sandbox, repository, index, options);
    if (one !== undefined) collected.push(one);
  }
  return collected;
}

async function collectRepository(
  sandbox: Sandbox,
  repository: FoundRepository,
  index: number,
  options: CollectRepositoriesOptions,
): Promise<CollectedRepository | undefined> {
  const { path, isBare } = repository;
  const shown = isBare ? path : join(path, ".git");
  const kept = join(options.runDirectory, "repositories");
  makeHostDirectorySync(kept, 0o700);
  const bundle = join(kept, `${index + 1}.bundle`);
  try {
    return await bringCommits(sandbox, repository, bundle, options);
  } catch (error) {
    if (!SandboxError.isInstance(error) || fatalCodes.has(error.code)) throw error;
    const reason = `The repository ${shown} could not be read (${error.message})`;
    const archive = join(kept, `${index + 1}.tar`);
    try {
      const gitDirectory = isBare ? join(workspaceDir, path) : join(workspaceDir, path, ".git");
      await collectArchive(sandbox, { ...options, directory: gitDirectory, path: archive });
      options.onWarning?.("repository", `${reason}: it is kept unopened in ${archive}`);
      return { path, state: "archive", file: archive };
    } catch (cause) {
      if (!SandboxError.isInstance(cause) || fatalCodes.has(cause.code)) throw cause;
      options.onWarning?.("repository", `${reason}, and not be kept either: ${cause.message}`);
      return undefined;
    }
  }
}

async function bringCommits(
  sandbox: Sandbox,
  { path, isBare }: FoundRepository,
  bundle: string,
  options: CollectRepositoriesOptions,
): Promise<CollectedRepository | undefined> {
  const { directory, maxBytes, signal } = options;
  const place = join(workspaceDir, path);
  const repository: RepositoryInside = { directory: place, gitDir: isBare ? place : join(place, ".git") };
  const inside = await chooseRepositoryReader(sandbox, repository, signal);
  const namespace = `refs/glovebox-${randomBytes(8).toString("hex")}`;
  const gathered = await gatherRefs(sandbox, inside, { namespace, known: [], signal });
  const shown = isBare ? path : join(path, ".git");
  if (gathered.isCut) {
    options.onWarning?.("repository", `${shown} has more than ${maxRefs} references; those after were left out`);
  }
  const hasCommits = gathered.count > 0;
  if (hasCommits) await collectBundle(sandbox, inside, { namespace, known: [], path: bundle, maxBytes, signal });
  try {
    if (isBare) throw new SandboxFileError("it has no work tree");
    await restoreRepository({ directory: join(directory, path), gathered, ...(hasCommits ? { bundle } : {}), signal });
    rmSync(bundle, { force: true });
    return { path, state: "restored" };
  } catch (error) {
    if (!SandboxError.isInstance(error) || fatalCodes.has(error.code)) throw error;
    if (!hasCommits) {
      options.onWarning?.(
        "repository",
        `The repository ${shown} could not be recreated here (${error.message}): it has no commits`,
      );
      return undefined;
    }
    options.onWarning?.(
      "repository",
      `The repository ${shown} could not be recreated here (${error.message}): git clone ${bundle} gives its commits`,
    );
    return { path, state: "bundle", file: bundle };
  }
}
