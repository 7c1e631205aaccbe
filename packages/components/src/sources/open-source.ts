import { join } from "node:path";
import { InvalidOptionsError, SandboxUnavailableError } from "@glovebox/core/provider";
import { DirectoryHashes } from "../tree/directory-hashes.ts";
import { directoryTree } from "../tree/directory-tree.ts";
import { openTree } from "../tree/open-tree.ts";
import type { Fetched } from "./fetched.ts";
import { formatSource } from "./format-source.ts";
import { SourceCache } from "./source-cache.ts";
import type { SourceContext } from "./source-context.ts";
import type { SourceSpec } from "./source-spec.ts";
import { withoutCredentials } from "./without-credentials.ts";

/** A source at one revision, with its files. */
export interface OpenSource extends Fetched {
  readonly spec: SourceSpec;
}

/**
 * The files of a source: from the cache where it was fetched before, otherwise fetched. `revision` asks for that very
 * commit, as the lock file does. A local directory is read each time. Throws `unavailable` when it cannot be fetched,
 * or would have to be while offline; `not-found` when there is no such repository, branch, archive or directory.
 */
export async function openSource(spec: SourceSpec, context: SourceContext, revision?: string): Promise<OpenSource> {
  const cache = new SourceCache(context.cacheDir);
  if (spec.kind === "directory") {
    const directory = spec.path === undefined ? spec.location : join(spec.location, spec.path);
    const hashes = await DirectoryHashes.open(context.cacheDir, directory);
    const tree = await directoryTree(directory, undefined, hashes);
    await hashes.save(tree.digest);
    return { spec, revision: `sha256:${tree.digest}`, tree };
  }
  const pinned = spec.kind === "archive" ? undefined : revision;
  const ref = context.refresh === true && pinned === undefined ? undefined : await cache.find(spec, pinned);
  const cached = ref === undefined ? undefined : await openTree(cache.treesDir, ref.digest);
  if (ref !== undefined && cached !== undefined) return { spec, revision: ref.revision, tree: cached };
  const shown = withoutCredentials(formatSource(spec));
  if (context.offline === true)
    throw new SandboxUnavailableError(
      `${shown}${pinned === undefined ? "" : ` at ${pinned}`} is not in the cache, and offline nothing is fetched`,
      { retryable: false, hint: "Run `glovebox components list` once while online: it fetches the sources." },
    );
  const fetched = await fetchSource(spec, pinned, cache.treesDir, context);
  if (fetched.tree.files.length === 0)
    throw new InvalidOptionsError(`${shown} holds no files${spec.path === undefined ? "" : ` in ${spec.path}`}`);
  await cache.remember(spec, fetched, { newest: pinned === undefined });
  return { spec, ...fetched };
}

/** Each way to fetch is loaded when it is used: a search in the cache needs none. */
async function fetchSource(
  spec: SourceSpec,
  revision: string | undefined,
  treesDir: string,
  context: SourceContext,
): Promise<Fetched> {
  if (spec.kind === "github") {
    const { fetchGithub } = await import("./github-source.ts");
    return fetchGithub(spec, revision, treesDir, context);
  }
  if (spec.kind === "git") {
    const { fetchGit } = await import("./git-source.ts");
    return fetchGit(spec, revision, treesDir, context);
  }
  const { fetchArchive } = await import("./archive-source.ts");
  return fetchArchive(spec, treesDir, context);
}
