import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { checkRepository, makeHostDirectory } from "@glovebox/core/host-files";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import { unpackTar } from "../tree/unpack-tar.ts";
import type { Fetched } from "./fetched.ts";
import { placeWithin } from "./place-within.ts";
import { runGit } from "./run-git.ts";
import type { SourceContext } from "./source-context.ts";
import type { SourceSpec } from "./source-spec.ts";
import { writeTree } from "./write-tree.ts";

/**
 * Fetches one commit with the host's git into a bare repository that lives only for this call, and reads its files
 * from git's own archive: nothing is checked out, no filter and no hook runs.
 */
export async function fetchGit(
  spec: SourceSpec,
  commit: string | undefined,
  treesDir: string,
  context: SourceContext,
): Promise<Fetched> {
  await makeHostDirectory(treesDir, 0o700);
  const repository = await makeTemporaryDirectory("git", treesDir);
  try {
    await checkLocal(spec.location, context.signal);
    const wanted = commit ?? spec.ref ?? "HEAD";
    await runGit(["init", "--quiet", "--bare", "."], repository, context.signal).done;
    const fetch = ["fetch", "--quiet", "--depth", "1", "--no-tags", "--no-write-commit-graph", "--end-of-options"];
    await runGit([...fetch, spec.location, wanted], repository, context.signal).done;
    const revision = await readCommit(repository, context.signal);
    const place = placeWithin(spec.path);
    const tree = await writeTree(treesDir, async (writer) => {
      // Started where it is read at once: Node throws away what a process wrote and nobody read when it exits.
      const { child, done } = runGit(["archive", "--format=tar", revision], repository, context.signal);
      const reading = unpackTar(child.stdout, writer, { gzip: false, place, signal: context.signal });
      await Promise.all([reading, done]);
    });
    return { revision, tree };
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

/**
 * Git opens whatever lies in the place of a repository's files; one on this machine may hold pipes and endless files.
 */
async function checkLocal(location: string, signal: AbortSignal | undefined): Promise<void> {
  if (!/^file:/i.test(location)) return;
  const directory = fileURLToPath(location);
  for (const place of [directory, `${directory}.git`]) if (existsSync(place)) await checkRepository(place, { signal });
}

async function readCommit(repository: string, signal: AbortSignal | undefined): Promise<string> {
  const { child, done } = runGit(["rev-parse", "--verify", "FETCH_HEAD^{commit}"], repository, signal);
  let text = "";
  for await (const chunk of child.stdout) text += chunk.toString();
  await done;
  const commit = text.trim();
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new SandboxNotFoundError("The repository has no such commit");
  return commit;
}
