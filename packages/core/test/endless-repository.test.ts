import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostGit } from "../src/files/git/host-git.ts";
import { listWorkspace } from "../src/files/upload/list-workspace.ts";
import { checkRepository } from "../src/host-git/check-repository.ts";
import { FileTrip } from "./file-trip.ts";

let trip: FileTrip;

beforeEach(() => {
  trip = new FileTrip();
  trip.write({ "a.txt": "a", "src/b.txt": "b" });
  trip.git("init", "-q", "-b", "main");
  trip.commitAll();
});
afterEach(() => trip.dispose());

const place = (path: string) => join(trip.project, path);
const pipe = (path: string) => {
  rmSync(place(path), { recursive: true, force: true });
  mkdirSync(join(place(path), ".."), { recursive: true });
  execFileSync("mkfifo", [place(path)]);
};
const zero = (path: string) => {
  rmSync(place(path), { recursive: true, force: true });
  mkdirSync(join(place(path), ".."), { recursive: true });
  symlinkSync("/dev/zero", place(path));
};
/** As `printf` takes it, since no argument can hold bytes that are not UTF-8. */
const octal = (bytes: Buffer) => [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
const head = () => trip.git("rev-parse", "HEAD");

/** By what is odd: where, and what makes it so. */
const odd: [string, string, () => void][] = [
  ...[
    ".git/HEAD",
    ".git/index",
    ".git/config",
    ".git/config.worktree",
    ".git/shallow",
    ".git/packed-refs",
    ".git/commondir",
    ".git/info/exclude",
    ".git/info/attributes",
    ".git/info/sparse-checkout",
    ".git/info/grafts",
    ".git/objects/info/alternates",
    ".git/objects/info/commit-graph",
    ".git/objects/pack/pack-0.idx",
    ".git/refs/heads/main",
    ".git/refs/stash",
    ".git/logs/HEAD",
    ".git/worktrees/w/gitdir",
    ".git/worktrees/w/HEAD",
    ".git/MERGE_HEAD",
    ".git",
    ".gitignore",
    ".gitattributes",
    ".gitmodules",
    ".mailmap",
    "src/.gitignore",
    "src/.gitattributes",
    "new/directory/.gitignore",
    "nested/.git",
    "nested/.git/HEAD",
  ].flatMap((path): [string, string, () => void][] => [
    ["a pipe", path, () => pipe(path)],
    ["a link to an endless device", path, () => zero(path)],
  ]),
  ["an object that is a pipe", "", () => pipe(`.git/objects/${head().slice(0, 2)}/${head().slice(2)}`)],
  [
    "a file of holes",
    ".git/shallow",
    () => {
      writeFileSync(place(".git/shallow"), "");
      truncateSync(place(".git/shallow"), 2 ** 40);
    },
  ],
  ["a link into the kernel's file system", ".git/shallow", () => symlinkSync("/proc/kmsg", place(".git/shallow"))],
  [
    "a pipe in an alternate",
    "other/info/x",
    () => {
      pipe("other/pack/x.idx");
      writeFileSync(place(".git/objects/info/alternates"), `${place("other")}\n`);
    },
  ],
  [
    "a pipe that the configuration includes",
    ".git/config",
    () => {
      pipe("x/pipe");
      appendFileSync(place(".git/config"), '[include] path = "../x/pi\\\npe" ; a comment\n');
    },
  ],
  [
    "a pipe that an included file includes",
    ".git/config",
    () => {
      pipe("x/pipe");
      writeFileSync(place("x/more"), "[include]\n\tpath = pipe\n");
      appendFileSync(place(".git/config"), '[includeIf "gitdir:**"]\n\tpath = ../x/more\n');
    },
  ],
  [
    "a pipe that a setting names",
    ".git/config",
    () => {
      pipe("x/pipe");
      appendFileSync(place(".git/config"), "[mailmap]\n\tfile = x/pipe\n");
    },
  ],
  [
    "a pipe where a .git file leads",
    ".git",
    () => {
      renameSync(place(".git"), join(trip.base, "elsewhere"));
      execFileSync("mkfifo", [join(trip.base, "elsewhere/shallow")]);
      writeFileSync(place(".git"), `gitdir: ${join(trip.base, "elsewhere")}\n`);
    },
  ],
  ["a pipe above, where git looks for a repository", "", () => execFileSync("mkfifo", [join(trip.base, "HEAD")])],
  ...["x\ny", "x ", " x", "link/../x"].map((name): [string, string, () => void] => [
    `a pipe where a .git file leads (${JSON.stringify(name)})`,
    ".git",
    () => {
      mkdirSync(join(trip.base, "a/b"), { recursive: true });
      symlinkSync("../a/b", place("link"));
      const real = name.startsWith("link") ? join(trip.base, "a/x") : place(name);
      renameSync(place(".git"), real);
      pipe(relative(trip.project, join(real, "shallow")));
      writeFileSync(place(".git"), `gitdir: ${name}\0more\n`);
    },
  ]),
  [
    "a pipe in an alternate whose path is quoted",
    ".git/objects/info/alternates",
    () => {
      pipe("o ther/info/alternates");
      writeFileSync(place(".git/objects/info/alternates"), `# a "comment"\n"/none" "${place("o\\040ther")}"`);
    },
  ],
  ...[
    '# a comment ends at its line \\\n[include] path = "../x/pi\\tpe"',
    '[a "path = "] [include]path="../x/pi\\tpe"',
    "[a]\nx = y # path =\n[include]\n path\t=\t../x/pi\\tpe\t",
    `${"[include]\npath = ../x/empty\n".repeat(150)}[include]\npath = ../x/pi\\tpe`,
  ].map((text): [string, string, () => void] => [
    `a pipe that the configuration includes by ${JSON.stringify(text).slice(0, 60)}`,
    ".git/config",
    () => {
      pipe("x/pi\tpe");
      writeFileSync(place("x/empty"), "");
      appendFileSync(place(".git/config"), text);
    },
  ]),
  [
    "ten files that include one another a billion times",
    ".git/config",
    () => {
      for (let level = 0; level < 9; level += 1) {
        writeFileSync(place(`.git/level${level}`), `[include]\npath = level${level + 1}\n`.repeat(10));
      }
      appendFileSync(place(".git/config"), "[include]\npath = level0\n");
    },
  ],
  ...[".git/refs/heads/\xff", "\xfe/.gitignore", "\xfe/.git/HEAD"].map((name): [string, string, () => void] => [
    "a pipe below a name that is not UTF-8",
    JSON.stringify(name),
    () => {
      const path = Buffer.concat([Buffer.from(`${trip.project}/`), Buffer.from(name, "latin1")]);
      mkdirSync(path.subarray(0, path.lastIndexOf("/")), { recursive: true });
      execFileSync("sh", ["-c", `mkfifo "$(printf '${octal(path)}')"`]);
    },
  ]),
];

describe("a repository in which git would hang", () => {
  it.each(odd)("is refused by name: %s at %s", async (kind, _, make) => {
    make();
    if (kind.startsWith("a pipe above")) rmSync(place(".git"), { recursive: true });
    const refusal = { code: "invalid-options", message: expect.stringContaining("git would hang") };
    await expect(checkRepository(trip.project, { workTree: true })).rejects.toMatchObject(refusal);
    await expect(trip.upload()).rejects.toMatchObject(refusal);
  });

  it("is refused when git is started in a directory below a pipe", async () => {
    pipe(".gitattributes");
    await expect(checkRepository(place("src"))).rejects.toThrow(".gitattributes is a named pipe");
  });
});

describe("a repository of git's own making", () => {
  it("passes, with worktrees, stashes, packs, a submodule, links and the socket of its file monitor", async () => {
    trip.write({ "a.txt": "changed" });
    trip.git("stash");
    trip.git("worktree", "add", "-q", "../worktree");
    trip.git("gc", "-q");
    trip.git("submodule", "--quiet", "add", `${trip.project}/.git`, "sub");
    symlinkSync("a.txt", place(".gitattributes"));
    symlinkSync("/nowhere", place(".git/dangling"));
    appendFileSync(place(".git/config"), '[core]\n\texcludesFile = /dev/null\n[x "y=z"]\n\tcommand = !cat /dev/zero\n');
    await checkRepository(trip.project, { workTree: true });
    await checkRepository(place("src"), { workTree: true });
    await checkRepository(join(trip.base, "worktree"), { workTree: true });
  });

  it("may hold pipes where git does not read, and what is ignored is not searched", async () => {
    trip.write({ ".gitignore": "ignored/\n" });
    pipe("ignored/.gitignore");
    pipe("src/pipe");
    expect(await listWorkspace({ workspace: trip.project })).toEqual([".gitignore", "a.txt", "src/b.txt"]);
  });
});

describe("git on the host", () => {
  // An alias of the command line is a program of git's own that waits for ever.
  const seconds = 1_000_000 + process.pid;
  const waiting = ["-c", `alias.wait=!sleep ${seconds}`, "wait"];

  it("ends by its signal, and nothing that it started is left", async () => {
    const stop = new AbortController();
    const ended = hostGit(waiting, { cwd: trip.project, signal: stop.signal });
    await expect.poll(() => sleepers().length).toBeGreaterThan(0);
    stop.abort();
    await expect(ended).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(sleepers).toHaveLength(0);
  });

  it("ends when its time is over, and says so", async () => {
    await expect(hostGit(waiting, { cwd: trip.project, timeoutMs: 500 })).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("did not end within 0.5 s"),
    });
    await expect.poll(sleepers).toHaveLength(0);
  });

  function sleepers(): string[] {
    const list = execFileSync("ps", ["-eo", "pid,args"]).toString();
    return list.split("\n").filter((line) => line.endsWith(` sleep ${seconds}`));
  }
});
