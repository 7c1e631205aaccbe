import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPlan } from "../src/files/apply/apply-plan.ts";
import { planApply } from "../src/files/apply/plan-apply.ts";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";

let trip: FileTrip;
beforeEach(() => {
  trip = new FileTrip();
  process.env.GIT_CONFIG_GLOBAL = join(trip.base, "gitconfig");
  process.env.XDG_CONFIG_HOME = join(trip.base, "xdg");
  process.env.HOME = trip.base;
  writeFileSync(join(trip.base, ".gitconfig"), "");
  trip.git("init", "-q", "-b", "main");
});
const home = process.env.HOME;
afterEach(() => {
  delete process.env.GIT_CONFIG_GLOBAL;
  delete process.env.XDG_CONFIG_HOME;
  process.env.HOME = home;
  trip.dispose();
});

/** Git as the user runs it, with their own settings. */
function host(...args: string[]): string {
  const env = {
    PATH: process.env.PATH,
    HOME: trip.base,
    XDG_CONFIG_HOME: join(trip.base, "xdg"),
    GIT_CONFIG_NOSYSTEM: "1",
  };
  const identity = ["-c", "user.name=Host", "-c", "user.email=h@example.com", "-c", "protocol.file.allow=always"];
  return execFileSync("git", [...identity, ...args], {
    cwd: trip.project,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  }).toString();
}

/** Git as the agent runs it. */
function inside(...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: trip.sandbox.home, GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", args, { cwd: trip.sandbox.workspace, env, stdio: ["ignore", "pipe", "pipe"] }).toString();
}

const own = (text: string) => writeFileSync(join(trip.base, ".gitconfig"), text);
const lfs = `#!/bin/sh
f=$(mktemp); cat > $f
test -s $f || { rm $f; exit 0; }
if head -c 100 $f | grep -q '^version https://git-lfs'; then cat $f; else
printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize %s\\n' $(sha256sum $f | cut -c1-64) $(stat -c %s $f)
fi
rm $f
`;

interface Case {
  readonly what: string;
  /** Makes the repository, with at least one commit. */
  make(): void;
  /** Whether the host's tree is clean: then nothing is committed by `git add -A` but what the agent did. */
  readonly isDirty?: boolean;
  readonly warnings?: readonly string[];
  /** Where the agent makes a file; at the top by default. */
  readonly directory?: string;
}

