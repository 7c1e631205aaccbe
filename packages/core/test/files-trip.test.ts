import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";

let trip: FileTrip;
beforeEach(() => {
  trip = new FileTrip();
});
afterEach(() => trip.dispose());

describe("a directory without git", () => {
  it("brings back files whose names every object of JavaScript has", async () => {
    const names = ["constructor", "toString", "hasOwnProperty", "valueOf"];
    const paths = [...names, "__proto__"].map((name) => `src/${name}/a.ts`);
    trip.write(Object.fromEntries(paths.slice(1).map((path) => [path, "before"])));
    await trip.upload();
    trip.writeInside(Object.fromEntries(paths.map((path) => [path, "after"])));
    const back = await trip.collect();
    expect(back.files).toMatchObject({ complete: true, skipped: [] });
    expect([...back.created, ...back.changed].sort()).toEqual([...paths, "src/constructor"].sort());
  });

  it("goes in but for what its ignore files name, and comes back compared", async () => {
    trip.write({
      "a.txt": "a",
      "keep/deep/b.bin": randomBytes(300_000),
      "keep/.gitignore": "*.log\n!important.log\n",
      "keep/x.log": "no",
      "keep/important.log": "yes",
      "gone.txt": "soon",
      ".gitignore": "/secret\nbuild/\n",
      secret: "no",
      "build/x": "no",
      ".git-not/config": "fine",
    });
    mkdirSync(join(trip.project, "empty"));
    symlinkSync("/etc/hostname", join(trip.project, "outward"));
    symlinkSync("a.txt", join(trip.project, "inward"));
    chmodSync(join(trip.project, "a.txt"), 0o755);
    execFileSync("mkfifo", [join(trip.project, "pipe")]);
    await trip.upload();
    expect(trip.warnings).toEqual(["upload-skipped"]);
    const inside = trip.sandbox.workspace;
    expect(readdirSync(inside).sort()).toEqual([
      ".git-not",
      ".gitignore",
      "a.txt",
      "empty",
      "gone.txt",
      "inward",
      "keep",
      "outward",
    ]);
    expect(readdirSync(join(inside, "keep")).sort()).toEqual([".gitignore", "deep", "important.log"]);
    expect(statSync(join(inside, "a.txt")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(inside, "outward"))).toBe("/etc/hostname");

    trip.writeInside({ "new/file": "n", "keep/important.log": "changed", "node_modules/x/y": "left out" });
    rmSync(join(inside, "gone.txt"));
    chmodSync(join(inside, "inward"), 0o644);
    const back = await trip.collect();
    expect(back.files.complete).toBe(true);
    expect(back.created).toEqual(["new", "new/file"]);
    expect(back.changed).toEqual(["a.txt", "keep/important.log"]);
    expect(back.deleted).toEqual(["gone.txt"]);
    expect(back.files.skipped).toEqual([{ path: "outward", reason: "it points to an absolute path: /etc/hostname" }]);
    expect(existsSync(join(trip.out, "node_modules"))).toBe(false);
    expect(
      readFileSync(join(trip.out, "keep/deep/b.bin")).equals(readFileSync(join(trip.project, "keep/deep/b.bin"))),
    ).toBe(true);
  });

  it("names the first of many that cannot go in", async () => {
    for (let index = 0; index < 60; index += 1) execFileSync("mkfifo", [join(trip.project, `pipe${index}`)]);
    await trip.upload();
    expect(trip.warnings).toEqual(Array(51).fill("upload-skipped"));
  });

  it("gives a patch that turns the original into the result, whatever kind of change it is", async () => {
    const large = randomBytes(200_000);
    trip.write({
      text: "one\ntwo\n",
      binary: large,
      script: "#!/bin/sh\n",
      "was-file": "f",
      "was-directory/x": "x",
      'sp ace\n"q"ü': "1\n",
      "no newline": "a",
    });
    symlinkSync("text", join(trip.project, "link"));
    const original = join(trip.base, "original");
    cpSync(trip.project, original, { recursive: true, verbatimSymlinks: true });
    await trip.upload();
    // What happens to the project on the host meanwhile has no part in it.
    trip.write({ text: "the host continued\n" });
    const inside = trip.sandbox.workspace;
    chmodSync(join(inside, "script"), 0o755);
    for (const path of ["was-file", "was-directory", "link"]) rmSync(join(inside, path), { recursive: true });
    trip.writeInside({
      text: "one\n2\n",
      binary: randomBytes(200_000),
      "was-file/now": "directory",
      "was-directory": "file",
      'sp ace\n"q"ü': "2\n",
      "made/new": "",
      "no newline": "b",
    });
    symlinkSync("binary", join(inside, "link"));
    const back = await trip.collect();
    expect(trip.warnings).toEqual([]);
    const patch = back.files.patch ?? "";
    execFileSync("git", ["apply", patch], { cwd: original });
    const compare = execFileSync("diff", ["-r", "--no-dereference", original, trip.out]).toString();
    expect(compare).toBe("");
    expect(statSync(join(original, "script")).mode & 0o100).toBe(0o100);
    expect(readlinkSync(join(original, "link"))).toBe("binary");
  });

  it("has no patch when nothing changed", async () => {
    trip.write({ a: "a" });
    await trip.upload();
    const back = await trip.collect();
    expect(back).toMatchObject({ unchanged: ["a"], created: [], changed: [], deleted: [] });
    expect(back.files.patch).toBeUndefined();
  });

  it("leaves what is too large out of the patch and says so", async () => {
    trip.write({ a: "a" });
    await trip.upload();
    trip.writeInside({ big: Buffer.alloc(33 * 1024 * 1024), small: "s" });
    const back = await trip.collect();
    expect(back.created).toEqual(["big", "small"]);
    expect(trip.warnings).toEqual(["patch"]);
    expect(readFileSync(back.files.patch ?? "", "utf8")).not.toContain("b/big");
  });
});

