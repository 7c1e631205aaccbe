/** A line of a Dockerfile after its continuation lines were joined. */
export interface DockerfileInstruction {
  /** `FROM`, in capitals. */
  readonly keyword: string;
  /** What follows the keyword, on one line. */
  readonly rest: string;
  /** The index of its last physical line, here-documents included. */
  readonly lastLine: number;
}

/** The image that a `FROM` names, as written. */
export function stageImage(from: DockerfileInstruction): string {
  return from.rest.split(/\s+/).find((word) => !word.startsWith("--")) ?? "";
}

/** The parser directives at the top: `syntax`, `escape`, `check`. */
export function parserDirectives(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    const directive = /^\s*#\s*([a-zA-Z]+)\s*=\s*(\S.*?)\s*$/.exec(line);
    if (directive?.[1] === undefined || directive[2] === undefined) break;
    found[directive[1].toLowerCase()] = directive[2];
  }
  return found;
}

/** The instructions of a Dockerfile, with continuation lines, comments, here-documents and `# escape=` understood. */
export function parseDockerfile(text: string): readonly DockerfileInstruction[] {
  const escapeMark = parserDirectives(text).escape === "`" ? "`" : "\\";
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
  const found: DockerfileInstruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (isBlank(lines[at])) continue;
    let joined = "";
    for (; at < lines.length; at++) {
      const line = lines[at] ?? "";
      // Comments and empty lines between continued lines are dropped, not an end.
      if (joined !== "" && isBlank(line)) continue;
      const body = line.trimEnd();
      if (!body.endsWith(escapeMark)) {
        joined += line;
        break;
      }
      joined += body.slice(0, -1);
    }
    const [, keyword = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(joined) ?? [];
    at = afterHereDocuments(lines, at, keyword.toUpperCase(), rest);
    found.push({ keyword: keyword.toUpperCase(), rest: rest.trim(), lastLine: Math.min(at, lines.length - 1) });
  }
  return found;
}

function afterHereDocuments(lines: readonly string[], at: number, keyword: string, rest: string): number {
  if (!["RUN", "COPY", "ADD", "ONBUILD"].includes(keyword)) return at;
  let last = at;
  for (const word of rest.split(/\s+/)) {
    const here = /^\d*<<(-?)(["']?)([^<"'\s]+)\2$/.exec(word);
    if (here === null) continue;
    do last++;
    while (
      last < lines.length &&
      (here[1] === "-" ? (lines[last] ?? "").replace(/^\t+/, "") : lines[last]) !== here[3]
    );
  }
  return last;
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || /^\s*(#|$)/.test(line);
}
