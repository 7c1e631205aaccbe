/** One place that apt gets packages from. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
}

/** The sources that a file of apt's names, in either of its two forms: `.sources` and `.list`. Others hold none. */
export function parseAptSources(file: string, text: string): readonly AptSource[] {
  if (file.endsWith(".sources")) return deb822(text);
  return file.endsWith(".list") ? oneLine(text) : [];
}

function deb822(text: string): readonly AptSource[] {
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

function oneLine(text: string): readonly AptSource[] {
  return [...text.matchAll(/^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].map((match) => ({
    uri: match[1] ?? "",
    suites: [match[2] ?? ""],
  }));
}
