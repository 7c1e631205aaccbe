import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ChatgptAccount } from "./support/chatgpt-account.ts";
import { type Stage, setStage } from "./support/stage.ts";

const exec = (cmd: string) => ({ tools: [{ name: "exec_command", input: { cmd } }] });
const model = ["--model", "gpt-5.2-codex"];

const none = { ANTHROPIC_API_KEY: undefined, ANTHROPIC_BASE_URL: undefined };

/** The stage's model as OpenAI's API, with its key under the given variable. */
function openai({ key, modelUrl }: Stage, variable = "OPENAI_API_KEY") {
  return { env: { ...none, [variable]: key, OPENAI_BASE_URL: `${modelUrl}/v1` } };
}

function writeSkill({ directory }: Stage): void {
  mkdirSync(join(directory, "skills/pdf"), { recursive: true });
  writeFileSync(join(directory, "skills/pdf/SKILL.md"), "---\nname: pdf\ndescription: Fills forms\n---\nFill them.\n");
}

describe("glovebox run --harness codex", () => {
  it("comes with the command: there is nothing to install", async () => {
    await using stage = await setStage({ turns: [] });
    const added = await stage.glovebox(["harnesses", "add", "codex"]).done;
    expect(added).toMatchObject({ code: 0, stdout: "--harness codex\n" });
    expect(added.stderr).toContain("comes with this command");
    const unknown = await stage.glovebox(["run", "x", "--harness", "codx"], openai(stage)).done;
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("Did you mean codex?");
  });

  it("names the variables that may hold the key", async () => {
    await using stage = await setStage({ turns: [] });
    const { code, stderr } = await stage.glovebox(["run", "x", "--harness", "codex"], { env: none }).done;
    expect(code).toBe(3);
    expect(stderr).toContain("glovebox login --harness codex");
    expect(stderr).toContain("OPENAI_API_KEY or CODEX_API_KEY");
  });

  it("refuses what Codex has no place for before anything is fetched or started", async () => {
    await using stage = await setStage({ turns: [] });
    const refused = async (...args: string[]) => {
      const { code, stderr } = await stage.glovebox(["run", "x", "--harness", "codex", ...args], openai(stage)).done;
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused("--hook", "a", "--command", "b")).toMatch(
      /no place for slash commands or hooks\n.*Leave --command and --hook out\. Write the prompt as a skill/,
    );
    expect(await refused("--max-turns", "3")).toContain("no place for a limit of turns");
    expect(await refused("--", "-c", "model_provider=evil")).toContain("-c model_provider cannot be passed on");
  });

  it("works in a sealed sandbox, is metered, and is continued with its conversation", {
    timeout: 600_000,
  }, async () => {
    const seen: string[] = [];
    const see = (request: { readonly messages: unknown }) => seen.push(JSON.stringify(request.messages));
    await using stage = await setStage({
      turns: [
        (request) => {
          see(request);
          return exec("echo made > made.txt; env; cat ~/.codex/config.toml; cat .agents/skills/pdf/SKILL.md");
        },
        { text: "The file is there.", inputTokens: 1000, outputTokens: 100 },
        (request) => {
          see(request);
          return { text: "Continued." };
        },
      ],
    });
    writeSkill(stage);
    const done = await stage.glovebox(
      ["run", "Make it", "--harness", "codex", ...model, "--skill", "./skills/pdf", "--output", "out", "--json"],
      openai(stage),
    ).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/made.txt")).toBe("made\n");
    expect(() => stage.file("out/.agents/skills/pdf/SKILL.md")).toThrow("ENOENT");
    expect(stage.result()).toMatchObject({ outcome: "succeeded", message: "The file is there.", turns: 1 });
    const events = stage.events();
    expect(events.filter((event) => event.type === "usage" && event.source === "gateway")).toMatchObject([
      { model: "gpt-5.2-codex" },
      { model: "gpt-5.2-codex", input: 1000, output: 100, costUsd: expect.any(Number) },
    ]);
    expect(events.filter((event) => event.type === "network.refused")).toEqual([]);
    const tool = events.find((event) => event.type === "tool.end");
    expect(tool).toMatchObject({ status: "ok", output: expect.stringContaining("OPENAI_API_KEY=sk-proj-glovebox") });
    expect(tool).toMatchObject({ output: expect.stringContaining("Fills forms") });
    expect(JSON.stringify(events)).not.toContain(stage.key);
    expect(await stage.containers()).toEqual([]);
    const resumed = await stage.glovebox(["resume", "Continue", "--output", "out2", "--json"], openai(stage)).done;
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(stage.result()).toMatchObject({ outcome: "succeeded", message: "Continued." });
    expect(seen[1]).toMatch(/Make it.*The file is there\..*Continue/);
  });

  it("ends at the limit of cost, and says so", { timeout: 600_000 }, async () => {
    await using stage = await setStage({
      turns: [{ ...exec("true"), inputTokens: 1_000_000 }, { text: "Too late." }],
    });
    const args = ["run", "Spend", "--harness", "codex", ...model, "--max-cost", "0.5", "--output", "out", "--json"];
    const { code } = await stage.glovebox(args, openai(stage, "CODEX_API_KEY")).done;
    expect(stage.result()).toMatchObject({ outcome: "budget-exceeded" });
    expect(code).toBe(stage.result().exitCode);
  });

  it("uses the login of Codex on this machine, which is renewed once, and of which nothing enters a sandbox", {
    timeout: 600_000,
  }, async () => {
    const look = "env; cat ~/.codex/*.json ~/.codex/config.toml; ls -a ~/.codex";
    await using stage = await setStage({
      turns: [{ ...exec(look), inputTokens: 5000, outputTokens: 100 }, { text: "Done." }],
    });
    await using account = await ChatgptAccount.start(stage);
    const env = { ...none, ...account.env, OPENAI_BASE_URL: "http://127.0.0.1:9/not-for-a-subscription" };
    const harness = ["--harness", "codex"];
    const other = await stage.glovebox(["login", "--from", "codex"], { env }).done;
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("with --harness") });
    const saved = await stage.glovebox(["login", "--from", "codex", ...harness], { env }).done;
    expect(saved, saved.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("the login of Codex") });
    const args = (output: string) => [
      "run",
      "Look",
      ...harness,
      ...model,
      "--max-cost",
      "5",
      "--output",
      output,
      "--json",
    ];
    const runs = await Promise.all(["out1", "out2"].map((output) => stage.glovebox(args(output), { env }).done));
    expect(account.refreshes).toEqual([
      { client_id: expect.stringMatching(/^app_/), grant_type: "refresh_token", refresh_token: "refresh-0" },
    ]);
    expect(new Set(account.statuses)).toEqual(new Set([200]));
    expect(account.upgrades).toBe(0);
    const file = readFileSync(join(account.directory, "auth.json"), "utf8");
    const { tokens } = JSON.parse(file);
    for (const { code, stderr, stdout, events } of runs) {
      expect(code, stderr).toBe(0);
      for (const secret of ["refresh-", tokens.access_token, "account-1"])
        expect(stdout + stderr).not.toContain(secret);
      const tool = events.find((event) => event.type === "tool.end");
      expect(tool).toMatchObject({ output: expect.stringContaining("OPENAI_API_KEY=sk-proj-glovebox") });
      expect(events.some((event) => event.type === "usage" && (event.costUsd ?? 0) > 0)).toBe(true);
      expect(events.filter((event) => event.type === "network.refused" || event.type === "harness.retry")).toEqual([]);
    }
    expect(tokens).toMatchObject({ refresh_token: "refresh-1", account_id: "account-1" });
    expect(statSync(join(account.directory, "auth.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(account.directory)).toEqual(["auth.json"]);

    // Its refresh token has been used.
    account.writeEnded();
    const ended = await stage.glovebox(args("out3"), { env }).done;
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.events.at(-1)).toMatchObject({ reason: expect.stringContaining("has ended") });
  });
});
