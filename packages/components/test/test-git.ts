import { execFileSync } from "node:child_process";
import { devNull } from "node:os";

/** Runs git in a test's directory, without the machine's own configuration. */
export function testGit(cwd: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...who, ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: devNull },
  }).trim();
}

/** Commits everything in the directory, after `git init` where needed. Returns the commit. */
export function commitAll(cwd: string, message: string): string {
  testGit(cwd, "init", "--quiet");
  testGit(cwd, "add", "--all", "--force");
  testGit(cwd, "commit", "--quiet", "--allow-empty", "-m", message);
  return testGit(cwd, "rev-parse", "HEAD");
}
