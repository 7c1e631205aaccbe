import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collectWorkspace } from "../src/files/collect/collect-workspace.ts";
import { defaultIgnores } from "../src/files/ignore/default-ignores.ts";
import type { Sandbox } from "../src/provider/sandbox.ts";
import type { SandboxFiles } from "../src/provider/sandbox-files.ts";
import { checkDirectories } from "../src/run/checks/check-directories.ts";
import { FileTrip, gitIn, writeFiles } from "./file-trip.ts";

let trip: FileTrip;
let home: string;

beforeEach(() => {
  trip = new FileTrip();
  home = join(trip.base, "home");
  mkdirSync(home);
  trip.writeInside({ "README.md": "the agent's", "src/a.ts": "a" });
});
afterEach(() => trip.dispose());

const place = (path: string) => join(trip.base, path);
const text = (path: string) => readFileSync(place(path), "utf8");

type Options = { overwrite?: boolean; runId?: string; workspace?: string; fallbackDirectory?: string };

const check = (outputDirectory: string, options: Options = {}) =>
  checkDirectories({ outputDirectory: place(outputDirectory), home, ...options }, options.runId ?? "run-1");

async function collect(outputDirectory: string, { runId = "run-1", ...options }: Options = {}) {
  const warnings: string[] = [];
  const collection = await collectWorkspace(trip.sandbox.asSandbox(), {
    outputDirectory: place(outputDirectory),
    home,
    runDirectory: join(home, "runs", runId),
    ignore: defaultIgnores,
    ...options,
    onWarning: (code, message) => warnings.push(`${code}: ${message}`),
  });
  const changes = Object.fromEntries(collection.files.manifest.map(({ path, change }) => [path, change]));
  return { ...collection, changes, warnings };
}

/** The sandbox, whose archive passes through something on its way. */
function onArchive(pass: (archive: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>): Sandbox {
  const real = trip.sandbox.asSandbox();
  const getArchive: SandboxFiles["getArchive"] = async (...args) => pass(await real.files.getArchive(...args));
  const files = new Proxy(real.files, {
    get: (target, key) => (key === "getArchive" ? getArchive : bound(target, key)),
  });
  return new Proxy(real, { get: (target, key) => (key === "files" ? files : bound(target, key)) });
}

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === "function" ? value.bind(target) : value;
}

const refused = (message: string) => ({ code: "invalid-options", message: expect.stringContaining(message) });

describe("an output that is reached by a link", () => {
  beforeEach(() => writeFiles(trip.base, { ".ssh/authorized_keys": "the user's" }));

  const shapes: [string, string, () => void][] = [
    ["is one itself", "project/out", () => symlinkSync("../.ssh", place("project/out"))],
    ["lies below one", "project/out/deep/er", () => symlinkSync("../.ssh", place("project/out"))],
    ["is one with an absolute target", "project/out", () => symlinkSync(place(".ssh"), place("project/out"))],
    ["leads nowhere yet", "project/out", () => symlinkSync("../none", place("project/out"))],
    [
      "goes through two",
      "project/out",
      () => {
        symlinkSync("b", place("project/out"));
        symlinkSync("../.ssh", place("project/b"));
      },
    ],
    ["is a loop", "project/out", () => symlinkSync("out", place("project/out"))],
    ["leads into the project again", "project/out", () => symlinkSync("src", place("project/out"))],
  ];

  it.each(shapes)("is refused before and after the run when it %s", async (_, path, make) => {
    make();
    await expect(check(path)).rejects.toMatchObject(refused("leads through a symbolic link"));
    await expect(check(path, { overwrite: true })).rejects.toMatchObject(refused("leads through a symbolic link"));
    await expect(collect(path)).rejects.toMatchObject(refused("leads through a symbolic link"));
    expect(readdirSync(place(".ssh"))).toEqual(["authorized_keys"]);
    expect(text(".ssh/authorized_keys")).toBe("the user's");
  });

  it("tells the place itself, and takes that", async () => {
    mkdirSync(place("results"));
    symlinkSync(place("results"), place("link"));
    await expect(check("link/new")).rejects.toMatchObject({
      hint: `To write there, name the place itself: ${place("results/new")}`,
    });
    expect(await check("results/new")).toEqual({ outputDirectory: place("results/new") });
  });

  it("is refused when the link appears during the run, and the files go to the state directory", async () => {
    await check("out");
    symlinkSync(".ssh", place("out"));
    const { files, warnings } = await collect("out", { fallbackDirectory: join(home, "recovered/run-1") });
    expect(files.directory).toBe(join(home, "recovered/run-1"));
    expect(readFileSync(join(files.directory, "README.md"), "utf8")).toBe("the agent's");
    expect(warnings.join()).toMatch(/output: .*symbolic link.* The files are in /);
    expect(readdirSync(place(".ssh"))).toEqual(["authorized_keys"]);
  });
});

