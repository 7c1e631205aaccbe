import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

it("a saved key is what a run uses, in none of its files and in no output", async () => {
  await using stage = await setStage({ turns: [bash("env"), say("done")] });
  const { key } = stage;
  const env = { ANTHROPIC_API_KEY: undefined };
  const wrong = await stage.glovebox(["login"], { env, stdin: "hello\n" }).done;
  expect(wrong).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("It does not look like sk-ant-"),
  });
  const saved = await stage.glovebox(["login", "--profile", "work"], { env, stdin: `${key}\n` }).done;
  expect(saved.code, saved.stderr).toBe(0);
  expect(saved.stdout).toBe(`Saved ANTHROPIC_API_KEY as the login work in ${stage.home}/credentials.json\n`);
  const listed = await stage.glovebox(["login", "--list"], { env }).done;
  expect(listed.stdout).toMatch(/^work +ANTHROPIC_API_KEY /m);
  const run = await stage.glovebox(["run", "Try", "--json"], { env }).done;
  expect(run.code, run.stderr).toBe(0);
  const named = await stage.glovebox(["run", "Try", "--profile", "wrok"], { env }).done;
  expect(named).toMatchObject({ code: 3, stderr: expect.stringContaining("There is no login wrok") });
  const runDirectory = join(stage.home, "runs", stage.result().runId);
  const texts = ["run.json", "result.json", "events.ndjson"].map((name) =>
    readFileSync(join(runDirectory, name), "utf8"),
  );
  for (const text of [...texts, saved.stdout, saved.stderr, listed.stdout, run.stdout]) expect(text).not.toContain(key);
  const out = await stage.glovebox(["logout"], { env }).done;
  expect(out).toMatchObject({ code: 0, stdout: "Removed the login work\n" });
  const without = await stage.glovebox(["run", "Try"], { env }).done;
  expect(without).toMatchObject({ code: 3, stderr: expect.stringContaining("glovebox login") });
});
