/**
 * Refuses the words that docs/glossary.md lists to avoid, in sources, names, messages, test titles, docs and changesets.
 * Words after the command choose the paths that are looked at.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type FoundWord, findWords } from "./words/find-words.ts";
import { wordRules } from "./words/word-rules.ts";

interface Match extends FoundWord {
  readonly path: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const checked =
  /\.(?:ts|mts|mjs|js|md|sh|yml|yaml)$|(?:^|\/)(?:package\.json|Dockerfile)$|^tooling\/[a-z-]+$|\.ci\/run$/u;
// The list itself, its test, and what others wrote or a program generated from checked sources.
const unchecked =
  /(?:^|\/)(?:fixtures|conformance|transcripts|samples)\/|pnpm-lock|^docs\/glossary\.md$|^tooling\/words\//u;

const chosen = process.argv.slice(2);
const rules = wordRules(readFileSync(`${root}docs/glossary.md`, "utf8"));
const matches = checkedFiles().flatMap(matchesOf);
for (const { path, line, rule } of matches) console.log(`${path}:${line}: "${rule.refused}": say ${rule.say}`);
if (matches.length > 0) {
  console.error(`${matches.length} words that docs/glossary.md lists to avoid`);
  process.exitCode = 1;
}

function checkedFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const deleted = execFileSync("git", ["ls-files", "-z", "--deleted"], { cwd: root }).toString().split("\0");
  return [...new Set(listed.toString().split("\0"))]
    .filter((path) => checked.test(path) && !unchecked.test(path) && !deleted.includes(path))
    .filter((path) => chosen.length === 0 || chosen.some((word) => path.includes(word)));
}

function matchesOf(path: string): Match[] {
  const text = readFileSync(`${root}${path}`, "utf8");
  const inPath = findWords(path, rules, { isCode: false }).map((found) => ({ ...found, line: 0 }));
  return [...inPath, ...findWords(text, rules, { isCode: /\.m?[tj]s$/u.test(path) })].map((found) => ({
    ...found,
    path,
  }));
}
