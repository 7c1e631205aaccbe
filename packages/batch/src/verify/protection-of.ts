import type { RunFiles } from "@glovebox/core";
import { commandFiles } from "./command-files.ts";
import { namedFiles } from "./named-files.ts";
import { ProtectedPaths } from "./protected-paths.ts";

/** What decides which files of a project are protected. */
export interface ProtectionSource {
  readonly command: string;
  /** Patterns of the user's. */
  readonly protect: readonly string[];
  /** The files in which the test runner found tests. */
  readonly tests: readonly string[];
}

/** The files that decide the verdict of a command in this project. */
export async function protectionOf(files: RunFiles, source: ProtectionSource): Promise<ProtectedPaths> {
  const { command, protect, tests } = source;
  const named = await namedFiles(files, new ProtectedPaths());
  const reported = tests.map((path): [string, string] => [path, "test"]);
  return new ProtectedPaths({
    protect,
    also: new Map([...named, ...reported, ...(await commandFiles(files, command))]),
  });
}
