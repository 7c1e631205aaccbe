import { lstatSync } from "node:fs";
import { join } from "node:path";
import { lenientName } from "../../host-files/version-control.ts";
import { isRepositoryData, isRepositoryLayout } from "../git/repository-layout.ts";
import type { ManifestEntry } from "../manifest.ts";
import { parentOf } from "../paths/parent-of.ts";

const layoutNames: readonly string[] = ["head", "objects", "refs", "commondir"];

/**
 * Which directories of a target git takes for repositories by what they hold, now and with a result in it. Git obeys the
 * settings of such a directory, so a result neither makes one nor changes one but for its commits.
 */
export class TargetRepositories {
  readonly #root: string;
  /** Every path that will be there, by its directory and the name that the most lenient disk gives it. */
  readonly #planned = new Set<string>();
  readonly #known = new Map<string, { readonly now: boolean; readonly after: boolean }>();

  constructor(root: string, manifest: readonly ManifestEntry[]) {
    this.#root = root;
    for (const { path, change } of manifest) {
      if (change === "deleted") continue;
      for (let place = path; place !== ""; place = parentOf(place)) {
        const name = lenientName(place.slice(place.lastIndexOf("/") + 1));
        if (layoutNames.includes(name)) this.#planned.add(`${parentOf(place)}\0${name}`);
      }
    }
  }

  refusal(path: string): string | undefined {
    for (let directory = parentOf(path); ; directory = parentOf(directory)) {
      const below = directory === "" ? path : path.slice(directory.length + 1);
      const { now, after } = this.#look(directory);
      if (now && !isRepositoryData(below) && lenientName(below) !== "head") {
        return "it would change what git executes in a repository here";
      }
      const first = lenientName(below.split("/")[0] ?? "");
      if (!now && after && layoutNames.includes(first)) return "it would make a repository of its directory";
      if (directory === "") return undefined;
    }
  }

  #look(directory: string): { readonly now: boolean; readonly after: boolean } {
    const known = this.#known.get(directory);
    if (known !== undefined) return known;
    const isHere = (name: string) => pathExists(join(this.#root, directory, name === "head" ? "HEAD" : name));
    const willBe = (name: string) => this.#planned.has(`${directory}\0${name}`) || isHere(name);
    const looked = {
      now: isHere("head") && isRepositoryLayout(isHere),
      after: willBe("head") && isRepositoryLayout(willBe),
    };
    this.#known.set(directory, looked);
    return looked;
  }
}

function pathExists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // A file where its directory would be.
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
}
