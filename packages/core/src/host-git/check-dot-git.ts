import { stat } from "node:fs/promises";
import { readHostFile } from "../host-files/read-host-file.ts";
import type { GitDirectoryCheck } from "./check-git-directory.ts";
import { refuseEndlessFile } from "./git-file.ts";
import { asLatin1, below, type HostPath, leadsTo, pathExists } from "./host-path.ts";

const maxGitFileBytes = 1024 * 1024;

/** Checks what a `.git` in a directory stands for; false when it stands for no repository. */
export async function checkDotGit(
  directory: HostPath,
  name: string | Buffer,
  check: GitDirectoryCheck,
): Promise<boolean> {
  const path = below(directory, name);
  await refuseEndlessFile(path);
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) {
    await check.check(path);
    return await pathExists(below(path, "HEAD"));
  }
  if (!existing?.isFile()) return false;
  const text = asLatin1(await readHostFile(path, { maxBytes: maxGitFileBytes }));
  // Git cuts off line ends at the end and nothing else: what else is there belongs to the name.
  const target = /^gitdir: (.+?)[\r\n]*$/s.exec(text)?.[1];
  if (target === undefined) return false;
  await check.check(leadsTo(directory, target));
  return true;
}
