const fence = /^(`{3,}|~{3,}).*?^\1[`~]*[ \t]*$/gmsu;
const heading = /^ {0,3}#{1,6} +(.+?)(?: +#+)? *$/gmu;
const named = /<a (?:id|name)="([^"]+)"/gu;

/** Returns the anchor that GitHub gives a heading, before it numbers repeated ones. */
export function headingAnchor(title: string): string {
  return title
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/gu, "$1")
    .replaceAll(/<[^>]+>/gu, "")
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** Returns every anchor of a page of Markdown. A repeated heading gets `-1`, `-2` and so on, as on GitHub. */
export function headingAnchors(markdown: string): ReadonlySet<string> {
  const text = markdown.replaceAll(fence, "");
  const anchors = new Set<string>();
  for (const [, title = ""] of text.matchAll(heading)) {
    const anchor = headingAnchor(title);
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  for (const [, name = ""] of text.matchAll(named)) anchors.add(name);
  return anchors;
}
