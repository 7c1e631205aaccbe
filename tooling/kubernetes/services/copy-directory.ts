import { execFile } from "node:child_process";
import { rename, rm } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Copies a directory with owners, times and links. What exists at the target is replaced at once, by a rename. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`;
  await rm(partial, { recursive: true, force: true });
  await run("cp", ["-a", "--reflink=auto", from, partial]);
  await rm(to, { recursive: true, force: true });
  await rename(partial, to);
}
