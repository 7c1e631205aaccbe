import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
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
    const run = (args: readonly string[], stdin = "") => stage.glovebox(args, { built: true, stdin }).done;

    const counted = await run(
      ["exec", "1", "-e", "A=b c", "--", "sh", "-c", 'wc -c; echo "$A" >&2; pwd; exit 7'],
      "12345",
    );
    expect(counted).toMatchObject({ code: 7, stdout: "5\n/workspace\n", stderr: "b c\n" });
    expect(await run(["exec", "-w", "/tmp", "--", "pwd"])).toMatchObject({ code: 0, stdout: "/tmp\n", stderr: "" });
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
    expect(await run(["cp", "1:index.html", "-"])).toMatchObject({ code: 0, stdout: "<h1>hello</h1>", stderr: "" });
    expect((await run(["cp", "-", "1:typed.txt"], "typed")).code).toBe(0);
    expect((await run(["exec", "--", "cat", "typed.txt"])).stdout).toBe("typed");

    const typed = "echo $((40 + 2)); tty; exit 5\n";
    const shell = await stage.glovebox(["shell", "1"], { built: true, terminal: true, stdin: typed }).done;
    expect(shell.code, shell.stdout).toBe(5);
    expect(shell.stdout).toMatch(/42\r+\n\/dev\/pts\/\d+\r+\n/);
    expect(await run(["shell", "1"])).toMatchObject({ code: 2, stderr: expect.stringContaining("needs a terminal") });

    const usage = await run(["stats", "--json"]);
    expect(JSON.parse(usage.stdout)).toMatchObject({
      memoryBytes: expect.any(Number),
      disk: { totalBytes: expect.any(Number) },
    });
    expect(await run(["open"])).toMatchObject({ code: 2, stderr: expect.stringContaining("Nothing listens") });

    expect(await run(["pause", "1"])).toMatchObject({ code: 0, stderr: "" });
    expect((await stage.containers()).map(({ State }) => State)).toEqual(["paused"]);
    expect(await run(["wake", "--for", "1h"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("It runs until"),
    });
    expect((await run(["exec", "--", "cat", "typed.txt"])).stdout).toBe("typed");
    const taken = (await run(["snapshot"])).stdout.trim();
    await stage.docker.getImage(taken).remove();

    expect(recorded(stage, stage.result().runId)).toEqual(before);
    expect((await run(["rm", "1"])).code).toBe(0);
    expect(await stage.containers()).toEqual([]);
  });
});

const server = `require("http").createServer((_, reply) => reply.end("from inside")).listen(3000, "127.0.0.1")`;

/** Opens the port of a sandbox, fetches its page, ends the command, and lets the agent end. */
async function visit(stage: Stage): Promise<string> {
  const opened = stage.glovebox(["open"]);
  const [address] = (await once(opened.process.stdout as Readable, "data")) as [string];
  const page = await (await fetch(address.trim())).text();
  opened.process.kill("SIGINT");
  expect((await opened.done).code).toBe(0);
  expect((await stage.glovebox(["pause"]).done).stderr).toContain("is at work");
  await stage.glovebox(["exec", "--", "sh", "-c", "echo went > go"]).done;
  return page;
}

it("the sandbox of a running run takes commands and forwards its ports, and afterwards is said to be gone", async () => {
  const serve = `node -e '${server}' & until [ -e go ]; do sleep 0.1; done; kill %1; cat go`;
  await using stage = await setStage({ turns: [bash(serve), say("Done.")] });
  let visited: Promise<string> | undefined;
  const running = stage.glovebox(["run", "Try", "--output", "out", "--publish", "3000", "--json"], {
    onEvent: (event) => {
      if (event.type === "tool.start") visited = visit(stage);
    },
  });
  const { code, stderr } = await running.done;
  expect(code, stderr).toBe(0);
  expect(await visited).toBe("from inside");
  expect(stderr).toMatch(/^Port 3000: http:\/\/127\.0\.0\.1:\d+\/\?glovebox=[\w-]{22}\n$/);
  expect(stage.file("out/go")).toBe("went\n");
  const gone = await stage.glovebox(["exec", "--", "ls"]).done;
  expect(gone.code).toBe(2);
  expect(gone.stderr).toMatch(/^error: The sandbox of \S+ is gone\nhint: .*glovebox resume/);
});
