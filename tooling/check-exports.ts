/**
 * Fails for an export of a published package without a doc comment: what users import has to explain itself. Follows the named
 * exports of each entry point to the declaration, which the house has once, at the beginning of a line.
 */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { publishedDirectories, repositoryRoot } from "../release/published-directories.ts";

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly "@glovebox/source"?: string }>>;
}

interface Declaration {
  readonly file: string;
  readonly name: string;
}

function entryPoints(directory: string): string[] {
  const { exports = {} }: Manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return Object.values(exports).flatMap((target) => {
    const source = typeof target === "string" ? undefined : target["@glovebox/source"];
    return source === undefined ? [] : [join(directory, source)];
  });
}

/** The declarations that a file exports by name from elsewhere; those of other packages are looked at there. */
function reexports(file: string): Declaration[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from "(\.[^"]*)";/gm)].flatMap(([, names = "", from = ""]) =>
    names
      .split(",")
      .map((name) =>
        name
          .trim()
          .replace(/^type /, "")
          .replace(/ as .*$/, ""),
      )
      .filter((name) => name !== "")
      .map((name) => ({ file: join(dirname(file), from), name })),
  );
}

function problemOf({ file, name }: Declaration): string | undefined {
  const further = reexports(file).find((other) => other.name === name);
  if (further !== undefined) return problemOf(further);
  const lines = readFileSync(file, "utf8").split("\n");
  const kinds = "(?:abstract )?class|(?:async )?function\\*?|interface|type|const|enum";
  const declaration = new RegExp(`^export (?:declare )?(?:${kinds}) ${name}\\b`);
  // Of overloads, the first has the comment.
  const at = lines.findIndex((line) => declaration.test(line));
  const place = relative(repositoryRoot, file);
  if (at === -1) return `${place}: the declaration of ${name} was not found`;
  return lines[at - 1]?.trimEnd().endsWith("*/") ? undefined : `${place}:${at + 1}: ${name} has no doc comment`;
}

const declarations = publishedDirectories().flatMap(entryPoints).flatMap(reexports);
const problems = new Set(declarations.map(problemOf).filter((problem) => problem !== undefined));
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stderr.write(`${problems.size} of ${declarations.length} exports are not documented\n`);
process.exitCode = problems.size === 0 ? 0 : 1;
