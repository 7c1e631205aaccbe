import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelRequest } from "@glovebox/scripted-model";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

it("a run is continued with its project, its files and its conversation, and both are applied together", async () => {
  const heard: ModelRequest[] = [];
  await using stage = await setStage({
    turns: [
      bash("echo first > made.txt; echo changed > a.txt; rm gone.txt; echo theirs > both.txt"),
      say("I made it."),
      (request) => {
        heard.push(request);
        return bash("cat made.txt a.txt both.txt; ls; echo second >> made.txt");
      },
      say("I added a line."),
    ],
  });
  const project = join(stage.directory, "project");
  mkdirSync(project);
  for (const name of ["a.txt", "gone.txt", "both.txt"]) writeFileSync(join(project, name), "before\n");

  await stage.glovebox(["run", "The first request", "--workspace", "project", "--output", "one"]).done;
  const first = stage.result();
  expect(first.outcome).toBe("succeeded");
  writeFileSync(join(project, "both.txt"), "mine\n");

  const done = await stage.glovebox(["resume", "1", "The second request", "--output", "two"]).done;
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toContain("I added a line.");
  expect(done.stderr).toContain(
    "Changed in the project since the earlier run, so the project's own are used: both.txt",
  );
  const said = JSON.stringify(heard[0]?.messages);
  for (const text of ["The first request", "I made it.", "The second request"]) expect(said).toContain(text);

  const second = stage.result();
  expect(second.runId).not.toBe(first.runId);
  expect(second.sessionId).toBe(first.sessionId);
  const listed = await stage.glovebox(["ps", "--json"]).done;
  expect(JSON.parse(listed.stdout.split("\n")[0] ?? "")).toMatchObject({ runId: second.runId, continues: first.runId });

  expect((await stage.glovebox(["apply", "--yes"]).done).code).toBe(0);
  expect(stage.file("project/made.txt")).toBe("first\nsecond\n");
  expect(stage.file("project/a.txt")).toBe("changed\n");
  expect(stage.file("project/both.txt")).toBe("mine\n");
  expect(() => stage.file("project/gone.txt")).toThrow("ENOENT");

  rmSync(join(stage.home, "runs", second.runId, "session.tar"));
  const refused = await stage.glovebox(["resume", "More"]).done;
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("was not kept, so the run cannot be continued"),
  });
  expect(await stage.containers()).toEqual([]);
});
