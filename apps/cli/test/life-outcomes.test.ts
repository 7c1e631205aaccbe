import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ScriptTurn } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { type Done, type Stage, setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

/** Every run, however it ended: one last event, no container, and a result that agrees with the exit code. */
async function expectTidy(stage: Stage, done: Done): Promise<void> {
  const events = stage.events();
  expect(events.filter((event) => event.type === "run.end")).toHaveLength(1);
  expect(events.at(-1)?.type).toBe("run.end");
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => event.type === "harness.result").length).toBeLessThanOrEqual(1);
  const ids = (type: string) =>
    events.flatMap((event) => (event.type === type && "callId" in event ? [event.callId] : []));
  expect(ids("tool.end").sort()).toEqual(ids("tool.start").sort());
  expect(stage.result().exitCode).toBe(done.code);
  expect(stage.result().cleanup).toEqual({ state: "clean" });
  expect(await stage.containers()).toEqual([]);
}

describe("a run that succeeds", () => {
  it("streams, brings every file back, and leaves nothing", async () => {
    await using stage = await setStage({
      turns: [
        write("site/index.html", "<h1>Hello</h1>"),
        bash("printf '\\000\\377' > bin.dat; mkdir empty; ln -s bin.dat link; chmod 755 bin.dat"),
        say("All done."),
      ],
    });
    const done = await stage.glovebox(["run", "Make a page", "--output", "out", "--json"]).done;
    expect(done.stderr).toBe("");
    expect(done.code).toBe(0);
    expect(stage.file("out/site/index.html")).toBe("<h1>Hello</h1>");
    expect(stage.result()).toMatchObject({ outcome: "succeeded", message: "All done.", turns: 3 });
    expect(stage.result().files?.manifest).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: "bin.dat", mode: "0755", size: 2, change: "created" }),
        expect.objectContaining({ path: "empty", kind: "directory" }),
        expect.objectContaining({ path: "link", kind: "symlink", target: "bin.dat" }),
      ]),
    );
    await expectTidy(stage, done);
  });

  it("lives longer than its lease, which is extended while it does", async () => {
    await using stage = await setStage({
      turns: [bash("sleep 1; timeout 25 tail -f /dev/null; echo late > late.txt"), say("Done.")],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--lease", "10s", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/late.txt")).toBe("late\n");
    await expectTidy(stage, done);
  });

  it("takes its prompt from standard input, and from --prompt where it begins with a dash", async () => {
    await using stage = await setStage({ turns: [say("Heard.")] });
    const piped = await stage.glovebox(["run", "--quiet"], { stdin: "A prompt\nof two lines" }).done;
    expect(piped.code).toBe(0);
    const dashed = await stage.glovebox(["run", "--quiet", "--prompt=--help me"]).done;
    expect(dashed.code).toBe(0);
  });
});

const overload: ScriptTurn = { fault: { kind: "status", status: 529, shouldRetry: false } };

