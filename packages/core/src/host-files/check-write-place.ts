import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { dirname, join, parse, relative, resolve, sep } from "node:path";
import { InvalidOptionsError } from "../errors/index.ts";
import { isAbsent, unreadable } from "./file-kind.ts";
import { isBareRepository, isVersionControl } from "./version-control.ts";

/** Where systems have links of their own: `/tmp` on macOS, `/home`, `/var/run`. */
const systemDirectories: ReadonlySet<string> = new Set(["/", "/var", "/usr", "/home", "/mnt", "/media"]);

/**
 * Returns the real path of a place that is to be written to, which need not exist. Throws `invalid-options` where the path
 * leads through a symbolic link, since whoever made the directory chose where it leads; only links of the system itself are
 * followed. Throws also where it lies in the directory of a version control system, whose files are programs.
 */
export function checkWritePlace(path: string): string {
  try {
    const real = followSystemLinks(resolve(path), path);
    refuseVersionControl(real, path);
    return real;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function followSystemLinks(path: string, asGiven: string): string {
  const { root } = parse(path);
  let place = root;
  for (const name of relative(root, path).split(sep).filter(Boolean)) {
    const next = join(place, name);
    const existing = look(next);
    if (existing === undefined) return path;
    if (existing.isSymbolicLink()) {
      const rest = path.slice(next.length);
      if (!isOfSystem(place, existing)) throw throughLink(next, rest, asGiven);
      return followSystemLinks(realpathSync(next) + rest, asGiven);
    }
    place = next;
  }
  return path;
}

function isOfSystem(directory: string, link: Stats): boolean {
  if (process.platform === "win32" || link.uid !== 0 || !systemDirectories.has(directory)) return false;
  const above = lstatSync(directory);
  return above.uid === 0 && (above.mode & 0o022) === 0;
}

function throughLink(link: string, rest: string, asGiven: string): InvalidOptionsError {
  const target = resolve(dirname(link), readlinkSync(link)) + rest;
  return new InvalidOptionsError(`${asGiven} leads through a symbolic link: ${link} points to ${readlinkSync(link)}`, {
    hint: `To write there, name the place itself: ${target}`,
  });
}

function refuseVersionControl(real: string, asGiven: string): void {
  for (let place = real; place !== dirname(place); place = dirname(place)) {
    const name = place.slice(dirname(place).length).replace(/^[\\/]/, "");
    if (isVersionControl(name) || isBareRepository(namesIn(place))) {
      throw new InvalidOptionsError(`${asGiven} lies in a version control directory: ${place}`, {
        hint: "Choose another directory: what is written there can be run by the next command.",
      });
    }
  }
}

function namesIn(place: string): readonly string[] {
  try {
    return readdirSync(place);
  } catch {
    // Not there, not a directory, or not ours to list.
    return [];
  }
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
