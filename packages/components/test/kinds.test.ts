import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { componentKinds, settingsEnv } from "../src/index.ts";
import { fileJson, fileText, OpenSample } from "./open-sample.ts";
import { brokenEntries } from "./sample-catalog.ts";

let sample: OpenSample;
beforeAll(async () => {
  sample = await OpenSample.create();
});
afterAll(() => sample[Symbol.asyncDispose]());

describe("a whole catalog", () => {
  it("installs each entry as its kind, or refuses it with the reason that the list has", async () => {
    const entries = sample.catalogs.flatMap((catalog) => catalog.entries);
    const kinds = componentKinds.filter((kind) => kind !== "plugin");
    expect(new Set(entries.map((entry) => entry.kind))).toEqual(new Set(kinds));
    const refused = entries.filter((entry) => entry.problem !== undefined);
    expect(refused.map((entry) => `${entry.kind} ${entry.name}`)).toEqual(brokenEntries);
    for (const entry of entries) {
      const planning = sample.plan({ [entry.kind]: [entry.name] });
      const reason = entry.problem ?? (entry.missingScript === undefined ? undefined : `runs ${entry.missingScript}`);
      if (reason === undefined) expect((await planning).files.length, entry.name).toBeGreaterThan(0);
      else
        await expect(planning, entry.name).rejects.toMatchObject({
          code: "invalid-options",
          message: expect.stringContaining(`${entry.kind} ${entry.name} cannot be installed: it ${reason}`),
        });
    }
  });

  it("reports why a file among its components is not a component", async () => {
    await expect(sample.plan({ setting: ["styles/terse"] })).rejects.toThrow(
      /setting styles\/terse cannot be installed: it is Markdown, and a setting is JSON/,
    );
  });

  it("names every refusal at once", async () => {
    await expect(sample.plan({ agent: ["no-description"], hook: ["broken/comma"] })).rejects.toThrow(
      /agent broken\/no-description cannot be installed: it has no description.*; hook broken\/comma cannot be installed: it is not JSON/,
    );
  });
});

describe("agents", () => {
  it("are installed byte for byte where Claude Code reads them", async () => {
    const plan = await sample.plan({ agent: ["crlf", "bom", "colons", "frontend-developer"] });
    expect(plan.expected.agents).toEqual(["crlf", "bom", "colons", "frontend-developer"]);
    expect(fileText(plan, ".claude/agents/crlf.md")).toContain("\r\n");
    expect(plan.warnings).toEqual([]);
    const { tools } = plan.components.find((component) => component.name.endsWith("frontend-developer")) ?? {};
    expect(tools).toEqual(["Read", "Write", "Edit", "Bash(npm run *)"]);
  });

  it("get plain front matter where Claude Code would pass over them, with a warning", async () => {
    const plan = await sample.plan({ agent: ["quotes", "lines", "no-name", "sloppy/number"] });
    expect(plan.expected.agents).toEqual(["quotes", "lines", "no-name", "123"]);
    expect(plan.warnings).toHaveLength(4);
    expect(fileText(plan, ".claude/agents/no-name.md")).toBe(
      "---\ndescription: Nobody named me\nname: no-name\n---\nbody\n",
    );
    expect(fileText(plan, ".claude/agents/number.md")).toContain('name: "123"');
    expect(fileText(plan, ".claude/agents/quotes.md")).toContain("You are quotes.");
  });

  it("warn of tools and models that Claude Code does not know", async () => {
    const { warnings } = await sample.plan({ agent: ["sloppy/tools"] });
    expect(warnings).toEqual([
      "agent sloppy/tools: Its front matter is rewritten, so that Claude Code reads it: it names its tools in another way than Claude Code",
      "agent sloppy/tools: Its tool codebase becomes Grep and Glob",
      'agent sloppy/tools: It asks for the model "GPT-4.1", which is no name of Claude Code\'s',
    ]);
  });

  it("of equal file names stand side by side", async () => {
    const side = await sample.plan({ agent: ["security/reviewer", "quality/reviewer"] });
    expect(side.files.map((file) => file.path)).toEqual([
      ".claude/agents/quality-reviewer.md",
      ".claude/agents/security-reviewer.md",
    ]);
  });
});

