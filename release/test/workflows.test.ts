import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "../published-directories.ts";

it("every action in a workflow is pinned to a commit, with its version beside it", () => {
  const uses = globSync(".github/workflows/*.yml", { cwd: repositoryRoot })
    .flatMap((file) => readFileSync(join(repositoryRoot, file), "utf8").split("\n"))
    .filter((line) => /^\s*(?:- )?uses:/.test(line));
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});
