import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

const evil = "printf 'x\\033[2J\\342\\200\\256\\n' > evil.txt";

it("a run's changes are shown, applied in part, and undone", async () => {
  await using stage = await setStage({
    turns: [bash(`echo changed > a.txt; rm gone.txt; mkdir sub; echo new > sub/new.txt; ${evil}`), say("done")],
  });
  const project = join(stage.directory, "project");
  mkdirSync(project);
  for (const name of ["a.txt", "gone.txt"]) writeFileSync(join(project, name), "before\n");
  await stage.glovebox(["run", "Try", "--workspace", "project"]).done;

  const { runId } = stage.result();
  const listed = await stage.glovebox(["ps", "--state", "succeeded", "--json", "outcome,runId"]).done;
  expect(JSON.parse(listed.stdout)).toEqual({ outcome: "succeeded", runId });
  const last = await stage.glovebox(["logs", "--tail", "2", "--times"]).done;
  expect(last.stdout + last.stderr).toMatch(
    /^\d\d:\d\d:\d\d {4}time .*\n\d\d:\d\d:\d\d {2}next: glovebox apply \S+\n$/,
  );

  const stat = await stage.glovebox(["diff", "--stat"]).done;
  expect(stat.stdout).toContain(" sub/new.txt | 1 +\n");
  expect(stat.stdout).toContain(" 2 created, 1 changed, 1 deleted; 3 lines added, 2 deleted\n");
  const words = await stage.glovebox(["diff", "--word-diff", "1", "--", "a.txt", "evil.txt"]).done;
  expect(words.stdout).toContain("[-before-]{+changed+}\n");
  expect(words.stdout).toContain("{+x\\u{1b}[2J\\u{202e}+}\n");
  const wrong = await stage.glovebox(["diff", "b.txt"]).done;
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("changed nothing at b.txt") });

  // What a program reads is the patch itself.
  const patch = await stage.glovebox(["diff", "--exclude", "sub"]).done;
  const copy = join(stage.directory, "copy");
  mkdirSync(copy);
  for (const name of ["a.txt", "gone.txt"]) writeFileSync(join(copy, name), "before\n");
  execFileSync("git", ["apply"], { cwd: copy, input: patch.stdout });
  expect(stage.file("copy/evil.txt")).toBe("x\u001b[2J\u202e\n");
  expect(existsSync(join(copy, "gone.txt"))).toBe(false);

  const part = await stage.glovebox(["apply", "sub", "a.txt", "--yes"]).done;
  expect(part).toMatchObject({ code: 0, stdout: expect.stringMatching(/^2 files written in /) });
  expect(stage.file("project/gone.txt")).toBe("before\n");
  writeFileSync(join(project, "a.txt"), "mine\n");
  const refused = await stage.glovebox(["apply", "--undo", "--yes"]).done;
  expect(refused).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("≠ a.txt it changed here since it was applied"),
  });
  expect(stage.file("project/sub/new.txt")).toBe("new\n");
  writeFileSync(join(project, "a.txt"), "changed\n");
  const undone = await stage.glovebox(["apply", "--undo", "--yes"]).done;
  expect(undone).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 file restored, 2 removed in /) });
  expect(stage.file("project/a.txt")).toBe("before\n");
  expect(existsSync(join(project, "sub"))).toBe(false);
});