describe("commands", () => {
  it("are called by their files, and by their categories where two are called alike", async () => {
    const plan = await sample.plan({
      command: ["git/pr-review", "team/pr-review", "generate-tests", "helper", "empty"],
    });
    expect(plan.expected.commands).toEqual(["git:pr-review", "team:pr-review", "generate-tests", "helper", "empty"]);
    expect(plan.files.map((file) => file.path)).toContain(".claude/commands/git/pr-review.md");
    expect(plan.warnings).toEqual([
      "command git/pr-review: It is called /git:pr-review inside",
      "command team/pr-review: It is called /team:pr-review inside",
      "command testing/generate-tests: It runs shell commands when it is called: npm test",
    ]);
  });
});

describe("skills", () => {
  it("come with all their files and modes, under their directory's name", async () => {
    const plan = await sample.plan({ skill: ["pdf", "plain"] });
    expect(plan.expected).toMatchObject({ skills: ["pdf"], commands: ["plain"] });
    expect(plan.files.map((file) => [file.path, file.mode.toString(8)])).toEqual([
      [".claude/skills/pdf/SKILL.md", "644"],
      [".claude/skills/pdf/assets/logo.png", "644"],
      [".claude/skills/pdf/references/forms.md", "644"],
      [".claude/skills/pdf/scripts/fill.py", "755"],
      [".claude/skills/plain/SKILL.md", "644"],
    ]);
    const logo = plan.files.find((file) => file.path.endsWith("logo.png"));
    expect(logo?.bytes).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]));
    expect(plan.warnings).toEqual(["skill documents/pdf: It brings programs: scripts/fill.py"]);
  });
});

describe("front matter that need not be there", () => {
  it("have their main file under the name that Claude Code reads, whatever letters it is written in", async () => {
    const plan = await sample.plan({ skill: ["letters/lower", "letters/capitals"] });
    expect(plan.files.map(({ path }) => path)).toEqual([
      ".claude/skills/capitals/SKILL.md",
      ".claude/skills/capitals/references/other.md",
      ".claude/skills/lower/SKILL.md",
    ]);
    expect(plan.expected.skills).toEqual(["lower", "capitals"]);
    expect(plan.warnings.join()).toContain("Its SKILL.MD is installed as SKILL.md");
  });

  it("is made readable where there is one, and left alone otherwise", async () => {
    const plan = await sample.plan({ skill: ["sloppy"], command: ["rules", "sloppy/yaml"] });
    expect(plan.expected).toMatchObject({ skills: ["sloppy"], commands: ["rules", "yaml"] });
    expect(fileText(plan, ".claude/skills/sloppy/SKILL.md")).toBe(
      '---\nname: x\ndescription: "first: line second line - third"\n---\nbody\n',
    );
    expect(fileText(plan, ".claude/commands/rules.md")).toBe("---\nJust text between two rules\n---\nbody\n");
    expect(plan.warnings).toHaveLength(2);
  });
});

