import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { type AptSource, parseAptSources } from "./parse-apt-sources.ts";

/** Where a Debian system gets its packages. */
export interface DebianMirrors {
  readonly main: string;
  /** Absent where none is named and none follows from the main one. */
  readonly security?: string;
}

/**
 * The Debian mirrors that this machine's apt uses, so that a company's mirror is used here, too; `undefined` where apt
 * names none that is reached by http. Both forms of apt's configuration are read. `root` is for other systems' directories.
 */
export async function debianMirrors(root = "/etc/apt"): Promise<DebianMirrors | undefined> {
  const directory = join(root, "sources.list.d");
  // A machine without apt has none of these files.
  const names = (await readdir(directory).catch(() => [])).sort();
  const files = [join(root, "sources.list"), ...names.map((name) => join(directory, name))];
  const sources: AptSource[] = [];
  for (const file of files) {
    const text = (await readHostText(file).catch(() => undefined)) ?? "";
    sources.push(...parseAptSources(file, text));
  }
  const debian = sources.filter(({ uri }) => /^https?:\/\/[^@\s]+$/.test(uri) && !/ubuntu/i.test(uri));
  const isRelease = (suite: string) => /^(bookworm|bullseye|trixie|forky|sid|stable|oldstable|testing)$/.test(suite);
  const main = debian.find(({ suites }) => suites.some(isRelease));
  const security = debian.find(({ suites }) => suites.some((suite) => suite.endsWith("-security")));
  if (main === undefined) return undefined;
  // Mirrors keep the two beside each other, under these names.
  const beside = /\/debian\/*$/.test(main.uri) ? `${trimmed(main.uri)}-security` : undefined;
  const fixes = security === undefined ? beside : trimmed(security.uri);
  return { main: trimmed(main.uri), ...(fixes !== undefined && { security: fixes }) };
}

function trimmed(uri: string): string {
  return uri.replace(/\/+$/, "");
}
