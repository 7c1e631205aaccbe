/** A line of a Dockerfile after its continuation lines were joined. */
export interface DockerfileInstruction {
  /** `FROM`, in capitals. */
  readonly keyword: string;
  /** What follows the keyword, on one line. */
  readonly rest: string;
  /** The index of its last physical line, here-documents included. */
  readonly lastLine: number;
}

/** Variables by which the usual tools learn which certificates to trust. */
const certificateVariables = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "GIT_SSL_CAINFO",
  "CURL_CA_BUNDLE",
  "PIP_CERT",
  "REQUESTS_CA_BUNDLE",
  "AWS_CA_BUNDLE",
  "CARGO_HTTP_CAINFO",
  "npm_config_cafile",
];

const folder = "/opt/glovebox-certificates";

/** The files of the certificates image that {@link trustingDockerfile} copies from. */
export const certificateFiles = (bundle: string): Readonly<Record<string, string>> => ({
  "bundle.pem": bundle,
  "apt.conf": `Acquire::https::CaInfo "${folder}/bundle.pem";\n`,
});

/**
 * The same Dockerfile, with the certificates of `certificatesImage` trusted in every `RUN`. They come from an image of
 * their own, so that the context stays as it is, and by `ARG`, which reaches `RUN` and does not stay in the image.
 * Stages from scratch are left alone: nothing can run in them.
 */
export function trustingDockerfile(text: string, certificatesImage: string): string {
  const lines = text.split("\n");
  const added = [
    `COPY --from=${certificatesImage} / ${folder}/`,
    ...certificateVariables.map((name) => `ARG ${name}=${folder}/bundle.pem`),
    `ARG APT_CONFIG=${folder}/apt.conf`,
  ];
  const stages = parseDockerfile(text).filter((one) => one.keyword === "FROM" && stageImage(one) !== "scratch");
  for (const stage of stages.toReversed()) lines.splice(stage.lastLine + 1, 0, ...added);
  return lines.join("\n");
}

/** The image that a `FROM` names, as it is written there. */
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
