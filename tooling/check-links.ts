/** Refuses links of the repository's pages that lead to no file, or to no heading of a page. Websites are not asked. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findLinks, type Link } from "./links/find-links.ts";
import { headingAnchors } from "./links/heading-anchors.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
// What a program generates, and entries of changelogs, which are read elsewhere.
const unchecked = /(?:^|\/)(?:fixtures|conformance)\/|^\.changeset\//u;

const pages = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
})
  .toString()
  .split("\0")
  .filter((page) => page !== "" && !unchecked.test(page) && existsSync(join(root, page)));
const broken = pages.flatMap((page) =>
  findLinks(readFileSync(join(root, page), "utf8")).flatMap((link) => {
    const fault = faultOf(page, link);
    return fault === undefined ? [] : [`${page}:${link.line}: ${fault}`];
  }),
);
for (const line of broken) console.log(line);
if (broken.length > 0) {
  console.error(`${broken.length} broken links`);
  process.exitCode = 1;
}

function faultOf(page: string, { path, anchor }: Link): string | undefined {
  const target = path === "" ? join(root, page) : join(root, dirname(page), path);
  const name = relative(root, target);
  if (!existsSync(target)) return `${name} does not exist`;
  if (anchor === undefined || statSync(target).isDirectory() || !name.endsWith(".md")) return undefined;
  return headingAnchors(readFileSync(target, "utf8")).has(anchor) ? undefined : `${name} has no heading #${anchor}`;
}
