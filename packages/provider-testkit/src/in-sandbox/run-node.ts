import assert from "node:assert/strict";
import type { Sandbox, SpawnOptions } from "@glovebox/core/provider";
import { finish } from "./finish.ts";

/** What a Node script in the sandbox says; it must exit with 0. `process.argv[1]` and so on are the words. */
export async function runNode(
  sandbox: Sandbox,
  script: string,
  words: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<string> {
  const ended = await finish(await sandbox.spawn(["node", "-e", script, "--", ...words], options));
  assert.equal(ended.exitCode, 0, `${script}: ${ended.reason} ${ended.stderr}`);
  return ended.stdout;
}