describe("what is called deleted", () => {
  it("is nothing that is ignored, refused, or below what could not be looked into", async () => {
    trip.write({ "node_modules/x": "x", kept: "k", "sub/a": "a" });
    await trip.upload();
    rmSync(join(trip.sandbox.workspace, "node_modules"), { recursive: true });
    rmSync(join(trip.sandbox.workspace, "kept"));
    symlinkSync("/etc", join(trip.sandbox.workspace, "kept"));
    rmSync(join(trip.sandbox.workspace, "sub"), { recursive: true });
    execFileSync("mkfifo", [join(trip.sandbox.workspace, "sub")]);
    const back = await trip.collect();
    expect(back.deleted).toEqual([]);
    expect(back.files.skipped.map((one) => one.path).sort()).toEqual(["kept", "sub"]);
  });

  it("is nothing at all when the archive breaks off", async () => {
    trip.write({ "d/a": "a", "d/b": Buffer.alloc(100_000), "d/gone": "" });
    await trip.upload();
    rmSync(join(trip.sandbox.workspace, "d/gone"));
    trip.sandbox.archiveBreaksAfter = 60_000;
    const back = await trip.collect();
    expect(back.error?.code).toBe("lost");
    expect(back.files.complete).toBe(false);
    expect(back.deleted).toEqual([]);
    expect(existsSync(join(trip.out, "d/b"))).toBe(false);
    trip.sandbox.archiveBreaksAfter = Number.POSITIVE_INFINITY;
    const again = await trip.collect();
    expect(again.deleted).toEqual(["d/gone"]);
    expect(readdirSync(join(trip.out, "d"))).toEqual(["a", "b"]);
  });
});

describe("without a workspace", () => {
  it("brings everything back and names what a host would execute", async () => {
    trip.writeInside({
      "package.json": '{"scripts":{"postinstall":"x"}}',
      "lib/package.json": '{"name":"quiet"}',
      "broken/package.json": "{",
      ".vscode/tasks.json": "{}",
      ".vscode/notes.md": "",
      ".github/workflows/ci.yml": "",
      "a/.ENVRC": "",
      Makefile: "",
    });
    const back = await trip.collect({ workspace: null });
    expect(back.files.executable).toEqual([
      ".vscode/tasks.json",
      "a/.ENVRC",
      "broken/package.json",
      "package.json",
      "Makefile",
      ".github/workflows/ci.yml",
    ]);
    expect(back.files.patch).toBeUndefined();
  });

  it("asks for the archive again without a file that is past every limit", async () => {
    trip.writeInside({ a: "a", z: "z", hole: "" });
    truncateSync(join(trip.sandbox.workspace, "hole"), 300 * 1024 * 1024);
    const back = await trip.collect({ workspace: null, limits: { fileBytes: 1000 } });
    expect(back.files.complete).toBe(true);
    expect(back.created).toEqual(["a", "z"]);
    expect(back.files.skipped).toEqual([
      { path: "hole", reason: expect.stringContaining("limit of a file"), pastLimit: true },
    ]);
    expect(trip.sandbox.calls.filter((call) => call.startsWith("getArchive"))).toHaveLength(2);
  });
});

describe("the output directory", () => {
  it("is refused where it would write over something else", async () => {
    writeFileSync(join(trip.base, "file"), "");
    for (const out of [
      "/",
      process.env.HOME ?? "/root",
      trip.project,
      trip.base,
      join(trip.base, "file"),
      "relative",
    ]) {
      const other = Object.assign(Object.create(trip), { out });
      await expect(FileTrip.prototype.collect.call(other)).rejects.toMatchObject({ code: "invalid-options" });
    }
    expect(lstatSync(join(trip.base, "file")).isFile()).toBe(true);
  });
});

