import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fetchGit } from "./git-source.ts";
import { runGit } from "./run-git.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-run-git-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

it("ends git and what it started when the time is over", async () => {
  writeFileSync(join(directory, "git"), `#!/bin/sh\nsleep 600 &\necho $! > ${directory}/pid\nwait\n`);
  chmodSync(join(directory, "git"), 0o755);
  vi.stubEnv("PATH", `${directory}:${process.env.PATH}`);
  const { done } = runGit(["fetch"], directory, undefined, 2000);
  await expect(done).rejects.toMatchObject({ code: "timeout" });
  await vi.waitUntil(() => !isAlive(readFileSync(join(directory, "pid"), "utf8").trim()), { timeout: 20_000 });
});

it("refuses a repository on this machine in which git would wait for ever", async () => {
  const repository = join(directory, "repository");
  mkdirSync(repository);
  execFileSync("git", ["init", "-q", repository]);
  execFileSync("mkfifo", [join(repository, ".git/packed-refs")]);
  const spec = { name: "x", kind: "git", location: `file://${repository}` } as const;
  const fetching = fetchGit(spec, undefined, join(directory, "trees"), { cacheDir: directory });
  await expect(fetching).rejects.toMatchObject({
    code: "invalid-options",
    message: expect.stringContaining("packed-refs"),
  });
});

/** One that has ended and waits to be reaped is not. */
function isAlive(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
