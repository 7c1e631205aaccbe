// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell or Codex expands it.
import type { HarnessTask, McpServerPart } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { createCodex } from "./index.ts";

const harness = createCodex();
const task: HarnessTask = { prompt: "Do it", workspaceDir: "/workspace" };
const command = (more: Partial<HarnessTask>) => harness.command({ ...task, ...more });
const withServer = (server: McpServerPart) =>
  command({ components: { agents: [], commands: [], skills: [], mcpServers: [server] } });

it("starts Codex with the prompt on standard input, and its configuration outside of the workspace", () => {
  const { argv, stdin, env, files, withRoutes } = command({ model: "gpt-6.2-sol" });
  expect(argv.join(" ")).toBe(
    "codex exec --json --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox --model gpt-6.2-sol -",
  );
  expect(Buffer.from(stdin).toString()).toBe("Do it");
  expect(env).toMatchObject({
    CODEX_HOME: "/home/agent/.codex",
    OPENAI_API_KEY: expect.stringContaining("placeholder"),
  });
  expect(files?.map(({ path }) => path)).toEqual(["/home/agent/.codex/config.toml"]);
  const routed = withRoutes?.({ openai: "http://127.0.0.1:4711/model/openai" });
  expect(routed?.files?.[0]?.content).toContain('"base_url" = "http://127.0.0.1:4711/model/openai"');
  const subscribed = withRoutes?.({ chatgpt: "http://127.0.0.1:4711/model/chatgpt" });
  expect(subscribed?.files?.[0]?.content).toContain('"base_url" = "http://127.0.0.1:4711/model/chatgpt"');
});

it.each([
  [{ maxTurns: 3 }, "no place for a limit of turns", "limit the cost"],
  [{ maxBudgetUsd: 1 }, "no place for a budget of its own", "Limit the cost"],
  [{ allowedTools: ["Bash"] }, "no place for a list of allowed tools", "Leave it out"],
  [{ prompt: " " }, "The prompt is empty", ""],
  [{ resumeSessionId: "--last" }, "not one of Codex's", ""],
  [{ model: "--oss" }, "is not the name of a model", ""],
])("refuses %j", (more, message, hint) => {
  expect(() => command(more)).toThrow(
    expect.objectContaining({
      code: "invalid-options",
      message: expect.stringContaining(message),
      ...(hint === "" ? {} : { hint: expect.stringContaining(hint) }),
    }),
  );
});

describe("arguments after --", () => {
  it.each([
    [["-c", "model_reasoning_effort=high"]],
    [["-cmodel_verbosity=low", "--config=web_search=disabled", "--image", "a.png"]],
    [["--ignore-rules", "-o", "answer.txt"]],
  ])("passes %j on, before its own", (extraArgs) => {
    expect(command({ extraArgs }).argv.slice(2, 2 + extraArgs.length)).toEqual(extraArgs);
  });

  it.each([
    [["-c", "model_provider=evil"], "-c model_provider"],
    [["-cmodel_providers.glovebox.base_url=x"], "-c model_providers.glovebox.base_url"],
    [["--config=projects./workspace.trust_level=trusted"], "--config projects./workspace.trust_level"],
    [["-c", ' "model_provider"=evil'], '-c "model_provider"'],
    [["--image", "a.png", "--oss"], "--oss"],
    [["-mx"], "-m cannot"],
    [["-sread-only"], "-s cannot"],
    [["--sandbox=read-only"], "--sandbox cannot"],
    [["--trust"], "--trust cannot"],
    [["--dangerously-bypass-hook-trust"], "--dangerously-bypass-hook-trust cannot"],
    [["-p", "evil"], "-p cannot"],
    [["--enable", "plugins"], "--enable cannot"],
    [["--newer-flag"], "--newer-flag cannot"],
    [["-c"], "-c cannot"],
    [["resume"], '"resume" is not one'],
    [["-"], "- cannot"],
    [["--", "x"], "-- cannot"],
  ])("refuses %j", (extraArgs, message) => {
    expect(() => command({ extraArgs })).toThrow(message);
  });
});

describe("an MCP server", () => {
  it("of a URL gets its headers from the environment", () => {
    const { files } = withServer({
      name: "remote",
      url: "https://mcp.example.com/mcp",
      transport: "http",
      headers: { Authorization: "Bearer ${TOKEN}", "X-Key": "${KEY}", "X-Plain": "p" },
    });
    const config = files?.[0]?.content;
    expect(config).toContain('"bearer_token_env_var" = "TOKEN"');
    expect(config).toContain('"env_http_headers" = { "X-Key" = "KEY" }');
    expect(config).toContain('"http_headers" = { "X-Plain" = "p" }');
  });

  it.each([
    [{ name: "a b", command: "x" }, "its name may have only letters"],
    [{ name: "a", url: "https://a.example/sse", transport: "sse" as const }, "it speaks sse, and Codex only HTTP"],
    [{ name: "a", url: "https://a.example/?k=${K}" }, "its URL holds a variable"],
    [{ name: "a", url: "https://a.example", headers: { X: "key ${K}" } }, "the header X holds a variable"],
    [{ name: "a", command: "x", env: { "not-a-name": "${K}" } }, 'the environment variable "not-a-name" holds'],
  ])("%j is refused", (server, message) => {
    expect(() => withServer(server)).toThrow(message);
    expect(() => harness.places?.files({ agents: [], commands: [], skills: [], mcpServers: [server] })).toThrow(
      message,
    );
  });
});

it("writes texts so that the configuration cannot be left", () => {
  const text = 'a"\n[model_providers.evil]\u007f\ud800 = """';
  const [config] = command({ appendSystemPrompt: text }).files ?? [];
  expect(config?.content.match(/^\[/gm)).toHaveLength(3);
  expect(config?.content).toContain(
    '"developer_instructions" = "a\\"\\n[model_providers.evil]\\u007f\ufffd = \\"\\"\\""',
  );
});
