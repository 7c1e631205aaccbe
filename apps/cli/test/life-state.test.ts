import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent, RunSummary } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { type Command, type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const lease = ["--lease", "10s"];

function killAt(phase: string) {
  return (event: RunEvent, { process }: Command) => {
    if (event.type === "run.state" && event.to === phase) process.kill("SIGKILL");
  };
}

async function listed(stage: Stage): Promise<RunSummary> {
  const { stdout, stderr, code } = await stage.glovebox(["ps", "--json"]).done;
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as RunSummary;
}

async function stopped(stage: Stage): Promise<void> {
  const isStopped = async () => (await stage.containers()).every(({ State }) => State === "exited");
  await until("the lease has ended", isStopped);
}

describe("a run that is killed", () => {
  it("while its project goes in brings no half of it back as the agent's work", async () => {
    await using stage = await setStage({ turns: [say("Done.")] });
    for (let index = 0; index < 40; index += 1) {
      writeFileSync(join(stage.directory, `${index}.bin`), Buffer.alloc(2_000_000, index));
    }
    const args = ["run", "Try", "--workspace", ".", "--output", "../out", "--json", ...lease];
    const run = await stage.glovebox(args, { onEvent: killAt("uploading") }).done;
    expect(run.signal).toBe("SIGKILL");
    await stopped(stage);
    const reaped = await stage.glovebox(["reap"]).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(await stage.containers()).toEqual([]);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(stage.result().files).toBeUndefined();
    const applied = await stage.glovebox(["apply", "--yes"]).done;
    expect(applied.stderr).toContain("brought no files back");
    expect(readFileSync(join(stage.directory, "7.bin"))).toEqual(Buffer.alloc(2_000_000, 7));
  });

  it("while its sandbox is removed has its result: apply brings the files in, and reap finishes the rest", async () => {
    await using stage = await setStage({ turns: [write("made.txt", "made"), say("Done.")] });
    writeFileSync(join(stage.directory, "given.txt"), "given");
    const args = ["run", "Try", "--workspace", ".", "--output", "../out", "--json", ...lease];
    const run = await stage.glovebox(args, { onEvent: killAt("destroying") }).done;
    expect(run.signal).toBe("SIGKILL");
    const applied = await stage.glovebox(["apply", "--yes"]).done;
    expect(applied.code, applied.stderr).toBe(0);
    expect(stage.file("made.txt")).toBe("made");
    expect(await listed(stage)).toMatchObject({ outcome: "succeeded", phase: "ended" });
    expect(stage.events().at(-1)).toMatchObject({ type: "run.end", outcome: "succeeded" });
    await stopped(stage);
    const reaped = await stage.glovebox(["reap"]).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(await stage.containers()).toEqual([]);
    expect(await listed(stage)).toMatchObject({ outcome: "succeeded", isLeftBehind: false });
    expect(stage.result()).toMatchObject({ exitCode: 0, cleanup: { state: "clean" }, files: { complete: true } });
  });

  it("and whose sandbox was removed from outside does not report it as left", async () => {
    await using stage = await setStage({ turns: [write("made.txt", "made"), bash("sleep 300")] });
    const onEvent = (event: RunEvent, { process }: Command) => {
      if (event.type === "tool.start" && event.name === "Bash") process.kill("SIGKILL");
    };
    await stage.glovebox(["run", "Try", "--json", ...lease], { onEvent }).done;
    expect(await listed(stage)).toMatchObject({ isLeftBehind: true });
    for (const { Id } of await stage.containers()) await stage.docker.getContainer(Id).remove({ force: true, v: true });
    const reaped = await stage.glovebox(["reap"]).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(await listed(stage)).toMatchObject({ outcome: "failed", isLeftBehind: false });
  });
});

it("a sandbox that was left and then removed from outside is no longer reported as left", async () => {
  await using stage = await setStage({ turns: [write("made.txt", "made"), say("Done.")] });
  const kept = await stage.glovebox(["run", "Try", "--keep", ...lease]).done;
  expect(kept.code, kept.stderr).toBe(0);
  expect(await listed(stage)).toMatchObject({ isLeftBehind: true });
  for (const { Id } of await stage.containers()) await stage.docker.getContainer(Id).remove({ force: true, v: true });
  await stage.glovebox(["reap"]).done;
  expect(await listed(stage)).toMatchObject({ outcome: "succeeded", isLeftBehind: false });
});

it("what cannot be recorded is not destroyed: the sandbox is left, and reap brings its files back later", async () => {
  await using stage = await setStage({ turns: [write("made.txt", "made"), bash("true"), say("Done.")] });
  const runDirs = () => readdirSync(join(stage.home, "runs")).map((name) => join(stage.home, "runs", name));
  const onEvent = (event: RunEvent) => {
    // What a full disk does to one file, without filling this one.
    if (event.type === "tool.start")
      for (const dir of runDirs()) mkdirSync(join(dir, "draft.json", "x"), { recursive: true });
  };
  const run = await stage.glovebox(["run", "Try", "--output", "out", "--json", ...lease], { onEvent }).done;
  expect(run.code).toBe(5);
  expect(stage.result()).toMatchObject({ outcome: "succeeded", cleanup: { state: "left" } });
  expect(await stage.containers()).toHaveLength(1);
  for (const dir of runDirs()) rmSync(join(dir, "draft.json"), { recursive: true });
  rmSync(join(stage.directory, "out"), { recursive: true });
  await stopped(stage);
  const reaped = await stage.glovebox(["reap"]).done;
  expect(reaped.code, reaped.stderr).toBe(0);
  expect(await stage.containers()).toEqual([]);
  expect(stage.result()).toMatchObject({ exitCode: 0, cleanup: { state: "clean" }, files: { complete: true } });
});

it("ps names a damaged file and lists the rest, and rm --force forgets the run", async () => {
  await using stage = await setStage({ turns: [say("Done.")] });
  for (const output of ["one", "two"]) await stage.glovebox(["run", "Try", "--output", output, ...lease]).done;
  const [older = ""] = readdirSync(join(stage.home, "runs")).sort();
  const file = join(stage.home, "runs", older, "result.json");
  appendFileSync(file, "garbage");
  const ps = await stage.glovebox(["ps", "--json"]).done;
  expect(ps.code, ps.stderr).toBe(0);
  expect(ps.stdout.trim().split("\n")).toHaveLength(1);
  expect(ps.stderr).toContain(`warning: ${file} cannot be read: it is not whole JSON`);
  const refused = await stage.glovebox(["rm", older]).done;
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining(file) });
  expect(readFileSync(file, "utf8")).toContain("garbage");
  const forced = await stage.glovebox(["rm", older, "--force"]).done;
  expect(forced.code, forced.stderr).toBe(0);
  expect(existsSync(file)).toBe(false);
});
