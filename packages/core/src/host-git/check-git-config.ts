import { homedir } from "node:os";
import { dirname } from "node:path";
import { InvalidOptionsError } from "../errors/index.ts";
import { readHostFile } from "../host-files/read-host-file.ts";
import { configValues } from "./config-values.ts";
import { refuseEndlessFile } from "./git-file.ts";
import { asLatin1, type HostPath, leadsTo } from "./host-path.ts";

const maxConfigBytes = 16 * 1024 * 1024;
const maxIncludes = 1000;
/** Git gives up below it. */
const maxDepth = 10;

/** Looks at every file that a repository's configuration names, through its includes too. */
export class GitConfigCheck {
  readonly #workTree: HostPath;
  #files = 0;
  #bytes = 0;

  constructor(workTree: HostPath) {
    this.#workTree = workTree;
  }

  async check(file: HostPath, depth = 0): Promise<void> {
    await refuseEndlessFile(file);
    const text = asLatin1(await readHostFile(file, { maxBytes: maxConfigBytes })).replace(/^\u00ef\u00bb\u00bf/, "");
    this.#count(file, text.length);
    const directory = Buffer.from(dirname(file.toString("latin1")), "latin1");
    for (const { key, value } of configValues(text)) {
      if (value === "") continue;
      const path = value.startsWith("~/") ? Buffer.from(homedir()).toString("latin1") + value.slice(1) : value;
      for (const base of [directory, this.#workTree]) await refuseEndlessFile(leadsTo(base, path));
      if (key === "path" && depth < maxDepth) await this.check(leadsTo(directory, path), depth + 1);
    }
  }

  /** Each time that a file is included counts, as it does for git: ten files can include one another a billion times. */
  #count(file: HostPath, bytes: number): void {
    this.#files += 1;
    this.#bytes += bytes;
    if (this.#files <= maxIncludes && this.#bytes <= maxConfigBytes) return;
    throw new InvalidOptionsError(`git would hang in this repository: its configuration includes too much (${file})`);
  }
}