describe("an output where no directory can be made", () => {
  it.each(["/proc/x", "/proc/1/x/y", "/sys/x"])("is refused before the run starts: %s", async (outputDirectory) => {
    await expect(checkDirectories({ outputDirectory, home }, "run-1")).rejects.toMatchObject(
      refused("cannot be written"),
    );
  });

  it("leaves nothing behind when it is only looked at", async () => {
    await check("out/new");
    expect(readdirSync(trip.base).sort()).toEqual(["home", "project"]);
  });
});

describe("an output in a version control directory", () => {
  it.each([".git", ".git/hooks", ".hg", ".jj/repo", ".sl", ".svn", ".GIT", ".Hg", ".git. ", "git~1", "a/.bzr/b"])(
    "is refused: %s",
    async (path) => {
      await expect(check(`project/${path}`)).rejects.toMatchObject(refused("lies in a version control directory"));
      await expect(collect(`project/${path}`, { overwrite: true })).rejects.toMatchObject(
        refused("lies in a version control directory"),
      );
    },
  );

  it.each(["bare.git", "bare.git/hooks", "bare.git/new/below"])("is refused in a bare repository: %s", async (path) => {
    gitIn(trip.base, "init", "-q", "--bare", "bare.git");
    await expect(check(path, { overwrite: true })).rejects.toMatchObject(
      refused("lies in a version control directory"),
    );
  });

  it("is not written into when the result has such a directory where one is already", async () => {
    trip.writeInside({
      "sub/.hg/store/data": "x",
      ".svn/wc.db": "x",
      "bare/hooks/post-checkout": "x",
      "bare/new": "x",
    });
    mkdirSync(place("out/sub/.hg"), { recursive: true });
    mkdirSync(place("out/.svn"));
    gitIn(place("out"), "init", "-q", "--bare", "bare");
    rmSync(place("out/bare/hooks"), { recursive: true });
    const { files } = await collect("out", { overwrite: true });
    expect(readdirSync(place("out/sub/.hg"))).toEqual([]);
    expect(readdirSync(place("out/.svn"))).toEqual([]);
    expect(existsSync(place("out/bare/hooks"))).toBe(false);
    expect(existsSync(place("out/bare/new"))).toBe(false);
    expect(files.skipped.map(({ path }) => path)).toEqual(expect.arrayContaining(["bare/new", "sub/.hg/store/data"]));
  });
});

