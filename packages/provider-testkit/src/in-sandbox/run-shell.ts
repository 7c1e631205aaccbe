import assert from "node:assert/strict";
import type { Sandbox, SpawnOptions } from "@glovebox/core/provider";
import { finish } from "./finish.ts";

/** What a POSIX shell script in the sandbox says; it must exit with 0. `$1` and so on are the words. */
export async function runShell(
  sandbox: Sandbox,
  script: string,
  words: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<string> {
  const ended = await finish(await sandbox.spawn(["/bin/sh", "-c", script, "sh", ...words], options));
  assert.equal(ended.exitCode, 0, `${script}: ${ended.reason} ${ended.stderr}`);
  return ended.stdout;
}
