import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const page = [write("index.html", "<h1>hello</h1>"), say("The page is there.")];

async function keep(stage: Stage): Promise<void> {
  const { code, stderr } = await stage.glovebox(["run", "Try", "--keep", "--output", "out"]).done;
  expect(code, stderr).toBe(0);
}

/** Everything that a run has recorded. */
function recorded({ home }: Stage, runId: string): string[] {
  return ["run.json", "events.ndjson", "result.json"].map((name) =>
    readFileSync(join(home, "runs", runId, name), "utf8"),
  );
}

describe("a sandbox that was kept", () => {
  it("runs commands with their input, output and exit code, and copies files both ways", async () => {
    await using stage = await setStage({ turns: page });
    await keep(stage);
    const before = recorded(stage, stage.result().runId);
    const run = (args: readonly string[], stdin?: string) =>
      stage.glovebox(args, stdin === undefined ? {} : { stdin }).done;

    const counted = await run(
      ["exec", "1", "-e", "A=b c", "--", "sh", "-c", 'wc -c; echo "$A" >&2; pwd; exit 7'],
      "12345",
    );
    expect(counted).toMatchObject({ code: 7, stdout: "5\n/workspace\n", stderr: "b c\n" });
    expect(await run(["exec", "-w", "/tmp", "--", "pwd"])).toMatchObject({ code: 0, stdout: "/tmp\n", stderr: "" });
    expect((await run(["exec", "--", "sh", "-c", "kill -TERM $$"])).code).toBe(143);
    expect(await run(["exec", "--", "no-such-program"])).toMatchObject({ code: 127, stdout: "" });
    expect(await run(["exec", "1"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("glovebox exec 1 -- ls"),
    });

    mkdirSync(join(stage.directory, "data/deep"), { recursive: true });
    writeFileSync(join(stage.directory, "data/deep/a.txt"), "in\n", { mode: 0o600 });
    symlinkSync("deep/a.txt", join(stage.directory, "data/link"));
    expect(await run(["cp", "data", "1:/workspace"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 files"),
    });
    const listed = await run([
      "exec",
      "--",
      "sh",
      "-c",
      "cat data/link; stat -c %U:%a data/deep/a.txt; ln -s /etc data/out",
    ]);
    expect(listed.stdout).toBe("in\nagent:600\n");

    expect(await run(["cp", "1:data", "copy"])).toMatchObject({ code: 5, stderr: expect.stringContaining("out") });
    expect(stage.file("copy/deep/a.txt")).toBe("in\n");
    expect(existsSync(join(stage.directory, "copy/out"))).toBe(false);
    expect((await run(["cp", "1:index.html", "."])).code).toBe(0);
    expect(stage.file("index.html")).toBe("<h1>hello</h1>");
    expect(await run(["cp", "1:index.html", "."])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--overwrite"),
    });
    expect((await run(["cp", "--overwrite", "1:index.html", "."])).code).toBe(0);
    expect(await run(["cp", "1:index.html", "-"])).toMatchObject({ code: 0, stdout: "<h1>hello</h1>", stderr: "" });
    expect((await run(["cp", "-", "1:typed.txt"], "typed")).code).toBe(0);
    expect((await run(["exec", "--", "cat", "typed.txt"])).stdout).toBe("typed");
    expect((await run(["cp", "1:nowhere", "."])).code).toBe(2);

    expect(recorded(stage, stage.result().runId)).toEqual(before);
    expect((await run(["rm", "1"])).code).toBe(0);
    expect(await stage.containers()).toEqual([]);
  });
});

it("a command runs in the sandbox of a run that goes on, and afterwards gets one line and a hint", async () => {
  await using stage = await setStage({ turns: [bash("until [ -e go ]; do sleep 0.1; done; cat go"), say("Done.")] });
  let entered: Promise<{ code: number | null }> | undefined;
  const { code, stderr } = await stage.glovebox(["run", "Try", "--output", "out", "--json"], {
    onEvent: (event) => {
      if (event.type === "tool.start") entered = stage.glovebox(["exec", "--", "sh", "-c", "echo went > go"]).done;
    },
  }).done;
  expect(code, stderr).toBe(0);
  expect((await entered)?.code).toBe(0);
  expect(stage.file("out/go")).toBe("went\n");
  const gone = await stage.glovebox(["exec", "--", "ls"]).done;
  expect(gone.code).toBe(2);
  expect(gone.stderr).toMatch(/^error: The sandbox of \S+ is gone\nhint: .*glovebox continue/);
});
