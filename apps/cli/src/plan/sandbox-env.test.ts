import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readSandboxEnv } from "./sandbox-env.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-cli-env-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = (options: { assignments?: string[]; files?: string[]; configured?: Record<string, string> }) =>
  readSandboxEnv({
    assignments: [],
    files: [],
    configured: {},
    harness: createClaudeCode(),
    pending: ["HELD_TOKEN"],
    env: { FROM_HOST: "host" },
    directory,
    ...options,
  });

it("takes --env over --env-file over the configuration, and a name alone from the host", async () => {
  writeFileSync(join(directory, "a.env"), 'A=file\nB="two words"\n');
  const { env } = await read({
    assignments: ["A=flag", "FROM_HOST", "EMPTY="],
    files: ["a.env"],
    configured: { A: "config", C: "config" },
  });
  expect(env).toEqual({ A: "flag", B: "two words", C: "config", FROM_HOST: "host", EMPTY: "" });
});

it("keeps what is secret apart, and the model's credentials out", async () => {
  writeFileSync(join(directory, "a.env"), "ANTHROPIC_API_KEY=sk-ant-1\nDB_PASSWORD=hunter2hunter2\n");
  const { env, sources } = await read({ files: ["a.env"] });
  expect(Object.keys(env)).toEqual(["DB_PASSWORD"]);
  expect(env.DB_PASSWORD).toBeInstanceOf(Secret);
  expect(sources.files.values).toEqual({ ANTHROPIC_API_KEY: "sk-ant-1" });
  expect(JSON.stringify(env)).not.toContain("hunter2");
});

it("refuses a file that is not there, and what would lead the model's requests elsewhere", async () => {
  await expect(read({ files: ["none.env"] })).rejects.toMatchObject({ code: "invalid-options" });
  await expect(read({ configured: { ANTHROPIC_BASE_URL: "http://x" } })).rejects.toMatchObject({
    code: "invalid-options",
  });
});

it("keeps the variables of --credential outside, and says about known secrets that they go inside", async () => {
  writeFileSync(join(directory, "a.env"), "HELD_TOKEN=held-value\nMODE=test\nAWS_REGION=eu\n");
  const pending = await read({ files: ["a.env"] });
  expect(pending.env).toEqual({ MODE: "test", AWS_REGION: "eu" });
  expect(pending.sources.files.values).toEqual({ HELD_TOKEN: "held-value" });
  expect(pending.warnings).toEqual([]);
  const both = await read({ assignments: ["HELD_TOKEN=x"] });
  expect(both).toMatchObject({
    env: {},
    warnings: expect.arrayContaining([expect.stringContaining("HELD_TOKEN stays outside")]),
  });
  const { warnings } = await read({ assignments: ["GITHUB_TOKEN=ghp_1", "AWS_SESSION_TOKEN=x", "A=b"] });
  expect(warnings).toEqual([expect.stringMatching(/^GITHUB_TOKEN, AWS_SESSION_TOKEN go inside.*--credential/)]);
  expect((await read({ configured: { API_KEY: "mine" } })).warnings).toEqual([]);
});
