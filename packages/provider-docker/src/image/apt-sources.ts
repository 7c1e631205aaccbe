import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a Debian system gets its packages. */
export interface DebianMirrors {
  readonly main: string;
  /** Absent where none is named and none can be told from the main one. */
  readonly security?: string;
}

interface Source {
  readonly uri: string;
  readonly suites: readonly string[];
}

/**
 * The Debian mirrors that this machine's apt uses, so that a company's mirror is used here, too; `undefined` where apt
 * names none that is reached by http. Both forms of apt's configuration are read. `root` is for other systems' folders.
 */
export async function debianMirrors(root = "/etc/apt"): Promise<DebianMirrors | undefined> {
  const folder = join(root, "sources.list.d");
  // A machine without apt has none of these files.
  const names = (await readdir(folder).catch(() => [])).sort();
  const files = [join(root, "sources.list"), ...names.map((name) => join(folder, name))];
  const sources: Source[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (file.endsWith(".sources")) sources.push(...deb822(text));
    else if (file.endsWith(".list")) sources.push(...oneLine(text));
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

function deb822(text: string): readonly Source[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    let last = "";
    for (const line of stanza.split("\n")) {
      if (line.startsWith("#")) continue;
      const field = /^(\S+?):\s*(.*)$/.exec(line);
      if (field?.[1] !== undefined) {
        last = field[1].toLowerCase();
        fields.set(last, field[2] ?? "");
      } else fields.set(last, `${fields.get(last) ?? ""} ${line.trim()}`);
    }
    const words = (name: string) => (fields.get(name) ?? "").split(/\s+/).filter(Boolean);
    if (fields.get("enabled") === "no" || !words("types").includes("deb")) return [];
    return words("uris").map((uri) => ({ uri, suites: words("suites") }));
  });
}

function oneLine(text: string): readonly Source[] {
  return [...text.matchAll(/^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].map((match) => ({
    uri: match[1] ?? "",
    suites: [match[2] ?? ""],
  }));
}

function trimmed(uri: string): string {
  return uri.replace(/\/+$/, "");
}
