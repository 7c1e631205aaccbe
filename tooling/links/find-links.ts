/** A link of a page, without its anchor. */
export interface Link {
  /** Empty for a link within the page. */
  readonly path: string;
  readonly anchor: string | undefined;
  readonly line: number;
}

const code = /^(`{3,}|~{3,}).*?^\1[`~]*[ \t]*$|(`+)[^`](?:.|\n(?!\n))*?\2(?!`)/gmsu;
const inline = /\]\((<[^>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?: "[^"]*")?\)/gu;
const reference = /^ {0,3}\[[^\]]+\]: +(\S+)/gmu;
const attribute = /<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)="([^"]+)"/gu;

/** Returns the links of a page of Markdown that lead into the repository, not to a website. Code has no links. */
export function findLinks(markdown: string): readonly Link[] {
  const text = markdown.replaceAll(code, blank);
  return [inline, reference, attribute]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => ({ target: (match[1] ?? "").replace(/^<|>$/gu, ""), index: match.index }))
    .filter(({ target }) => target !== "" && !/^(?:[a-z][a-z+.-]*:|\/\/)/iu.test(target))
    .map(({ target, index }) => {
      const [path = "", anchor] = target.split("#");
      return { path: decodeURI(path), anchor, line: text.slice(0, index).split("\n").length };
    });
}

/** Keeps the length and the lines, so that what follows stays in its place. */
function blank(text: string): string {
  return text.replaceAll(/[^\n]/gu, " ");
}