const cases: readonly Case[] = [
  {
    what: "autocrlf, set by the user for all repositories",
    make() {
      own("[core]\n\tautocrlf = true\n");
      trip.write({ a: "1\r\n2\r\n", b: "x\r\n" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
    },
  },
  {
    what: "eol and text attributes in info/attributes",
    make() {
      host("config", "core.eol", "crlf");
      writeFiles(trip.project, { ".git/info/attributes": "*.txt text\n", "a.txt": "1\r\n2\r\n" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
    },
  },
  {
    what: "the user's own attributes",
    make() {
      writeFiles(trip.base, { "xdg/git/attributes": "*.txt text eol=crlf\n" });
      trip.write({ "a.txt": "1\r\n2\r\n" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
    },
  },
  {
    what: "fileMode switched off on a disk without modes",
    make() {
      host("config", "core.fileMode", "false");
      trip.write({ a: "1", script: "#!/bin/sh\n" });
      host("add", "-A");
      host("update-index", "--chmod=+x", "script");
      host("commit", "-q", "-m", "m");
      chmodSync(join(trip.project, "a"), 0o777);
    },
  },
  {
    what: "symlinks that are files",
    make() {
      trip.write({ target: "t" });
      host("add", "-A");
      writeFileSync(join(trip.project, "link"), "target");
      const blob = host("hash-object", "-w", "link").trim();
      host("update-index", "--add", "--cacheinfo", `120000,${blob},link`);
      host("config", "core.symlinks", "false");
      host("commit", "-q", "-m", "m");
    },
  },
  {
    what: "ignoreCase",
    make() {
      host("config", "core.ignoreCase", "true");
      trip.write({ ".gitignore": "IGNORED\n", a: "1", ignored: "i" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
    },
  },
  {
    what: "Git LFS",
    make() {
      const clean = join(trip.base, "lfs.sh");
      writeFileSync(clean, lfs);
      chmodSync(clean, 0o755);
      own(`[filter "lfs"]\n\tclean = ${clean}\n\tsmudge = cat\n\trequired = true\n`);
      trip.write({
        ".gitattributes": "*.bin filter=lfs -text\n",
        "a.bin": Buffer.alloc(5000, 7),
        "empty.bin": "",
        "s.bin": "x",
      });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      expect(host("show", "HEAD:a.bin")).toContain("git-lfs");
    },
  },
  {
    what: "a filter that is not inside",
    warnings: ["git-settings"],
    make() {
      own('[filter "crypt"]\n\tclean = tr a-z n-za-m\n\tsmudge = tr a-z n-za-m\n\trequired = true\n');
      trip.write({ ".gitattributes": "secret* filter=crypt\n", secret: "hello", plain: "p" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      expect(host("show", "HEAD:secret")).toBe("uryyb");
    },
  },
  {
    what: "a file that is skipped and holds a password",
    make() {
      trip.write({ config: "password=\n", a: "1" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      host("update-index", "--skip-worktree", "config");
      trip.write({ config: "password=hunter2\n" });
    },
  },
  {
    what: "a file that is assumed unchanged",
    make() {
      trip.write({ config: "password=\n", a: "1" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      host("update-index", "--assume-unchanged", "config");
      trip.write({ config: "password=hunter2\n" });
    },
  },
  ...[["--cone"], ["--cone", "--sparse-index"], ["--no-cone"]].map((kind) => ({
    what: `a sparse checkout, ${kind.join(" ")}`,
    directory: "in/",
    make() {
      trip.write({ "in/a": "1", "out/b": "1", "out/deep/c": "1", top: "t" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      host("sparse-checkout", "set", ...kind, kind[0] === "--cone" ? "in" : "/in/");
      expect(existsSync(join(trip.project, "out"))).toBe(false);
    },
  })),
  {
    what: "info/exclude and the user's own ignore file",
    make() {
      writeFiles(trip.base, { "own-ignore": "*.swp\n" });
      own("[core]\n\texcludesFile = ~/own-ignore\n");
      trip.write({ a: "1" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      writeFiles(trip.project, { ".git/info/exclude": "notes\n", notes: "private", "x.swp": "s" });
    },
  },
  {
    what: "a submodule",
    warnings: ["submodule"],
    make() {
      const module = join(trip.base, "module");
      writeFiles(module, { inner: "i" });
      gitIn(module, "init", "-q");
      gitIn(module, "add", "-A");
      gitIn(module, "commit", "-q", "-m", "m");
      host("submodule", "--quiet", "add", module, "sub");
      host("commit", "-q", "-m", "m");
    },
  },
  {
    what: "a file that cannot go in",
    warnings: ["upload-skipped", "git-settings"],
    make() {
      trip.write({ a: "1" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      execFileSync("sh", ["-c", "printf x > \"$(printf 'bad\\377name')\""], { cwd: trip.project });
      host("add", "-A");
      host("commit", "-q", "-m", "bad name");
    },
  },
  {
    what: "a file that was touched",
    make() {
      trip.write({ a: "1", b: "2" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      utimesSync(join(trip.project, "a"), 1, 1);
    },
  },
  {
    what: "changes of every kind, staged and not",
    isDirty: true,
    make() {
      trip.write({ a: "1", b: "1", c: "1", d: "1", e: "1", "f f": "1" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      trip.write({ a: "staged", b: "changed", new: "n", announced: "a", "empty-announced": "", "empty-staged": "" });
      host("add", "a", "empty-staged");
      host("add", "-N", "announced", "empty-announced");
      host("rm", "-q", "--cached", "c");
      host("rm", "-q", "d");
      host("mv", "f f", "g g");
      trip.write({ a: "staged and changed" });
      rmSync(join(trip.project, "e"));
    },
  },
  {
    what: "a merge in conflict",
    isDirty: true,
    warnings: ["git-settings"],
    make() {
      trip.write({ a: "1" });
      host("add", "-A");
      host("commit", "-q", "-m", "m");
      host("checkout", "-q", "-b", "other");
      trip.write({ a: "2" });
      host("commit", "-q", "-a", "-m", "2");
      host("checkout", "-q", "main");
      trip.write({ a: "3" });
      host("commit", "-q", "-a", "-m", "3");
      expect(() => host("merge", "other")).toThrow();
    },
  },
];

describe("git inside sees what git on the host sees", () => {
  it.each(cases.map((one) => [one.what, one] as const))(
    "with %s",
    async (_, { make, isDirty = false, warnings = [], directory = "" }) => {
      make();
      const outside = host("status", "--porcelain");
      if (!isDirty) expect(outside).toBe("");
      await trip.upload();
      expect(trip.warnings.filter((code) => code !== "upload-skipped" || warnings.includes(code))).toEqual(warnings);
      expect(inside("status", "--porcelain")).toBe(outside);
      if (isDirty) return;
      inside("add", "-A");
      expect(inside("status", "--porcelain")).toBe("");
      const created = `${directory}by-the-agent`;
      trip.writeInside({ [created]: "new\n" });
      inside("add", "-A");
      inside("commit", "-q", "-m", "by the agent");
      expect(inside("status", "--porcelain")).toBe("");
      expect(inside("diff", "--name-status", "HEAD^", "HEAD")).toBe(`A\t${created}\n`);
      const { files } = await trip.collect();
      const plan = await planApply({
        result: trip.result(files),
        runDirectory: trip.runDirectory,
        target: trip.project,
      });
      const report = await applyPlan(plan);
      expect(report).toMatchObject({ written: [created], deleted: [], failed: [], conflicts: [] });
      expect(host("status", "--porcelain")).toBe(`?? ${created}\n`);
      expect(host("diff", "--name-status", "HEAD", "refs/glovebox/run-1/HEAD")).toBe(`A\t${created}\n`);
    },
  );

  it("and a new file for LFS is committed as a pointer", async () => {
    cases.find(({ what }) => what === "Git LFS")?.make();
    await trip.upload();
    const content = Buffer.alloc(3000, 9);
    trip.writeInside({ "new.bin": content });
    inside("add", "-A");
    inside("commit", "-q", "-m", "new");
    const sha256 = createHash("sha256").update(content).digest("hex");
    expect(inside("show", "HEAD:new.bin")).toBe(
      `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize 3000\n`,
    );
    inside("checkout", "-q", "HEAD^");
    inside("checkout", "-q", "main");
    expect(readFileSync(join(trip.sandbox.workspace, "new.bin"), "utf8")).toContain(sha256);
    expect(inside("status", "--porcelain")).toBe("");
  });

  it("and what a missing filter protects cannot be committed in the open", async () => {
    cases.find(({ what }) => what === "a filter that is not inside")?.make();
    await trip.upload();
    trip.writeInside({ "secret-new": "in the open", secret: "changed" });
    expect(() => inside("add", "-A")).toThrow(/the filter crypt is not in this sandbox/);
    inside("reset", "-q");
    trip.writeInside({ plain: "changed" });
    inside("commit", "-q", "-a", "-m", "plain alone");
    expect(inside("diff", "--name-only", "HEAD^", "HEAD")).toBe("plain\n");
    const back = await trip.collect();
    expect(back.changed).toEqual(["plain", "secret"]);
  });

  it("and no program that a submodule's settings name runs on the host", async () => {
    const sprung = join(trip.base, "sprung");
    const module = join(trip.base, "module");
    writeFiles(module, { inner: "1", ".gitattributes": "* filter=trap\n" });
    gitIn(module, "init", "-q");
    gitIn(module, "add", "-A");
    gitIn(module, "commit", "-q", "-m", "m");
    trip.write({ a: "1" });
    host("submodule", "--quiet", "add", module, "sub");
    host("add", "-A");
    host("commit", "-q", "-m", "m");
    const sub = join(trip.project, "sub");
    gitIn(sub, "config", "filter.trap.clean", `touch ${sprung}; cat`);
    gitIn(sub, "config", "core.fsmonitor", `touch ${sprung}; false`);
    writeFiles(sub, { inner: "2" });
    trip.write({ a: "2" });
    await trip.upload();
    expect(inside("status", "--porcelain", "--", "a")).toBe(" M a\n");
    expect(existsSync(sprung)).toBe(false);
    host("status");
    expect(existsSync(sprung), "the trap is real").toBe(true);
  });

  it("and no program that a setting names runs on the host", async () => {
    const sprung = join(trip.base, "sprung");
    trip.write({ ".gitattributes": "* filter=trap\n", a: "1" });
    host("add", "-A");
    host("commit", "-q", "-m", "m");
    host("config", "filter.trap.clean", `touch ${sprung}; tr 1 2`);
    host("config", "filter.trap.process", `touch ${sprung}`);
    host("config", "filter.odd = name.clean", `touch ${sprung}`);
    trip.write({ a: "2" });
    await trip.upload();
    expect(existsSync(sprung)).toBe(false);
    expect(readFileSync(join(trip.sandbox.workspace, ".git/config"), "utf8")).not.toContain("touch");
  });
});
