import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { publishedPath } from "./published-path.ts";

interface Repository {
  readonly root: string;
  /** Its address, once it has one. */
  readonly repository: string | undefined;
}

/**
 * Makes links that are right in the repository right on the site: to pages at their published address, to other files in
 * the repository on its host. While the repository has no address, those become plain text.
 */
export function resolveLinks(markdown: MarkdownRenderer, repository: Repository): void {
  markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
    const directory = dirname(env.realPath ?? env.path);
    for (const token of tokens) {
      let isText = false;
      token.children = (token.children ?? []).filter((child) => {
        if (child.type === "link_close") return !isText;
        const href = child.type === "link_open" ? child.attrGet("href") : null;
        if (href === null) return true;
        const resolved = resolveLink(href, directory, repository);
        isText = resolved === undefined;
        if (resolved !== undefined) child.attrSet("href", resolved);
        return !isText;
      });
    }
  });
}

/** Returns `undefined` for a file that has no page and no address. */
function resolveLink(href: string, directory: string, { root, repository }: Repository): string | undefined {
  if (/^(?:[a-z][a-z+.-]*:|#|\/)/iu.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const target = join(directory, decodeURI(path));
  const name = relative(root, target);
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  if (name.endsWith(".md")) return `/${publishedPath(name)}${suffix}`;
  if (existsSync(join(target, "README.md"))) return `/${publishedPath(`${name}/README.md`)}${suffix}`;
  return repository === undefined ? undefined : `${repository}/tree/main/${name}${suffix}`;
}
