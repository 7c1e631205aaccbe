import assert from "node:assert/strict";
import { readTar } from "../../../archives/read-tar.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";

const files = [
  "node_modules/x",
  "src/node_modules/y",
  "build/cache/z",
  "src/build/cache/z",
  "cache",
  "src/cache/kept",
  "node_modules.txt",
  "weird*name/x",
  "weirdXname/x",
];

export const leavesOut: ConformanceCase = {
  name: "files/leaves-out",
  title: "Excludes a bare name at any depth and a path with a slash only where it is, and nothing else",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const script = 'cd "$1"; shift; for file; do mkdir -p "$(dirname "$file")"; echo x > "$file"; done';
    await runShell(sandbox, script, [directory, ...files]);
    const kept = async (exclude: readonly string[]): Promise<string[]> => {
      const archive = await readTar(await sandbox.files.getArchive(directory, { exclude }));
      return [...archive].filter(([, { type }]) => type === "file").map(([name]) => name);
    };
    const but = (...left: string[]): string[] => files.filter((file) => !left.includes(file)).sort();
    assert.deepEqual((await kept([])).sort(), but());
    assert.deepEqual((await kept(["node_modules"])).sort(), but("node_modules/x", "src/node_modules/y"));
    assert.deepEqual((await kept(["./build/cache"])).sort(), but("build/cache/z"));
    assert.deepEqual((await kept(["./cache"])).sort(), but("cache"));
    assert.deepEqual(
      (await kept(["cache"])).sort(),
      but("build/cache/z", "src/build/cache/z", "cache", "src/cache/kept"),
    );
  },
};