describe("MCP servers", () => {
  it("are enabled, and ask for their variables instead of starting with placeholders", async () => {
    const plan = await sample.plan({ mcp: ["postgres", "places", "query"] });
    expect(fileJson(plan, ".claude/settings.local.json")).toEqual({
      enabledMcpjsonServers: ["postgres", "places", "query"],
    });
    expect(fileJson(plan, ".mcp.json")).toEqual({
      mcpServers: {
        postgres: {
          command: "npx",
          args: ["-y", "@example/postgres-mcp", "--url", "$" + "{POSTGRES_CONNECTION_STRING}"],
          env: { POSTGRES_PASSWORD: "$" + "{POSTGRES_PASSWORD}", LOG_LEVEL: "info" },
        },
        places: {
          command: "$" + "{PLACES_ABSOLUTE_PATH_TO_SERVER}",
          args: ["--ref=$" + "{PLACES_PROJECT_REF}", "$" + "{PLACES_PLACES_API_KEY}"],
          env: { PLACES_TOKEN: "$" + "{PLACES_TOKEN:-}", PLACES_KEY: "$" + "{PLACES_KEY}" },
        },
        query: { type: "http", url: "https://mcp.example.com/mcp?token=$" + "{EXAMPLE_API_TOKEN}&pro=1" },
      },
    });
    const [postgres] = plan.components;
    expect(postgres?.variables).toEqual([
      {
        name: "POSTGRES_CONNECTION_STRING",
        neededBy: 'MCP server "postgres"',
        secret: true,
        placeholder: "<connection-string>",
      },
      { name: "POSTGRES_PASSWORD", neededBy: 'MCP server "postgres"', secret: true, placeholder: "YOUR_PASSWORD_HERE" },
    ]);
    expect(postgres?.commands).toEqual(["npx -y @example/postgres-mcp --url $" + "{POSTGRES_CONNECTION_STRING}"]);
    expect(postgres?.warnings).toContain('The server "postgres" fetches what it runs at its start (npx)');
  });

  it("name their hosts, defaults, and headers that can be added outside the sandbox", async () => {
    const plan = await sample.plan({ mcp: ["remote", "defaults"] });
    const [remote, defaults] = plan.components;
    expect(remote).toMatchObject({
      hosts: ["mcp.example.com"],
      variables: [
        {
          name: "REMOTE_TOKEN",
          secret: true,
          credential: { host: "mcp.example.com", header: "authorization", scheme: "Bearer" },
        },
      ],
      warnings: ['The type of the server "remote" is set to "http": Claude Code would not load it as it is'],
    });
    expect(defaults?.variables).toMatchObject([{ name: "API_HOST", default: "api.example.com" }]);
  });

  it("ask for what a catalog has crossed out, and let somebody say where a neighbour of the server lies", async () => {
    const plan = await sample.plan({ mcp: ["crossed-out"] });
    expect(fileJson(plan, ".mcp.json")).toEqual({
      mcpServers: {
        crossed: {
          command: "serve",
          args: ["--key", "$" + "{CROSSED_APP_KEY}"],
          env: {
            NOTES: "$" + "{NOTES}",
            STORE_URL: "$" + "{STORE_URL}",
            BOARD_URL: "$" + "{BOARD_URL:-http://localhost:3000}",
            DOCS_URL: "https://localhost.example.com",
          },
        },
      },
    });
    expect(plan.components[0]?.variables).toMatchObject([
      { name: "CROSSED_APP_KEY", placeholder: "app-xxxxxxxx-xxxx-xxxxxxxx", secret: true },
      { name: "NOTES", placeholder: "nts_****" },
      { name: "STORE_URL", placeholder: "postgresql://user:password@localhost:5432/store" },
      { name: "BOARD_URL", default: "http://localhost:3000" },
    ]);
    expect(plan.warnings).toContain(
      "mcp devtools/crossed-out: It uses http://localhost:3000, which in a sandbox is the sandbox itself, unless BOARD_URL is set",
    );
  });

  it("with numbers are put right; two of one name conflict", async () => {
    const numbers = await sample.plan({ mcp: ["numbers"] });
    expect(fileJson(numbers, ".mcp.json")).toEqual({
      mcpServers: { numbers: { command: "serve", args: ["1"], env: { PORT: "8080" } } },
    });
    const both = await sample.plan({ mcp: ["database/postgres", "other-postgres"] });
    expect(both.conflicts).toEqual([
      'MCP server "postgres" is described differently by mcp database/postgres and mcp devtools/other-postgres',
    ]);
  });
});

