import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLine } from "../shell-harness.ts";
import type { Random } from "./random.ts";

/** The project of a round, what an agent does to it, and what must come back. */
export interface Project {
  readonly path: string;
  /** What goes in, by path. */
  readonly original: Readonly<Record<string, string>>;
  readonly script: string;
  /** What the script makes, in this order; it says `made <path>` after each. */
  readonly created: Readonly<Record<string, string>>;
}

const changed = "a.txt";
const deleted = "b.txt";

export function makeProject(root: string, random: Random): Project {
  const path = join(root, "project");
  const many = random.chance(0.3) ? 300 : 5;
  const original: Record<string, string> = { [changed]: "as it was\n", [deleted]: "to be deleted\n" };
  for (let index = 0; index < many; index += 1) original[`sub/${index}.txt`] = `given ${index}\n`;
  mkdirSync(join(path, "sub"), { recursive: true });
  for (const [name, content] of Object.entries(original)) writeFileSync(join(path, name), content);
  if (random.chance(0.4)) commitAll(path);
  const created: Record<string, string> = {
    "made 0.txt": "made 0\n",
    "new/deep/made.txt": "deep\n",
    [changed]: "changed\n",
  };
  const pause = random.pick(["", "sleep 0.2\n", "sleep 1\n"]);
  const steps = Object.entries(created).map(
    ([name, content]) =>
      `mkdir -p "$(dirname '${name}')" && printf '${content.replace("\n", "\\n")}' > '${name}' && sync '${name}' && echo 'made ${name}'\n`,
  );
  const script = `${steps.join(pause)}rm ${deleted}\n${pause}echo '${lastLine}'\n`;
  return { path, original, script, created };
}

/** What apply must have done to the project once the script was through. */
export function expectedProject({ original, created }: Project): Record<string, string | undefined> {
  return { ...original, ...created, [deleted]: undefined };
}

function commitAll(path: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Stress", "-c", "user.email=stress@example.com", ...args], {
      cwd: path,
      stdio: "ignore",
    });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Given");
}
