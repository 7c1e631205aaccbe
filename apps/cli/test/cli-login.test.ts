import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

it("the login of Claude Code on this machine is used where it is, and nothing of it is saved", async () => {
  await using stage = await setStage({ turns: [say("done")] });
  const directory = join(stage.home, "claude");
  const env = { ANTHROPIC_API_KEY: undefined, CLAUDE_CONFIG_DIR: directory };
  const absent = await stage.glovebox(["login", "--from", "claude"], { env }).done;
  expect(absent).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("was not found on this host") });
  mkdirSync(directory, { recursive: true });
  const tokens = {
    accessToken: "sk-ant-oat01-access",
    refreshToken: "sk-ant-ort01-refresh",
    expiresAt: Date.now() + 36e5,
  };
  writeFileSync(join(directory, ".credentials.json"), JSON.stringify({ claudeAiOauth: tokens }), { mode: 0o600 });
  const saved = await stage.glovebox(["login", "--from", "claude"], { env }).done;
  expect(saved).toMatchObject({ code: 0, stdout: expect.stringContaining("the login of Claude Code") });
  expect(readFileSync(join(stage.home, "credentials.json"), "utf8")).not.toContain("sk-ant");
  const listed = await stage.glovebox(["login", "--list"], { env }).done;
  expect(listed.stdout).toMatch(/^default +CLAUDE_CODE_OAUTH_TOKEN .* claude$/m);
  const planned = await stage.glovebox(["run", "Try", "--dry-run"], { env }).done;
  expect(planned.stdout).toMatch(/^credential +the login of Claude Code from the login default$/m);
  const inJson = await stage.glovebox(["run", "Try", "--dry-run", "--json"], { env }).done;
  expect(inJson).toMatchObject({ code: 0, stdout: expect.not.stringContaining("sk-ant-o") });
});

it("a cloud that the environment chooses is used before a key, and needs no credential in the sandbox", async () => {
  await using stage = await setStage({ turns: [say("done")] });
  const env = {
    CLAUDE_CODE_USE_BEDROCK: "1",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "the-secret-access-key",
  };
  const planned = await stage.glovebox(["run", "Try", "--dry-run", "--json"], { env }).done;
  expect(planned.code, planned.stderr).toBe(0);
  expect(JSON.parse(planned.stdout).credential).toEqual({
    variable: "CLAUDE_CODE_USE_BEDROCK",
    source: "your environment",
    upstream: "https://bedrock-runtime.eu-west-1.amazonaws.com",
  });
  expect(planned.stdout).not.toMatch(/AKIAEXAMPLE|the-secret-access-key/);
  const network = await stage.glovebox(["network", "show", "--json"], { env }).done;
  expect(JSON.parse(network.stdout).models).toEqual([
    { id: "bedrock", upstream: "https://bedrock-runtime.eu-west-1.amazonaws.com" },
  ]);
  const wrong = await stage.glovebox(["run", "Try", "--dry-run"], { env: { ...env, AWS_REGION: "eu west" } }).done;
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("AWS_REGION") });
});
