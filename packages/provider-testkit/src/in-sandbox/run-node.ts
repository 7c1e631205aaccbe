import assert from "node:assert/strict";
import type { Sandbox, SpawnOptions } from "@glovebox/core/provider";
import { runInside } from "./run-inside.ts";

/** What a Node script in the sandbox says; it must exit with 0. `process.argv[1]` and so on are the words. */
export async function runNode(
  sandbox: Sandbox,
  script: string,
  words: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<string> {
  const { stdout, stderr, exit } = await runInside(sandbox, ["node", "-e", script, "--", ...words], options);
  assert.equal(exit.exitCode, 0, `${script}: ${exit.reason} ${stderr}`);
  return stdout.toString("utf8");
}
