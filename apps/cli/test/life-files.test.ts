import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { type Command, setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

/** Writes in Python, whose strings hold every name as it is. */
function python(code: string) {
  return bash(`python3 - <<'PYTHON'\nimport os\nos.chdir('/workspace')\n${code}\nPYTHON`);
}

describe("files from a real sandbox", () => {
  it("come back under every legal name, with modes and links, and what cannot come back is named", async () => {
    const names = [
      "a b",
      "line\nbreak",
      "tab\there",
      "ünïcødé-🧤",
      "-dash",
      ".hidden",
      "back\\slash",
      "quote'\"",
      "x".repeat(255),
      "trailing ",
    ];
    await using stage = await setStage({
      turns: [
        python(
          [
            `for name in ${JSON.stringify(names)}: open(name, 'w').write(name)`,
            "os.makedirs('deep/er/est'); open('deep/er/est/empty', 'w')",
            "open('run.sh', 'w').write('#!/bin/sh\\n'); os.chmod('run.sh', 0o755); os.chmod('deep', 0o750)",
            "os.symlink('run.sh', 'inside'); os.symlink('/etc/passwd', 'outside'); os.symlink('../../up', 'up'); os.symlink('nowhere', 'dangling')",
            "os.mkfifo('pipe'); open(b'not-utf8-\\xff', 'w')",
            "open('Case', 'w').write('1'); open('case', 'w').write('2')",
            "os.makedirs('node_modules/x'); open('node_modules/x/index.js', 'w')",
            "open('/output/by-the-link', 'w').write('here too')",
            "open('secret', 'w'); os.chmod('secret', 0o000)",
          ].join("\n"),
        ),
        say("Done."),
      ],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    for (const name of names) expect(stage.file(join("out", name)), name).toBe(name);
    const out = join(stage.directory, "out");
    expect(statSync(join(out, "run.sh")).mode & 0o777).toBe(0o755);
    expect(statSync(join(out, "deep")).mode & 0o777).toBe(0o750);
    expect(stage.file("out/deep/er/est/empty")).toBe("");
    expect(readlinkSync(join(out, "inside"))).toBe("run.sh");
    expect(readlinkSync(join(out, "dangling"))).toBe("nowhere");
    expect(stage.file("out/Case") + stage.file("out/case")).toBe("12");
    expect(stage.file("out/by-the-link")).toBe("here too");
    expect(existsSync(join(out, "node_modules"))).toBe(false);
    const skipped = stage.result().files?.skipped.map(({ path }) => path) ?? [];
    for (const name of ["outside", "up", "pipe", "secret"]) {
      expect(skipped, name).toContain(name);
      expect(() => lstatSync(join(out, name))).toThrow();
    }
    expect(skipped.some((path) => path.startsWith("not-utf8-"))).toBe(true);
  });

  it("come back where only root may read them, with a root inside", async () => {
    await using stage = await setStage({
      turns: [
        bash(
          [
            "cd /workspace && set -e; echo mine > mine; chmod 000 mine",
            "sudo sh -c 'umask 077; echo root > rootfile; mkdir -p locked/deep; echo deep > locked/deep/file; cp /bin/true su; chmod 6755 su'",
            "git init -q shared; git -C shared -c user.name=a -c user.email=a@b commit -q --allow-empty -m first",
            "cd shared; echo staged > staged; sudo git -c safe.directory=* add staged",
            "sudo git -c safe.directory=* -c user.name=a -c user.email=a@b commit -q -m by-root; cd ..",
            "sudo sh -c 'umask 077; git init -q owned; cd owned; echo x > x; git add x; git -c user.name=a -c user.email=a@b commit -q -m rooted'",
          ].join("\n"),
        ),
        say("Done."),
      ],
    });
    const done = await stage.glovebox(["run", "Try", "--root-inside", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/rootfile")).toBe("root\n");
    expect(stage.file("out/locked/deep/file")).toBe("deep\n");
    const out = join(stage.directory, "out");
    const modes = ["rootfile", "locked", "locked/deep/file", "su"].map(
      (path) => statSync(join(out, path)).mode & 0o7777,
    );
    expect(modes).toEqual([0o600, 0o700, 0o600, 0o755]);
    expect(lstatSync(join(out, "rootfile")).uid).toBe(process.getuid?.());
    expect(lstatSync(join(out, "mine")).size).toBe(5);
    const { files } = stage.result();
    expect(files?.skipped).toEqual([]);
    expect(files?.repositories?.map(({ path, state }) => `${path} ${state}`).sort()).toEqual([
      "owned restored",
      "shared restored",
    ]);
    const subjects = (path: string) =>
      execFileSync("git", ["-C", join(out, path), "log", "--format=%s"], { encoding: "utf8" })
        .trim()
        .split("\n");
    expect(subjects("owned")).toEqual(["rooted"]);
    expect(subjects("shared")).toEqual(["by-root", "first"]);
  });

  it("come back by the ten thousand", async () => {
    await using stage = await setStage({
      turns: [
        python(
          "for i in range(10000):\n  os.makedirs(f'd{i % 100}', exist_ok=True); open(f'd{i % 100}/f{i}', 'w').write(str(i))",
        ),
        say("Done."),
      ],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.result().files?.manifest.filter(({ kind }) => kind === "file")).toHaveLength(10_000);
    expect(stage.file("out/d99/f9999")).toBe("9999");
  });

  it("come back at 1 GiB, in a host process that stays under 200 MB", async () => {
    await using stage = await setStage({
      turns: [bash("head -c 1073741824 /dev/zero | tr '\\\\0' 'g' > big.bin && sha256sum big.bin > sum"), say("Done.")],
    });
    let peakKib = 0;
    const onEvent = (event: RunEvent, { process }: Command) => {
      if (event.type !== "files.collected") return;
      const status = readFileSync(`/proc/${process.pid}/status`, "utf8");
      peakKib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
    };
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"], { built: true, onEvent }).done;
    expect(done.code, done.stderr).toBe(0);
    const big = stage.result().files?.manifest.find(({ path }) => path === "big.bin");
    expect(big?.size).toBe(2 ** 30);
    expect(stage.file("out/sum")).toContain(big?.sha256);
    expect(execFileSync("sha256sum", [join(stage.directory, "out/big.bin")], { encoding: "utf8" })).toContain(
      big?.sha256,
    );
    expect(peakKib).toBeGreaterThan(0);
    expect(peakKib).toBeLessThan(200_000);
  });
});

describe("a project", () => {
  it("goes in with its history and changes, and apply brings the agent's changes and commits back", async () => {
    await using stage = await setStage({
      turns: [
        bash(
          "git log --format=%s > log.txt; git status --porcelain > status.txt; cat kept.txt > seen.txt; ls ignored.log > ls.txt 2>&1 || true",
        ),
        bash("git add -A && git commit -qm 'By the agent' && rm gone.txt && printf 'changed' > kept.txt"),
        write("src/new.txt", "new"),
        say("Done."),
      ],
    });
    const project = join(stage.directory, "project");
    mkdirSync(project);
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", project, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
        encoding: "utf8",
      });
    git("init", "-q", "-b", "trunk");
    for (const [name, text] of [
      ["kept.txt", "committed"],
      ["gone.txt", "gone"],
      [".gitignore", "*.log\n"],
    ] as const)
      writeFileSync(join(project, name), text);
    git("add", "-A");
    git("commit", "-qm", "First");
    writeFileSync(join(project, "kept.txt"), "not committed");
    writeFileSync(join(project, "ignored.log"), "private");
    const done = await stage.glovebox(["run", "Try", "--workspace", "project", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/log.txt")).toBe("First\n");
    expect(stage.file("out/status.txt")).toContain(" M kept.txt");
    expect(stage.file("out/seen.txt")).toBe("not committed");
    expect(stage.file("out/ls.txt")).not.toMatch(/^ignored\.log$/m);
    const applied = await stage.glovebox(["apply", "--yes"]).done;
    expect(applied.code, applied.stderr).toBe(0);
    expect(stage.file("project/src/new.txt")).toBe("new");
    expect(stage.file("project/kept.txt")).toBe("changed");
    expect(stage.file("project/ignored.log")).toBe("private");
    expect(existsSync(join(project, "gone.txt"))).toBe(false);
    expect(git("for-each-ref", "--format=%(refname) %(subject)", "refs/glovebox")).toContain("By the agent");
    expect(git("log", "--format=%s").trim(), "what is checked out stays as it was").toBe("First");
  });
});
