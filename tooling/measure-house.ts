/**
 * Prints how the code measures up against the limits that CONTRIBUTING.md names: long functions, long files, crowded
 * directories, and the size of each provider. Tests and fixtures do not count.
 *
 *     node tooling/measure-house.ts [directory]      # a checkout; this one by default
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const limits = { functionLines: 50, fileLines: 300, directoryFiles: 20 } as const;

interface SourceFile {
  readonly path: string;
  readonly lines: number;
}

interface LongFunction {
  readonly place: string;
  readonly lines: number;
}

function sourceFiles(root: string): readonly SourceFile[] {
  const tracked = execFileSync("git", ["ls-files", "-z", "*.ts", "*.mts", "*.cts", "*.mjs", "*.js"], { cwd: root });
  return tracked
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "" && !/\.test\.ts$|(?:^|\/)(?:test|fixtures)\//.test(path))
    .map((path) => ({ path, lines: readFileSync(join(root, path), "utf8").split("\n").length - 1 }));
}

/** Biome counts them, by the rule that `pnpm check` uses. */
function longFunctions(root: string): readonly LongFunction[] {
  const tooling = dirname(fileURLToPath(import.meta.url));
  const biome = join(tooling, "../node_modules/.bin/biome");
  const config = join(tooling, "measure-house.biome.json");
  const options = [`--config-path=${config}`, "--reporter=json", "--max-diagnostics=none"];
  const { stdout } = spawnSync(biome, ["lint", ...options, "."], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
  const report = JSON.parse(stdout) as {
    diagnostics: { category: string; message: string; location: { path: string; start: { line: number } } }[];
  };
  return report.diagnostics
    .filter(({ category }) => category.endsWith("/noExcessiveLinesPerFunction"))
    .map(({ location, message }) => ({
      place: `${location.path}:${location.start.line}`,
      lines: Number(/\((\d+)\)/.exec(message)?.[1]),
    }));
}

function countBy<T>(items: readonly T[], key: (item: T) => string, size: (item: T) => number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + size(item));
  return counts;
}

function table(title: string, rows: readonly (readonly [string, ...(string | number)[]])[]): string {
  const lines = rows.map(
    ([name, ...values]) => `  ${values.map((value) => String(value).padStart(6)).join(" ")}  ${name}`,
  );
  return [title, ...lines, ""].join("\n");
}

const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));
const files = sourceFiles(root);
const functions = longFunctions(root).toSorted((a, b) => b.lines - a.lines);
const long = files.filter(({ lines }) => lines > limits.fileLines).toSorted((a, b) => b.lines - a.lines);
const crowded = [
  ...countBy(
    files,
    ({ path }) => dirname(path),
    () => 1,
  ),
]
  .filter(([, count]) => count > limits.directoryFiles)
  .toSorted(([, a], [, b]) => b - a);
const provider = /^(?:packages\/provider-(?!testkit|kit)[^/]+|examples\/[^/]*(?:provider|podman)[^/]*)\//;
const ofProviders = files.filter(({ path }) => provider.test(path));
const providerName = ({ path }: SourceFile): string => path.split("/").slice(0, 2).join("/");
const providerLines = countBy(ofProviders, providerName, ({ lines }) => lines);
const providerFiles = countBy(ofProviders, providerName, () => 1);

process.stdout.write(
  [
    table(
      `Functions over ${limits.functionLines} lines: ${functions.length}`,
      functions.map(({ place, lines }) => [place, lines]),
    ),
    table(
      `Files over ${limits.fileLines} lines: ${long.length}`,
      long.map(({ path, lines }) => [path, lines]),
    ),
    table(`Directories over ${limits.directoryFiles} files: ${crowded.length}`, crowded),
    table(
      "Providers: lines, files",
      [...providerLines].map(([name, lines]) => [name, lines, providerFiles.get(name) ?? 0]),
    ),
    table("Everything: lines, files", [["sources", files.reduce((sum, { lines }) => sum + lines, 0), files.length]]),
  ].join("\n"),
);