describe("files that are in the output already", () => {
  it("stop a run before it starts, by name, unless they may be overwritten", async () => {
    writeFiles(place("out"), { "README.md": "mine", "b/c": "mine" });
    await expect(check("out")).rejects.toMatchObject({
      ...refused("holds what no run wrote, or what was changed since: README.md, b/c"),
      remedy: { set: "overwrite" },
    });
    expect(await check("out", { overwrite: true })).toEqual({ outputDirectory: place("out") });
    await expect(collect("out")).rejects.toMatchObject(refused("README.md"));
    expect(text("out/README.md")).toBe("mine");
  });

  it("stop a run as any other bad option does when they cannot be looked at", async () => {
    // Deeper than a path can be, which nobody can list, whoever this user is.
    const deeper = `d=$(printf 'd%.0s' $(seq 200)); for i in $(seq 25); do mkdir $d && cd -P $d || exit 1; done`;
    mkdirSync(place("out"));
    execFileSync("bash", ["-c", deeper], { cwd: place("out") });
    try {
      await expect(check("out")).rejects.toMatchObject({
        code: "invalid-options",
        message: expect.stringMatching(/cannot be read: ENAMETOOLONG$/),
      });
    } finally {
      execFileSync("rm", ["-rf", place("out")]);
    }
  });

  it("are changed, not created, in the manifest when they may be overwritten", async () => {
    writeFiles(place("out"), { "README.md": "mine", "src/a.ts": "a", other: "mine" });
    const { changes } = await collect("out", { overwrite: true });
    expect(changes).toEqual({ "README.md": "changed", src: "unchanged", "src/a.ts": "unchanged" });
    expect(text("out/README.md")).toBe("the agent's");
    expect(text("out/other")).toBe("mine");
  });

  it("may be replaced when an earlier run wrote them, and are changed then", async () => {
    await collect("out");
    trip.writeInside({ "README.md": "the second agent's", new: "x" });
    await check("out", { runId: "run-2" });
    const { changes } = await collect("out", { runId: "run-2" });
    expect(changes).toEqual({ "README.md": "changed", new: "created", src: "unchanged", "src/a.ts": "unchanged" });
    await check("out", { runId: "run-3" });
  });

  it.each<[string, () => void]>([
    ["its content", () => writeFileSync(place("out/src/a.ts"), "b")],
    [
      "its content but not its size and time",
      () => {
        writeFileSync(place("out/src/a.ts"), "b");
        utimesSync(place("out/src/a.ts"), 1, 1);
      },
    ],
    [
      "its kind",
      () => {
        unlinkSync(place("out/src/a.ts"));
        symlinkSync("/etc/passwd", place("out/src/a.ts"));
      },
    ],
    ["the files beside it", () => writeFileSync(place("out/src/mine"), "")],
  ])("may not be replaced when %s has changed since", async (_, change) => {
    await collect("out");
    change();
    await expect(check("out", { runId: "run-2" })).rejects.toMatchObject(refused("src/"));
  });

  it("do not count when a result never holds them: installed packages, a repository", async () => {
    await collect("out");
    writeFiles(place("out"), { "node_modules/x/index.js": "", "src/.venv/bin/python": "" });
    gitIn(place("out"), "init", "-q");
    await check("out", { runId: "run-2" });
  });

  it("are replaced by the run itself when its collection was cut off", async () => {
    await expect(collect("out")).resolves.toMatchObject({ files: { complete: true } });
    const record = join(home, "outputs", readdirSync(join(home, "outputs"))[0] ?? "");
    const content = JSON.parse(readFileSync(record, "utf8"));
    writeFileSync(record, JSON.stringify({ ...content, entries: [], writingSince: Date.now() - 60_000 }));
    writeFileSync(place("out/README.md"), "half");
    await expect(check("out", { runId: "another" })).rejects.toMatchObject(refused("README.md"));
    const { changes } = await collect("out");
    expect(changes).toMatchObject({ "README.md": "created", "src/a.ts": "created" });
    expect(text("out/README.md")).toBe("the agent's");
  });

  it("that come while the files are brought back stay, and are named", async () => {
    const sandbox = onArchive(async function* (archive) {
      writeFiles(place("out"), { "README.md": "mine" });
      yield* archive;
    });
    const { files } = await collectWorkspace(sandbox, {
      outputDirectory: place("out"),
      home,
      runDirectory: join(home, "runs/run-1"),
      ignore: [],
    });
    expect(text("out/README.md")).toBe("mine");
    expect(files.skipped).toEqual([{ path: "README.md", reason: "a file that no run wrote is in its place" }]);
  });
});