describe("a git repository", () => {
  it("goes in with its history, its branch, what is not committed, and an identity", async () => {
    trip.git("init", "-q", "-b", "feature/x");
    trip.write({ ".gitignore": "ignored\n", a: "1", b: "1", "sub/c": "c" });
    const head = trip.commitAll();
    trip.write({ a: "2", ignored: "no", untracked: "u" });
    rmSync(join(trip.project, "b"));
    trip.git("config", "user.name", "Own Name");
    trip.git("remote", "add", "origin", "https://user:token@git.example.com/x.git?token=y");
    await trip.upload();
    expect(trip.warnings).toEqual([]);
    const inside = (...args: string[]) => trip.gitInside(...args);
    expect(inside("rev-parse", "HEAD")).toBe(head);
    expect(inside("symbolic-ref", "HEAD")).toBe("refs/heads/feature/x");
    expect(inside("status", "--porcelain").split("\n")).toEqual([" M a", " D b", "?? untracked"]);
    expect(inside("config", "--local", "user.name")).toBe("Own Name");
    expect(inside("config", "--local", "user.email")).not.toBe("");
    expect(inside("remote", "get-url", "origin")).toBe("https://git.example.com/x.git");
    expect(existsSync(join(trip.sandbox.workspace, "ignored"))).toBe(false);
    expect(readdirSync(trip.sandbox.home)).toEqual([".config"]);
  });

  it("brings the agent's commits back as a bundle, and quiesces again after", async () => {
    trip.git("init", "-q");
    trip.write({ a: "1" });
    trip.commitAll();
    await trip.upload();
    trip.writeInside({ a: "2" });
    trip.gitInside("commit", "-q", "-a", "-m", "by the agent");
    const back = await trip.collect();
    expect(back.changed).toEqual(["a"]);
    expect(back.files.skipped).toEqual([]);
    expect(gitIn(trip.project, "bundle", "verify", "-q", back.files.bundle ?? "")).toBe("");
    const calls = trip.sandbox.calls;
    expect(calls.indexOf("quiesce")).toBeGreaterThan(calls.findIndex((call) => call.includes("bundle create")));
    expect(calls.indexOf("quiesce")).toBeLessThan(calls.findIndex((call) => call.startsWith("getArchive")));
  });

  it("has no bundle when the agent committed nothing", async () => {
    trip.git("init", "-q");
    trip.write({ a: "1" });
    trip.commitAll();
    await trip.upload();
    expect((await trip.collect()).files.bundle).toBeUndefined();
    expect(trip.warnings).toEqual([]);
  });

  it("may be shallow, or have no branch checked out", async () => {
    const origin = join(trip.base, "origin");
    mkdirSync(origin);
    gitIn(origin, "init", "-q");
    for (const content of ["1", "2", "3"]) {
      writeFiles(origin, { a: content });
      gitIn(origin, "add", "-A");
      gitIn(origin, "commit", "-q", "-m", content);
    }
    rmSync(trip.project, { recursive: true });
    gitIn(trip.base, "clone", "-q", "--depth=2", `file://${origin}`, trip.project);
    trip.git("checkout", "-q", "--detach");
    await trip.upload();
    expect(trip.warnings).toEqual([]);
    expect(trip.gitInside("log", "--format=%s")).toBe("3\n2");
    expect(trip.gitInside("rev-parse", "--abbrev-ref", "HEAD")).toBe("HEAD");
    expect(() => trip.gitInside("remote", "get-url", "origin")).toThrow();
    trip.writeInside({ a: "4" });
    trip.gitInside("commit", "-q", "-a", "-m", "4");
    expect((await trip.collect()).files.bundle).toBeDefined();
  });

  it("gives its files where git is missing inside, and says so", async () => {
    trip.git("init", "-q");
    trip.write({ a: "1" });
    trip.commitAll();
    trip.sandbox.missing.add("git");
    await trip.upload();
    expect(trip.warnings).toEqual(["git-history"]);
    expect(readdirSync(trip.sandbox.workspace)).toEqual(["a"]);
  });

  it("may be empty, and a submodule gives its files", async () => {
    trip.git("init", "-q");
    await trip.upload();
    const module = join(trip.base, "module");
    writeFiles(module, { inner: "i", skip: "no", ".gitignore": "skip\n" });
    gitIn(module, "init", "-q");
    gitIn(module, "add", "-A");
    gitIn(module, "commit", "-q", "-m", "m");
    trip.git("submodule", "--quiet", "add", `file://${module}`, "mod");
    trip.commitAll();
    writeFiles(join(trip.project, "mod"), { skip: "no", extra: "e" });
    await trip.upload();
    expect(trip.warnings).toContain("submodule");
    expect(readdirSync(join(trip.sandbox.workspace, "mod")).sort()).toEqual([".gitignore", "extra", "inner"]);
  });

  it("gives a directory inside it without history, and a patch that git applies from the top", async () => {
    trip.git("init", "-q");
    trip.write({ "pkg/a": "1\n", other: "o" });
    trip.commitAll();
    await trip.upload(join(trip.project, "pkg"));
    expect(trip.warnings).toEqual(["git-history"]);
    expect(readdirSync(trip.sandbox.workspace)).toEqual(["a"]);
    trip.writeInside({ a: "2\n" });
    const back = await trip.collect({ workspace: join(trip.project, "pkg") });
    trip.git("apply", back.files.patch ?? "");
    expect(readFileSync(join(trip.project, "pkg/a"), "utf8")).toBe("2\n");
  });
});