describe("a run that does not succeed", () => {
  it.each([
    ["the model refuses (403)", { fault: { kind: "status", status: 403 } }, 1],
    ["the model does not know the key (401)", { fault: { kind: "status", status: 401 } }, 3],
    [
      "the model asks to slow down and not to try again (429)",
      { fault: { kind: "status", status: 429, shouldRetry: false } },
      1,
    ],
    ["the model is overloaded (529)", overload, 1],
  ] as const)("%s: says so, and brings back what was made", async (_, turn, code) => {
    await using stage = await setStage({ turns: [write("kept.txt", "kept"), turn] });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"]).done;
    expect(done.code).toBe(code);
    expect(stage.result().outcome).toBe("failed");
    expect(stage.file("out/kept.txt")).toBe("kept");
    await expectTidy(stage, done);
  });

  it("survives a stream that is cut in the middle, when the next try is whole", async () => {
    await using stage = await setStage({
      turns: [
        write("a.txt", "a"),
        { text: "a long answer of many words that is cut", fault: { kind: "cut", afterChunks: 3, times: 1 } },
      ],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"]).done;
    expect(done.code).toBe(0);
    expect(stage.file("out/a.txt")).toBe("a");
    await expectTidy(stage, done);
  });

  it("stops at --timeout, and brings back what was made", async () => {
    await using stage = await setStage({ turns: [write("kept.txt", "kept"), bash("while :; do :; done")] });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--timeout", "20s", "--json"]).done;
    expect(done.code).toBe(124);
    expect(stage.result()).toMatchObject({ outcome: "timed-out" });
    expect(stage.file("out/kept.txt")).toBe("kept");
    await expectTidy(stage, done);
  });

  it("stops at --idle-timeout when nothing moves, and does not while something works", async () => {
    await using stage = await setStage({
      turns: [bash("timeout 9 sh -c 'while :; do :; done'; echo worked > worked.txt"), bash("tail -f /dev/null")],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--idle-timeout", "4s", "--json"]).done;
    expect(done.code).toBe(124);
    expect(stage.result().reason).toContain("No activity");
    expect(stage.file("out/worked.txt")).toBe("worked\n");
    await expectTidy(stage, done);
  });

  it("is refused before anything exists when nobody can enforce what was asked", async () => {
    await using stage = await setStage({ turns: [say("never")] });
    const done = await stage.glovebox(["run", "Try", "--disk", "1g", "--output", "out"]).done;
    expect(done.code).toBe(3);
    expect(done.stderr).toContain("disk");
    expect(stage.model.requests).toEqual([]);
    expect(existsSync(join(stage.directory, "out"))).toBe(false);
  });
});

describe("what can never work", () => {
  it.each([
    ["a file", ["--output", "a-file"], "is a file"],
    ["below a file", ["--output", "a-file/below"], "below a file"],
    ["the root", ["--output", "/"], "would be /"],
    ["above the workspace", ["--output", ".", "--workspace", "project"], "over the workspace"],
  ])("refuses an output directory that is %s before there is a run", async (_, args, message) => {
    await using stage = await setStage({ turns: [say("never")] });
    writeFileSync(join(stage.directory, "a-file"), "");
    mkdirSync(join(stage.directory, "project"));
    const done = await stage.glovebox(["run", "Try", ...args]).done;
    expect(done.code, done.stderr).toBe(2);
    expect(done.stderr).toContain(message);
    expect(stage.model.requests).toEqual([]);
    expect(existsSync(join(stage.home, "runs"))).toBe(false);
    expect(await stage.containers()).toEqual([]);
  });

  it.each([
    ["a mount of the system", ["--mount", "/etc:/mnt/etc:ro"], "/etc"],
    ["more processors than there are", ["--cpus", "4096"], "4096"],
  ])("%s is refused before anything is made", async (_, args, message) => {
    await using stage = await setStage({ turns: [say("never")] });
    const done = await stage.glovebox(["run", "Try", ...args]).done;
    expect([2, 3]).toContain(done.code);
    expect(done.stderr).toContain(message);
    expect(stage.model.requests).toEqual([]);
    expect(stage.events().flatMap((event) => (event.type === "run.state" ? [event.to] : []))).toEqual([
      "preparing",
      "ended",
    ]);
    expect(await stage.containers()).toEqual([]);
  });
});

describe("files past the size caps", () => {
  it("are named, and the run is not called whole", async () => {
    await using stage = await setStage({
      turns: [bash("echo small > small.txt; truncate -s 2M big.bin"), say("Done.")],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--max-file-size", "1m", "--json"]).done;
    expect(done.code).toBe(5);
    expect(stage.result()).toMatchObject({ outcome: "succeeded", cleanup: { state: "clean" } });
    expect(stage.result().files?.skipped).toEqual([expect.objectContaining({ path: "big.bin", pastLimit: true })]);
    expect(stage.file("out/small.txt")).toBe("small\n");
    await expectTidy(stage, done);
  });
});

describe("a sandbox that is kept", () => {
  it("runs on until its lease ends, and is removed by name", async () => {
    await using stage = await setStage({ turns: [write("a.txt", "a"), say("Done.")] });
    const done = await stage.glovebox(["run", "Try", "--keep", "--json"]).done;
    expect(done.code).toBe(0);
    expect(stage.result().cleanup.state).toBe("kept");
    expect((await stage.containers()).map(({ State }) => State)).toEqual(["running"]);
    expect(stage.events().some((event) => event.type === "run.state" && event.to === "destroying")).toBe(false);
    const removed = await stage.glovebox(["rm", "1"]).done;
    expect(removed.code, removed.stderr).toBe(0);
    expect(await stage.containers()).toEqual([]);
  });
});

describe("an agent that misbehaves", () => {
  it.each([
    ["kills every process it can", "kill -9 -1"],
    ["stops every process it can", "kill -STOP -1"],
  ])("%s: the sandbox answers, and the run ends with its files", async (_, command) => {
    await using stage = await setStage({ turns: [write("kept.txt", "kept"), bash(command), say("still here")] });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--idle-timeout", "10s", "--json"]).done;
    expect([1, 124]).toContain(done.code);
    expect(stage.file("out/kept.txt")).toBe("kept");
    await expectTidy(stage, done);
  });

  it("leaves children in sessions of their own: they end before the files are read", async () => {
    // Each count is renamed into place: a child that is killed leaves the one before, never half of one.
    const count = (name: string) => `echo $i > .part; mv .part ${name}`;
    const tick = `i=0; while :; do i=$((i+1)); ${count("a.txt")}; ${count("z.txt")}; sleep 0.01; done`;
    await using stage = await setStage({
      turns: [
        bash("head -c 20000000 /dev/urandom > between.bin"),
        bash(
          `env -i PATH="$PATH" setsid sh -c '${tick}' </dev/null >/dev/null 2>&1 & until [ -e z.txt ]; do sleep 0.05; done`,
        ),
        say("Left one behind."),
      ],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"]).done;
    expect(done.code).toBe(0);
    const [first, last] = [Number(stage.file("out/a.txt")), Number(stage.file("out/z.txt"))];
    expect(last).toBeGreaterThan(0);
    // One that still counts while they are read is far ahead by the second of them.
    expect([last, last + 1]).toContain(first);
    await expectTidy(stage, done);
  });

  it("uses up its memory: the child dies, the run continues, and the user is warned", async () => {
    await using stage = await setStage({
      turns: [bash("python3 -c 'x = bytearray(3 << 30)'; echo survived > survived.txt"), say("Done.")],
    });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--memory", "1g", "--json"]).done;
    expect(done.code).toBe(0);
    expect(stage.file("out/survived.txt")).toBe("survived\n");
    expect(stage.events()).toContainEqual(expect.objectContaining({ type: "warning", code: "out-of-memory" }));
    await expectTidy(stage, done);
  });

  it("uses up its processes: the run still ends, and its files come back", async () => {
    const bomb = "echo kept > kept.txt; bomb() { bomb | bomb & }; bomb; sleep 3; true";
    await using stage = await setStage({ turns: [bash(bomb), say("Done.")] });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--pids", "200", "--timeout", "40s", "--json"])
      .done;
    expect(stage.file("out/kept.txt")).toBe("kept\n");
    await expectTidy(stage, done);
  });
});
