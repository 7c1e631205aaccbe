import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "./file-trip.ts";

export interface Trap {
  /** The program that git is made to run. */
  readonly script: string;
  /** The file that it leaves. */
  readonly sprung: string;
}

/** Everything in a repository's configuration that makes git run a program. */
export function setTraps(directory: string, { script: trap }: Trap): void {
  const gitDir = join(directory, ".git");
  for (const hook of readFileSync(join(import.meta.dirname, "git-hooks.txt"), "utf8")
    .trim()
    .split("\n")) {
    writeFiles(gitDir, { [`hooks/${hook}`]: readFileSync(trap) });
    chmodSync(join(gitDir, "hooks", hook), 0o755);
  }
  writeFiles(gitDir, { "info/attributes": "* filter=trap diff=trap merge=trap\n" });
  writeFileSync(
    join(gitDir, "config"),
    `[core]
	repositoryformatversion = 1
	fsmonitor = ${trap}
	hooksPath = ${join(gitDir, "hooks")}
	pager = ${trap}
	editor = ${trap}
	sshCommand = ${trap}
	askPass = ${trap}
	gitProxy = ${trap}
	alternateRefsCommand = ${trap}
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::${trap} %S
	promisor = true
	partialclonefilter = blob:none
	uploadpack = ${trap}
	vcs = trap
[credential]
	helper = !${trap}
[diff]
	external = ${trap}
[diff "trap"]
	command = ${trap}
	textconv = ${trap}
[filter "trap"]
	clean = ${trap}
	smudge = ${trap}
	process = ${trap}
	required = true
[merge "trap"]
	driver = ${trap}
[gpg]
	program = ${trap}
[commit]
	gpgSign = true
[log]
	showSignature = true
[alias]
	ls-files = !${trap}
	rev-parse = !${trap}
	bundle = !${trap}
[url "ext::${trap} "]
	insteadOf = /
[submodule]
	recurse = true
[pager]
	ls-files = ${trap}
	rev-parse = ${trap}
[uploadpack]
	packObjectsHook = ${trap}
[gc]
	auto = 1
[maintenance]
	auto = true
`,
  );
}
