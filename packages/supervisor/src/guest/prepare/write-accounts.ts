import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxUser } from "../processes/as-user.ts";

const name = "agent";

/** Writes `passwd` and `group` into a directory: the image's own, with the sandbox's user in front. */
export function writeAccounts(directory: string, { uid, gid }: SandboxUser): void {
  const shell = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";
  const user = `${name}:x:${uid}:${gid}:Glovebox agent:/home/agent:${shell}`;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "passwd"), withFirst(user, "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"));
  writeFileSync(join(directory, "group"), withFirst(`${name}:x:${gid}:`, "/etc/group", "root:x:0:\n"));
}

/** In front, so that the number's name is ours; another name for the same number stays valid. */
function withFirst(line: string, original: string, without: string): string {
  const text = existsSync(original) ? readFileSync(original, "utf8") : without;
  return [line, ...text.split("\n").filter((other) => !other.startsWith(`${name}:`))].join("\n");
}