describe("a directory that becomes a link while the files are brought back", () => {
  it("leads nobody out of the output", async () => {
    writeFiles(trip.base, { ".ssh/authorized_keys": "the user's" });
    trip.writeInside({ "d/1": "1", "d/2": "2", "e/authorized_keys": "the agent's" });
    const sandbox = onArchive(async function* (archive) {
      for await (const chunk of archive) {
        // Piece by piece, so that something can happen between a directory and what is in it.
        for (let at = 0; at < chunk.length; at += 512) {
          yield chunk.subarray(at, at + 512);
          for (const name of ["d", "e"]) {
            if (!existsSync(place(`out/${name}`)) || existsSync(place(`moved-${name}`))) continue;
            renameSync(place(`out/${name}`), place(`moved-${name}`));
            symlinkSync("../.ssh", place(`out/${name}`));
          }
        }
      }
    });
    await collectWorkspace(sandbox, {
      outputDirectory: place("out"),
      home,
      runDirectory: join(home, "runs/run-1"),
      ignore: [],
    });
    expect(readlinkSync(place("out/e"))).toBe("../.ssh");
    expect(readdirSync(place(".ssh"))).toEqual(["authorized_keys"]);
    expect(text(".ssh/authorized_keys")).toBe("the user's");
  });
});

describe("an output in a workspace", () => {
  const upload = () => trip.upload(trip.project, undefined, home);
  const inside = () =>
    execFileSync("find", [".", "-type", "f", "-not", "-path", "./.git/*"], { cwd: trip.sandbox.workspace });
  const names = () => inside().toString().trim().split("\n").sort();

  beforeEach(async () => {
    rmSync(trip.sandbox.workspace, { recursive: true });
    mkdirSync(trip.sandbox.workspace);
    trip.writeInside({ created: "x" });
    trip.write({ "a.txt": "a" });
  });

  const makers: [string, string, () => Promise<void>][] = [
    [
      "by its default name",
      "sandbox-20261129-101010-abc234",
      async () => {
        writeFiles(place("project/sandbox-20261129-101010-abc234"), { created: "x" });
      },
    ],
    ["as a run wrote it", "results/one", async () => void (await collect("project/results/one"))],
    [
      "after it was moved",
      "moved",
      async () => {
        await collect("project/results");
        renameSync(place("project/results"), place("project/moved"));
      },
    ],
  ];

  it.each(makers)("does not go in: %s", async (_, path, make) => {
    await make();
    for (const isRepository of [false, true]) {
      if (isRepository) trip.git("init", "-q", "-b", "main");
      rmSync(trip.sandbox.workspace, { recursive: true });
      mkdirSync(trip.sandbox.workspace);
      trip.warnings.length = 0;
      await upload();
      expect(names()).toEqual(["./a.txt"]);
      expect(trip.warnings).toContain("outputs");
      expect(trip.messages.join()).toContain(`Left out of the workspace, since they are the output of runs: ${path}`);
    }
  });

  it("goes in once git tracks it, and another directory of its old name goes in", async () => {
    await collect("project/results");
    trip.git("init", "-q", "-b", "main");
    trip.commitAll();
    await upload();
    expect(names()).toContain("./results/created");
    rmSync(trip.sandbox.workspace, { recursive: true });
    mkdirSync(trip.sandbox.workspace);
    rmSync(place("project/results"), { recursive: true });
    writeFiles(place("project/results"), { mine: "x" });
    await upload();
    expect(names()).toContain("./results/mine");
  });

  it("may itself be the workspace of the next run", async () => {
    await collect("results");
    rmSync(trip.sandbox.workspace, { recursive: true });
    mkdirSync(trip.sandbox.workspace);
    await trip.upload(realpathSync(place("results")), undefined, home);
    expect(names()).toEqual(["./created"]);
  });
});
