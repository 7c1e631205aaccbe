import { common, createLowlight } from "lowlight";

export interface CodeToken {
  readonly text: string;
  /** `hljs-keyword`; empty for plain text. */
  readonly classes: string;
}

type Root = ReturnType<ReturnType<typeof createLowlight>["highlight"]>;
type Node = Root["children"][number];

const lowlight = createLowlight(common);
/** Colours of a longer text cost more than they are worth. */
const longestColoured = 200_000;

const languages: Readonly<Record<string, string>> = {
  ts: "typescript",
  mts: "typescript",
  tsx: "typescript",
  js: "javascript",
  mjs: "javascript",
  jsx: "javascript",
  py: "python",
  rb: "ruby",
  rs: "rust",
  go: "go",
  java: "java",
  kt: "kotlin",
  c: "c",
  h: "c",
  cpp: "cpp",
  cs: "csharp",
  php: "php",
  swift: "swift",
  sh: "bash",
  bash: "bash",
  sql: "sql",
  css: "css",
  scss: "scss",
  html: "xml",
  xml: "xml",
  svg: "xml",
  json: "json",
  yaml: "yaml",
  yml: "yaml",
  toml: "ini",
  ini: "ini",
  md: "markdown",
  diff: "diff",
  lua: "lua",
  r: "r",
  pl: "perl",
  makefile: "makefile",
  graphql: "graphql",
};

/** The lines of a source, each as coloured tokens. The language comes from the file's name. */
export function highlight(text: string, path: string): readonly (readonly CodeToken[])[] {
  const language = languages[(/[^./]+$/.exec(path.toLowerCase()) ?? [""])[0]];
  if (language === undefined || text.length > longestColoured) {
    return text.split("\n").map((line) => [{ text: line, classes: "" }]);
  }
  const lines: CodeToken[][] = [[]];
  collect(lowlight.highlight(language, text).children, "", lines);
  return lines;
}

function collect(nodes: readonly Node[], classes: string, lines: CodeToken[][]): void {
  for (const node of nodes) {
    if (node.type === "text") addText(node.value, classes, lines);
    else if (node.type === "element") {
      const own = node.properties.className;
      collect(node.children as Node[], Array.isArray(own) ? own.join(" ") : classes, lines);
    }
  }
}

function addText(text: string, classes: string, lines: CodeToken[][]): void {
  text.split("\n").forEach((part, index) => {
    if (index > 0) lines.push([]);
    if (part !== "") lines.at(-1)?.push({ text: part, classes });
  });
}
