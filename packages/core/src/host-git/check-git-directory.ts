import { InvalidOptionsError, SandboxAbortedError } from "../errors/index.ts";
import { readHostFile } from "../host-files/read-host-file.ts";
import { alternatePaths } from "./alternate-paths.ts";
import { GitConfigCheck } from "./check-git-config.ts";
import { refuseEndlessFile } from "./git-file.ts";
import { asLatin1, below, type HostPath, isDirectory, leadsTo, listDirectory, realPlace } from "./host-path.ts";

/** More than git itself ever writes beside the objects; a link into another tree would pass it. */
const maxEntries = 500_000;
const maxNameBytes = 1024 * 1024;
/** Never read on the way: repositories of their own, and content that only programs of other people read. */
const leftOut: ReadonlySet<string> = new Set(["objects", "modules", "lfs", "annex"]);

/**
 * Throws `invalid-options` when a repository's directory holds a file at which git would wait or read without an end, also
 * in the directories that it shares (of a worktree, of alternates).
 */
export class GitDirectoryCheck {
  readonly #seen = new Set<string>();
  readonly #workTree: HostPath;
  readonly #signal: AbortSignal | undefined;
  #entries = 0;

  constructor(workTree: HostPath, signal?: AbortSignal) {
    this.#workTree = workTree;
    this.#signal = signal;
  }

  /** `directory` is a `.git` directory, or what stands for one. */
  async check(directory: HostPath): Promise<void> {
    if (!(await this.#isNew(directory))) return;
    await this.#checkTree(directory, leftOut);
    const common = asLatin1(await readHostFile(below(directory, "commondir"), { maxBytes: maxNameBytes }));
    // Git cuts off line ends at the end and nothing else: a line end within belongs to the name.
    if (common !== "") await this.check(leadsTo(directory, common.replace(/[\r\n]+$/, "")));
    await this.#checkObjects(below(directory, "objects"));
    const config = new GitConfigCheck(this.#workTree);
    for (const name of ["config", "config.worktree"]) await config.check(below(directory, name));
  }

  async #checkObjects(objects: HostPath): Promise<void> {
    if (!(await this.#isNew(objects))) return;
    for (const { name } of await listDirectory(objects)) {
      const isRead = /^(?:[0-9a-f]{2}|pack|info)$/.test(name.toString("latin1"));
      if (isRead) await this.#checkTree(below(objects, name), new Set(), false);
    }
    const alternates = asLatin1(await readHostFile(below(objects, "info/alternates"), { maxBytes: maxNameBytes }));
    for (const path of alternatePaths(alternates)) await this.#checkObjects(leadsTo(objects, path));
  }

  async #checkTree(directory: HostPath, without: ReadonlySet<string>, counts = true): Promise<void> {
    if (this.#signal?.aborted) throw new SandboxAbortedError("The run was cancelled");
    for (const entry of await listDirectory(directory)) {
      if (without.has(entry.name.toString("latin1"))) continue;
      if (counts && ++this.#entries > maxEntries) {
        throw new InvalidOptionsError(`The repository's directory holds more than ${maxEntries} entries: ${directory}`);
      }
      const path = below(directory, entry.name);
      // What is below the objects is opened by name, so its size does not matter, and there may be very many.
      if (counts || !entry.isFile()) await refuseEndlessFile(path);
      const leadsDown = entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectory(path)));
      if (leadsDown && (await this.#isNew(path))) await this.#checkTree(path, new Set(), counts);
    }
  }

  async #isNew(directory: HostPath): Promise<boolean> {
    const real = await realPlace(directory);
    if (real === undefined || this.#seen.has(real)) return false;
    this.#seen.add(real);
    return true;
  }
}
