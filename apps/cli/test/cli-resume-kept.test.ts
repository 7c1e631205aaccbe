import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelRequest } from "@glovebox/scripted-model";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

it("a run whose sandbox was kept is continued in it, and both are applied together", async () => {
  const heard: ModelRequest[] = [];
  await using stage = await setStage({
    turns: [
      bash("echo first > made.txt; echo changed > a.txt; echo tool > /home/agent/installed"),
      say("I made it."),
      (request) => {
        heard.push(request);
        return bash("cat /home/agent/installed by-hand.txt >> made.txt");
      },
      say("I used it."),
      say("Again."),
    ],
  });
  const project = join(stage.directory, "project");
  mkdirSync(project);
  writeFileSync(join(project, "a.txt"), "before\n");
  const run = (...args: string[]) => stage.glovebox(args, { built: true }).done;

  const kept = await run("run", "The first request", "--workspace", "project", "--output", "one", "--keep");
  expect(kept.code, kept.stderr).toBe(0);
  const first = stage.result();
  expect((await run("apply", "--yes")).code).toBe(0);
  expect((await run("exec", "1", "--", "sh", "-c", "echo by hand > by-hand.txt")).code).toBe(0);

  const done = await run("resume", "1", "The second request", "--output", "two", "--keep");
  expect(done.code, done.stderr).toBe(0);
  const second = stage.result();
  expect(second).toMatchObject({ sandboxId: first.sandboxId, cleanup: { state: "kept" } });
  const said = JSON.stringify(heard[0]?.messages);
  for (const text of ["The first request", "I made it.", "The second request"]) expect(said).toContain(text);

  expect((await run("diff", "1", "--name-only")).stdout).toBe("by-hand.txt\nmade.txt\n");
  expect((await run("rm", first.runId)).code).toBe(0);
  expect((await stage.containers()).map(({ Id }) => Id)).toEqual([first.sandboxId]);
  expect((await run("apply", "--yes")).code).toBe(0);
  expect(stage.file("project/made.txt")).toBe("first\ntool\nby hand\n");
  expect(stage.file("project/a.txt")).toBe("changed\n");

  writeFileSync(join(project, "mine.txt"), "mine\n");
  const other = await run("resume", "1", "The third request", "--output", "three");
  expect(other).toMatchObject({ code: 0, stderr: expect.stringContaining("the project has changed since") });
  expect(stage.result().sandboxId).not.toBe(first.sandboxId);
  expect((await stage.containers()).map(({ Id }) => Id)).toEqual([first.sandboxId]);
  expect((await run("rm", second.runId)).code).toBe(0);
  expect(await stage.containers()).toEqual([]);
});

it("a kept sandbox that a killed run had taken over is brought back as that run's, once", async () => {
  await using stage = await setStage({
    turns: [bash("echo first > first.txt"), say("done"), bash("echo second > second.txt"), bash("sleep 300")],
  });
  expect((await stage.glovebox(["run", "Try", "--output", "one", "--keep"], { built: true }).done).code).toBe(0);
  const first = stage.result();
  await stage.glovebox(["resume", "1", "Continue", "--output", "two", "--json"], {
    built: true,
    onEvent: (event, { process }) => {
      if (event.type === "tool.start" && JSON.stringify(event).includes("sleep")) process.kill("SIGKILL");
    },
  }).done;

  // The earlier run has it no more, whatever is asked of that one.
  expect((await stage.glovebox(["exec", first.runId, "--", "true"], { built: true }).done).code).not.toBe(0);
  expect((await stage.glovebox(["reap", first.runId], { built: true }).done).stderr).toContain("Nothing was left");
  expect((await stage.glovebox(["rm", first.runId], { built: true }).done).code).toBe(0);
  expect(await stage.containers()).toHaveLength(1);

  const reaped = await stage.glovebox(["reap", "1"], { built: true }).done;
  expect(reaped.code, reaped.stderr).toBe(0);
  for (const name of ["first.txt", "second.txt"]) expect(existsSync(join(stage.directory, "two", name))).toBe(true);
  expect(await stage.containers()).toEqual([]);
  expect(await stage.glovebox(["reap"], { built: true }).done).toMatchObject({ stderr: "Nothing was left behind.\n" });
});
