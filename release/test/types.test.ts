import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedDirectories, repositoryRoot } from "../published-directories.ts";
import { emptyProject } from "./support/empty-project.ts";
import { packPackages } from "./support/pack-packages.ts";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-types-")));
const bin = (name: string) => join(repositoryRoot, "node_modules/.bin", name);
let archives: ReadonlyMap<string, string>;
let project: string;

beforeAll(async () => {
  archives = await packPackages(directory);
  const dependencies = Object.fromEntries([...archives].map(([name, file]) => [name, `file:${file}`]));
  const types = { "@types/node": "22.20.5" };
  project = await emptyProject({
    directory: join(directory, "project"),
    manager: "npm",
    node: process.execPath,
    dependencies: { ...dependencies, ...types },
    archives,
  });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function packedFile(archive: string, name: string): Promise<string> {
  return (await execa("tar", ["-xzOf", archive, `package/${name}`])).stdout;
}

/** The TypeScript sources of ours that a map names and the package lacks. */
function missingSources(map: string): string[] {
  const { sources } = JSON.parse(readFileSync(map, "utf8")) as { sources: readonly string[] };
  const own = sources.filter((source) => /^(\.\.\/)+src\//.test(source));
  return own.map((source) => join(dirname(map), source)).filter((source) => !existsSync(source));
}

it("packs every package that is published", () => {
  expect(archives.size).toBe(publishedDirectories().length);
});

it("leaves the condition that leads to TypeScript sources out of packed manifests", async () => {
  const manifests = await Promise.all([...archives.values()].map((archive) => packedFile(archive, "package.json")));
  for (const manifest of manifests)
    expect(JSON.stringify(JSON.parse(manifest).exports)).not.toContain("@glovebox/source");
  // As a clone's command line loads a plugin that depends on the published packages.
  const names = ["@glovebox/provider-docker", "@glovebox/provider-e2b", "@glovebox/harness-claude-code"];
  const program = `for (const name of ${JSON.stringify(names)}) await import(name)`;
  await execa(process.execPath, ["--conditions=@glovebox/source", "--input-type=module", "-e", program], {
    cwd: project,
  });
});

it("ships every source map that a file refers to, and its sources", () => {
  const packages = join(project, "node_modules/@glovebox");
  const files = globSync("*/dist/**/*.{js,d.ts}", { cwd: packages });
  const references = files.flatMap((file) => {
    const [, map] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(join(packages, file), "utf8")) ?? [];
    return map === undefined ? [] : [join(packages, dirname(file), map)];
  });
  expect(references.some((map) => map.endsWith(".d.ts.map"))).toBe(true);
  expect(references.flatMap((map) => (existsSync(map) ? missingSources(map) : [map]))).toEqual([]);
});

it("declares types that resolve the way the code does, in every package", async () => {
  for (const [name, archive] of archives) {
    const options = { preferLocal: true, localDir: import.meta.dirname, all: true, reject: false } as const;
    const { all, exitCode } = await execa("attw", [archive, "--profile", "esm-only", "--format", "ascii"], options);
    // A package with nothing to import, such as the command line, has no types to look at.
    if (/does not contain types/i.test(all) && name === "@glovebox/cli") continue;
    expect(exitCode, `${name}\n${all}`).toBe(0);
  }
});

describe.each([
  ["node16", { module: "node16", moduleResolution: "node16" }],
  ["bundler", { module: "esnext", moduleResolution: "bundler" }],
])("under %s", (name, resolution) => {
  it("a program that uses them type-checks, declarations included", async () => {
    const sources = join(project, name);
    mkdirSync(sources);
    const compilerOptions = {
      ...resolution,
      strict: true,
      noEmit: true,
      target: "es2023",
      lib: ["es2023", "esnext.disposable"],
    };
    writeFileSync(join(sources, "program.mts"), program);
    writeFileSync(join(sources, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.mts"] }));
    const { all, exitCode } = await execa(bin("tsc"), ["-p", sources], { cwd: project, all: true, reject: false });
    expect(exitCode, all).toBe(0);
  });
});

const program = `
import { run, type RunEvent, type RunResult } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { SandboxError, Secret, type SandboxProvider } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";

const provider: SandboxProvider = createDockerProvider({ runtime: "runc" });
const harness: Harness = createClaudeCode();
export async function main(): Promise<RunResult> {
  const started = run({
    provider, harness, home: "/tmp/home", outputDirectory: "/tmp/out",
    task: { prompt: "Try" },
    credential: { variable: "ANTHROPIC_API_KEY", secret: new Secret("ANTHROPIC_API_KEY", "x") },
  });
  for await (const event of started) print(event);
  return await started.result.catch((error: unknown) => {
    if (SandboxError.isInstance(error)) console.error(error.code, error.hint);
    throw error;
  });
}
function print(event: RunEvent): void {
  if (event.type === "text.delta") process.stdout.write(event.text);
}
`;
