import { createHash } from "node:crypto";
import { join } from "node:path";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { replaceFile } from "@glovebox/core/state";
import type { Fetched } from "./fetched.ts";
import { formatSource } from "./format-source.ts";
import type { SourceSpec } from "./source-spec.ts";

export interface CachedRef {
  readonly revision: string;
  /** Of its tree. */
  readonly digest: string;
}

/**
 * What was fetched: `trees/<digest>.pack` and `.json` hold contents, `refs/` remembers which tree a source pointed to
 * when it was last asked, and which tree each of its commits is.
 */
export class SourceCache {
  readonly #cacheDir: string;

  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir;
  }

  get treesDir(): string {
    return join(this.#cacheDir, "trees");
  }

  /** Where the newest that was fetched of a source lies, or its tree at `revision`. */
  async find(spec: SourceSpec, revision?: string): Promise<CachedRef | undefined> {
    try {
      const ref = JSON.parse((await readHostText(this.#refPath(spec, revision))) ?? "") as CachedRef & {
        readonly version: number;
      };
      return ref.version === 1 ? { revision: ref.revision, digest: ref.digest } : undefined;
    } catch {
      // Missing, torn or of another version: it is fetched again.
      return undefined;
    }
  }

  async remember(spec: SourceSpec, found: Fetched, options: { readonly newest: boolean }): Promise<void> {
    const content = JSON.stringify({ version: 1, revision: found.revision, digest: found.tree.digest });
    await makeHostDirectory(join(this.#cacheDir, "refs"), 0o700);
    const paths = [this.#refPath(spec, found.revision), ...(options.newest ? [this.#refPath(spec)] : [])];
    for (const path of paths) await replaceFile(path, content);
  }

  #refPath(spec: SourceSpec, revision = ""): string {
    const key = createHash("sha256")
      .update(`${formatSource(spec)}\n${revision}`)
      .digest("hex");
    return join(this.#cacheDir, "refs", `${key}.json`);
  }
}
