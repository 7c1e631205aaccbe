import type { Sandbox, SpawnOptions } from "@glovebox/core/provider";
import { type CollectedOutput, collectOutput } from "./collect-output.ts";

/** Runs a program to its end. */
export async function runInside(
  sandbox: Sandbox,
  argv: readonly [string, ...string[]],
  options?: SpawnOptions,
): Promise<CollectedOutput> {
  return collectOutput(await sandbox.spawn(argv, options));
}