describe("settings and hooks", () => {
  it("unite permissions, merge env, join hooks without doubles", async () => {
    const plan = await sample.plan({
      setting: ["read-only", "everything"],
      hook: ["automation/format", "lint", "lint-again", "old/string", "old/bare"],
    });
    expect(plan.conflicts).toEqual([]);
    expect(fileJson(plan, ".claude/settings.local.json")).toMatchObject({
      permissions: { allow: ["Read", "Grep", "Bash(*)"], deny: ["Bash"], defaultMode: "bypassPermissions" },
      hooks: {
        PostToolUse: [
          { matcher: "Edit|Write", hooks: [{ command: expect.stringContaining("format.sh") }] },
          { matcher: "Edit|Write", hooks: [{ command: "npm run lint" }] },
          { hooks: [{ type: "command", command: "echo old" }] },
        ],
        Stop: [{ hooks: [{ type: "command", command: "echo bare" }] }],
      },
    });
    expect(plan.warnings).toEqual(
      expect.arrayContaining([
        "setting permissions/everything: It turns every permission check off (defaultMode bypassPermissions)",
        "hook automation/lint: It runs a shell command on PostToolUse: npm run lint",
      ]),
    );
  });

  it("name what they set differently, never its value, and take the later where that is accepted", async () => {
    const names = { setting: ["use-haiku", "use-opus"] };
    const plan = await sample.plan(names);
    expect(plan.installable).toBe(false);
    expect(plan.conflicts).toEqual([
      "model is set differently by setting model/use-haiku and setting model/use-opus",
      "env.MODE is set differently by setting model/use-haiku and setting model/use-opus",
    ]);
    const accepted = await sample.plan(names, { acceptLater: true });
    expect(accepted.installable).toBe(true);
    expect(fileJson(accepted, ".claude/settings.local.json")).toEqual({
      model: "opus",
      env: { MODE: "slow", OTHER: "1" },
    });
  });

  it("bring their scripts, executable, where their commands find them", async () => {
    const plan = await sample.plan({
      hook: ["automation/format", "loader/home", "loader/twin", "loader/inline"],
      setting: ["context-monitor"],
    });
    const scripts = plan.files.filter((file) => /hooks\/|scripts\//.test(file.path));
    expect(scripts.map((file) => [file.path, file.mode.toString(8)])).toEqual([
      [".claude/hooks/format.sh", "755"],
      [".claude/hooks/loader.sh", "755"],
      [".claude/hooks/other.sh", "755"],
      [".claude/hooks/tools.log", "644"],
      [".claude/hooks/twin.py", "755"],
      [".claude/scripts/context-monitor.py", "755"],
    ]);
    expect(fileJson(plan, ".claude/settings.local.json")).toMatchObject({
      hooks: { SessionStart: [{ hooks: [{ command: 'bash "$CLAUDE_PROJECT_DIR"/.claude/hooks/loader.sh' }] }] },
      statusLine: { command: "python3 .claude/scripts/context-monitor.py" },
    });
  });

  it("whose script only the workspace has are installed there", async () => {
    const existing = {
      read: async (path: string) => (path === ".claude/hooks/nowhere.py" ? Buffer.from("pass") : undefined),
    };
    const plan = await sample.plan({ hook: ["missing-script"] }, { existing });
    expect(fileText(plan, ".claude/settings.local.json")).toContain(
      '\\"$CLAUDE_PROJECT_DIR\\"/.claude/hooks/nowhere.py',
    );
  });

  it("tell the variables and hosts of their commands, and old ways that do nothing", async () => {
    const plan = await sample.plan({ hook: ["notify/chat", "old/table"] });
    expect(plan.components[0]).toMatchObject({
      hosts: ["chat.example.com"],
      variables: [{ name: "CHAT_TOKEN", neededBy: "hook chat", secret: true }],
    });
    expect(plan.warnings).toContain(
      "hook old/table: Its hook on PostToolUse reads CLAUDE_TOOL_FILE_PATH, which Claude Code 2.1 does not set: it may do nothing",
    );
  });

  it("leave placeholders to the environment, and warn of one within a longer value", async () => {
    const plan = await sample.plan({ setting: ["cloud"] });
    expect(fileJson(plan, ".claude/settings.local.json")).toEqual({
      env: { CLOUD_HEADERS: "X-Company: your-company-id" },
    });
    expect(plan.components[0]?.variables).toEqual([
      { name: "CLOUD_PROJECT", neededBy: "setting cloud", secret: false, placeholder: "your-project-id" },
    ]);
    expect(plan.warnings).toEqual([
      "setting partnerships/cloud: It holds your-company-id in CLOUD_HEADERS: write a setting of your own for that",
    ]);
  });

  it("that send the model's traffic or credential elsewhere are warned of", async () => {
    const plan = await sample.plan({ setting: ["router"] });
    expect(settingsEnv(plan)).toEqual({ ANTHROPIC_BASE_URL: "https://router.example.com", ROUTER_MODE: "fast" });
    expect(plan.warnings.join("\n")).toMatch(
      /ANTHROPIC_BASE_URL.*a run reaches that only where you allow it[\s\S]*model's credential/,
    );
  });
});

it.each(["./x", "./x/SKILL.Md"])("a skill of this machine may have its SKILL.md in any case: %s", async (name) => {
  await using sample = await OpenSample.create({ "x/SKILL.Md": "---\nname: x\ndescription: d\n---\nx\n" });
  const plan = await sample.plan({ skill: [name] });
  expect(plan.files.map(({ path }) => path)).toEqual([".claude/skills/x/SKILL.md"]);
});
