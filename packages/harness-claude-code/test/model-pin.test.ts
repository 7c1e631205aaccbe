import { createScriptedModel, type ScriptTurn } from "@glovebox/scripted-model";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createClaudeCode } from "../src/index.ts";
import { type ClaudeRunOptions, removeDirectories, runClaude } from "./support/claude-process.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(removeDirectories);

async function model(turns: readonly ScriptTurn[] = [{ text: "Done." }]) {
  const server = createScriptedModel({ script: { turns } });
  const { url, close } = await server.listen();
  cleanups.push(close);
  return { url, requests: server.requests };
}

const nowhere = "http://127.0.0.1:9/nowhere";
const proxies = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"].map((name) => [name, nowhere]),
);
const project = ".claude/settings.json";

interface Mover {
  readonly settings: object;
  /** A part of what is said about them. */
  readonly keys: string;
  /** In the project by default. */
  readonly where?: string;
}

const movers: readonly Mover[] = (
  [
    [{ env: { ANTHROPIC_BASE_URL: nowhere } }, "ANTHROPIC_BASE_URL"],
    [{ env: { ANTHROPIC_BASE_URL: nowhere } }, "ANTHROPIC_BASE_URL", ".claude/settings.local.json"],
    [{ env: { ANTHROPIC_BASE_URL: nowhere }, apiKeyHelper: "echo other" }, "ANTHROPIC_BASE_URL, apiKeyHelper", "home"],
    [{ env: { ANTHROPIC_AUTH_TOKEN: "other", ANTHROPIC_API_KEY: "other" } }, "ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN"],
    [
      { env: { ANTHROPIC_CUSTOM_HEADERS: "x-api-key: other\nauthorization: Bearer other" } },
      "ANTHROPIC_CUSTOM_HEADERS",
    ],
    [{ env: { CLAUDE_CODE_OAUTH_TOKEN: "other" } }, "CLAUDE_CODE_OAUTH_TOKEN"],
    [{ apiKeyHelper: "echo other" }, "apiKeyHelper"],
    [{ env: { CLAUDE_CODE_USE_BEDROCK: "1", ANTHROPIC_BEDROCK_BASE_URL: nowhere } }, "CLAUDE_CODE_USE_BEDROCK"],
    [{ env: { CLAUDE_CODE_USE_VERTEX: "1", ANTHROPIC_VERTEX_BASE_URL: nowhere } }, "CLAUDE_CODE_USE_VERTEX"],
    [{ env: { CLAUDE_CODE_USE_FOUNDRY: "1", ANTHROPIC_FOUNDRY_BASE_URL: nowhere } }, "CLAUDE_CODE_USE_FOUNDRY"],
    [{ env: { CLAUDE_CODE_USE_MANTLE: "1", CLAUDE_CODE_USE_GATEWAY: "1" } }, "CLAUDE_CODE_USE_MANTLE"],
    [{ env: { ANTHROPIC_UNIX_SOCKET: "/tmp/nobody.sock" } }, "ANTHROPIC_UNIX_SOCKET"],
    [{ env: { ...proxies, NO_PROXY: "", no_proxy: "" } }, "HTTPS_PROXY"],
    [{ env: { ...proxies, NO_PROXY: "", no_proxy: "" } }, "HTTPS_PROXY", "home"],
    [{ env: { CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: "0", ANTHROPIC_BASE_URL: nowhere } }, "ANTHROPIC_BASE_URL"],
    [{ forceLoginMethod: "gateway", forceLoginGatewayUrl: nowhere }, "forceLoginGatewayUrl, forceLoginMethod", "home"],
  ] as const
).map(([settings, keys, where]) => ({ settings, keys, ...(where === undefined ? {} : { where }) }));

function lying(settings: object, where: string): Pick<ClaudeRunOptions, "files" | "home"> {
  const text = JSON.stringify(settings);
  return where === "home" ? { home: { [project]: text } } : { files: { [where]: text } };
}

describe("settings that would move the model", () => {
  it.each(movers)("have no effect, and are named before the prompt is sent: %j", async (mover) => {
    const { settings, keys, where = project } = mover;
    const { url, requests } = await model();
    const { outcome, warnings } = await runClaude({ baseUrl: url, ...lying(settings, where) });
    expect(outcome).toMatchObject({ ok: true, message: "Done." });
    expect(requests.filter(({ kind }) => kind === "turn")).toHaveLength(1);
    for (const { headers } of requests) {
      expect(headers["x-api-key"]).toBe("sk-ant-api03-glovebox-placeholder");
      expect(headers.authorization).toBeUndefined();
    }
    expect(warnings).toEqual([expect.stringContaining(keys)]);
    expect(warnings[0]).toContain(where === "home" ? `~/${project}` : where);
    expect(warnings.join()).not.toMatch(/nowhere|other\b/);
  });

  it.each(createClaudeCode().credentials)("and none of its own environment does with $variable", async (spec) => {
    const { url, requests } = await model();
    const env = {
      ANTHROPIC_BASE_URL: nowhere,
      ANTHROPIC_API_KEY: "other",
      ANTHROPIC_AUTH_TOKEN: "other",
      CLAUDE_CODE_OAUTH_TOKEN: "other",
      CLAUDE_CODE_USE_BEDROCK: "1",
      CLAUDE_CODE_USE_VERTEX: "true",
      CLAUDE_CODE_USE_FOUNDRY: "1",
      CLAUDE_CODE_HTTPS_PROXY: nowhere,
      ANTHROPIC_UNIX_SOCKET: "/tmp/nobody.sock",
      ...proxies,
    };
    const { outcome, warnings } = await runClaude({ baseUrl: url, variable: spec.variable, env });
    expect(outcome).toMatchObject({ ok: true, message: "Done." });
    expect(requests.length).toBeGreaterThan(0);
    const sent = spec.scheme === undefined ? spec.placeholder : `${spec.scheme} ${spec.placeholder}`;
    for (const { headers } of requests) expect(headers[spec.header]).toBe(sent);
    expect(warnings).toEqual([expect.stringMatching(/^The sandbox's environment sets .*CLAUDE_CODE_USE_BEDROCK/)]);
  });

  it("have no effect either when the agent writes them while it works", async () => {
    const settings = { env: { ANTHROPIC_BASE_URL: nowhere, CLAUDE_CODE_USE_BEDROCK: "1" }, apiKeyHelper: "echo other" };
    const content = JSON.stringify(settings);
    const bash = (command: string) => ({ name: "Bash", input: { command, description: "a step" } });
    const { url, requests } = await model([
      { tools: [{ name: "Write", input: { file_path: ".claude/settings.local.json", content } }] },
      { tools: [bash("mkdir -p ~/.claude && cp .claude/settings.local.json ~/.claude/settings.json && sleep 2")] },
      { tools: [bash("true")] },
      { text: "Done." },
    ]);
    const { outcome } = await runClaude({ baseUrl: url });
    expect(outcome).toMatchObject({ ok: true, message: "Done." });
    for (const { headers } of requests) expect(headers["x-api-key"]).toBe("sk-ant-api03-glovebox-placeholder");
  });

  it("are not named where there are none", async () => {
    const { url } = await model();
    const files = { [project]: JSON.stringify({ env: { PLAIN: "1" }, model: "opus" }) };
    expect((await runClaude({ baseUrl: url, files })).warnings).toEqual([]);
  });
});
