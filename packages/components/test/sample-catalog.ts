import type { DirectoryFiles } from "./catalog-directory.ts";

function agent(name: string, description: string, more = ""): string {
  return `---\nname: ${name}\ndescription: ${description}\n${more}---\n\nYou are ${name}.\n`;
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** A catalog laid out as claude-code-templates is, with each kind and what is nasty in real ones. */
export const sampleCatalog: DirectoryFiles = {
  "agents/README.md": "# Agents\n",
  "agents/development-team/frontend-developer.md": agent(
    "frontend-developer",
    "Builds user interfaces",
    "tools: Read, Write, Edit, Bash(npm run *)\nmodel: sonnet\n",
  ),
  "agents/security/reviewer.md": agent("security-reviewer", "Reviews for security"),
  "agents/quality/reviewer.md": agent("quality-reviewer", "Reviews for quality"),
  "agents/quality/deep/nested/reviewer.md": agent("nested-reviewer", "Three levels down"),
  "agents/twins/first.md": agent("twin", "One"),
  "agents/twins/second.md": agent("twin", "The other"),
  "agents/unicode/übersetzer.md": agent("übersetzer", "Übersetzt Texte 日本語"),
  "agents/sloppy/crlf.md": agent("crlf", "Lines end as on Windows").replaceAll("\n", "\r\n"),
  "agents/sloppy/bom.md": `\ufeff${agent("bom", "Begins with a byte order mark")}`,
  "agents/sloppy/colons.md": agent(
    "colons",
    'Use it: when "things" go wrong: like here\\n\\n<example>user: hi</example>',
  ),
  "agents/sloppy/quotes.md": agent("quotes", '"has \\n escapes and "inner" quotes"'),
  "agents/sloppy/lines.md": agent("lines", "first line\nsecond: with a colon\n- and a list"),
  "agents/sloppy/no-name.md": "---\ndescription: Nobody named me\n---\nbody\n",
  "agents/sloppy/number.md": agent("123", "A number for a name"),
  "agents/sloppy/tools.md": agent(
    "tools",
    "Asks for much",
    "tools: Read, codebase, mcp__github__search\nmodel: GPT-4.1\n",
  ),
  "agents/broken/no-description.md": "---\nname: no-description\n---\nbody\n",
  "agents/broken/no-front-matter.md": "# Just text\n",
  "agents/broken/unclosed.md": "---\nname: unclosed\ndescription: never ends\n",
  "agents/broken/colon-name.md": agent("a:b", "A name that Claude Code refuses"),
  "agents/broken/latin1.md": Buffer.concat([Buffer.from("---\nname: x\ndescription: "), Buffer.from([0xe9, 0x0a])]),
  "commands/testing/generate-tests.md":
    "---\nallowed-tools: Bash(npm test:*), Read\ndescription: Generates tests\n---\nRun !`npm test` for $ARGUMENTS\n",
  "commands/git/pr-review.md": "# Review a pull request\n",
  "commands/team/pr-review.md": "# Review, the team's way\n",
  "commands/workspace/personas/helper.md": "No front matter at all\n",
  "commands/sloppy/empty.md": "",
  "commands/sloppy/rules.md": "---\nJust text between two rules\n---\nbody\n",
  "commands/sloppy/yaml.md": "---\ndescription: [unclosed\n  x: : y\n---\nbody\n",
  "mcps/database/postgres.json": json({
    mcpServers: {
      postgres: {
        description: "Queries Postgres",
        command: "npx",
        args: ["-y", "@example/postgres-mcp", "--url", "<connection-string>"],
        env: { POSTGRES_PASSWORD: "YOUR_PASSWORD_HERE", LOG_LEVEL: "info" },
      },
    },
  }),
  "mcps/devtools/remote.json": json({
    mcpServers: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Claude Code that expands it.
      remote: { url: "https://mcp.example.com/mcp", headers: { Authorization: "Bearer ${REMOTE_TOKEN}" } },
    },
  }),
  "mcps/devtools/defaults.json": json({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Claude Code that expands it.
    mcpServers: { defaults: { type: "http", url: "https://${API_HOST:-api.example.com}/mcp" } },
  }),
  "mcps/devtools/places.json": json({
    mcpServers: {
      places: {
        command: "/ABSOLUTE/PATH/TO/server",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: another editor's way to ask for a value.
        args: ["--ref=<project-ref>", "${input:places-api-key}"],
        env: { PLACES_TOKEN: "", PLACES_KEY: "YOUR_API_KEY" },
      },
    },
  }),
  "mcps/devtools/crossed-out.json": json({
    mcpServers: {
      crossed: {
        command: "serve",
        args: ["--key", "app-xxxxxxxx-xxxx-xxxxxxxx"],
        env: {
          NOTES: "nts_****",
          STORE_URL: "postgresql://user:password@localhost:5432/store",
          BOARD_URL: "http://localhost:3000",
          DOCS_URL: "https://localhost.example.com",
        },
      },
    },
  }),
  "mcps/devtools/query.json": json({
    mcpServers: { query: { type: "http", url: "https://mcp.example.com/mcp?token=YOUR_EXAMPLE_API_TOKEN&pro=1" } },
  }),
  "mcps/devtools/numbers.json": json({ mcpServers: { numbers: { command: "serve", args: [1], env: { PORT: 8080 } } } }),
  "mcps/devtools/other-postgres.json": json({ mcpServers: { postgres: { command: "other" } } }),
  "mcps/broken/nothing.json": json({ mcpServers: { nothing: { description: "nothing to start" } } }),
  "mcps/broken/no-servers.json": json([{ question: 1 }]),
  "mcps/broken/documents.json": json({ documents: [] }),
  "mcps/devtools/guide.md": "# How to use them\n",
  "settings/styles/terse.md": "---\nname: terse\ndescription: Few words\n---\nUse few words.\n",
  "settings/permissions/read-only.md": "# What it allows\n",
  "settings/permissions/README.md": "# Permissions\n",
  "hooks/notify/SETUP.md": "# Set it up\n",
  "settings/permissions/read-only.json": json({
    description: "Only reads",
    permissions: { allow: ["Read", "Grep"], deny: ["Bash"] },
  }),
  "settings/permissions/everything.json": json({
    permissions: { allow: ["Bash(*)", "Read"], defaultMode: "bypassPermissions" },
  }),
  "settings/model/use-haiku.json": json({ description: "Haiku", model: "haiku", env: { MODE: "fast" } }),
  "settings/model/use-opus.json": json({ description: "Opus", model: "opus", env: { MODE: "slow", OTHER: "1" } }),
  "settings/statusline/context-monitor.json": json({
    description: "Shows the context",
    statusLine: { type: "command", command: "python3 ~/.claude/scripts/context-monitor.py" },
  }),
  "settings/statusline/context-monitor.py": "#!/usr/bin/env python3\nprint('ok')\n",
  "settings/partnerships/router.json": json({
    env: {
      ANTHROPIC_BASE_URL: "https://router.example.com",
      ANTHROPIC_AUTH_TOKEN: "YOUR-ROUTER-API-KEY",
      ROUTER_MODE: "fast",
    },
  }),
  "settings/partnerships/cloud.json": json({
    env: { CLOUD_PROJECT: "your-project-id", CLOUD_HEADERS: "X-Company: your-company-id" },
  }),
  "settings/broken/model-number.json": json({ model: 5 }),
  "settings/broken/mode.json": json({ permissions: { defaultMode: "yolo" } }),
  "settings/broken/padding.json": json({ statusLine: { type: "command", command: "date", padding: "0" } }),
  "settings/broken/only-description.json": json({ description: "nothing" }),
  "hooks/automation/format.json": json({
    description: "Formats after edits",
    supportingFiles: [{ source: "format.sh", destination: ".claude/hooks/format.sh", executable: true }],
    hooks: {
      PostToolUse: [
        {
          matcher: "Edit|Write",
          hooks: [{ type: "command", command: 'bash "$CLAUDE_PROJECT_DIR"/.claude/hooks/format.sh' }],
        },
      ],
    },
  }),
  "hooks/automation/format.sh": "#!/bin/sh\necho formatted\n",
  "hooks/automation/lint.json": json({
    hooks: { PostToolUse: [{ matcher: "Edit|Write", hooks: [{ type: "command", command: "npm run lint" }] }] },
  }),
  "hooks/automation/lint-again.json": json({
    hooks: { PostToolUse: [{ matcher: "Edit|Write", hooks: [{ type: "command", command: "npm run lint" }] }] },
  }),
  "hooks/loader/home.json": json({
    hooks: { SessionStart: [{ hooks: [{ type: "command", command: "bash ~/.claude/hooks/loader.sh" }] }] },
    additionalFiles: { ".claude/hooks/loader.sh": "loader.sh" },
  }),
  "hooks/loader/loader.sh": "#!/bin/sh\necho loaded\n",
  "hooks/loader/twin.json": json({
    hooks: { Stop: [{ hooks: [{ type: "command", command: ".claude/hooks/twin.py && .claude/hooks/other.sh" }] }] },
  }),
  "hooks/loader/twin.py": "print('twin')\n",
  "hooks/loader/other.sh": "echo other\n",
  "hooks/loader/inline.json": json({
    hooks: {
      PostToolUse: [{ matcher: "*", hooks: [{ type: "command", command: "date >> .claude/hooks/tools.log" }] }],
    },
    files: { ".claude/hooks/tools.log": { content: "log\n", executable: false } },
  }),
  "hooks/old/string.json": json({ hooks: { PostToolUse: "echo old" } }),
  "hooks/old/table.json": json({ hooks: { PostToolUse: { Edit: "echo $CLAUDE_TOOL_FILE_PATH" } } }),
  "hooks/notify/chat.json": json({
    hooks: {
      Stop: [
        {
          hooks: [
            { type: "command", command: 'MESSAGE=done; curl -s "https://chat.example.com/$CHAT_TOKEN" -d "$MESSAGE"' },
          ],
        },
      ],
    },
  }),
  "hooks/old/bare.json": json({ description: "bare", Stop: [{ hooks: [{ type: "command", command: "echo bare" }] }] }),
  "hooks/broken/missing-script.json": json({
    hooks: { PreToolUse: [{ hooks: [{ type: "command", command: "python3 ~/.claude/hooks/nowhere.py" }] }] },
  }),
  "hooks/broken/matcher.json": json({
    hooks: { PreToolUse: [{ matcher: { tool: "Bash" }, hooks: [{ type: "command", command: "true" }] }] },
  }),
  "hooks/broken/escape.json": json({
    hooks: { Stop: [{ hooks: [{ type: "command", command: "true" }] }] },
    files: { ".claude/../../outside.sh": { content: "x" } },
  }),
  "hooks/broken/deep.json": `{"hooks":{"Stop":[${"[".repeat(200_000)}${"]".repeat(200_000)}]}}`,
  "hooks/broken/prototype.json": '{"hooks":{"Stop":[]},"__proto__":{"model":"x"}}',
  "hooks/broken/comma.json": '{ "description": "x"\n "hooks": {} }',
  "skills/documents/pdf/SKILL.md":
    "---\nname: pdf-tools\ndescription: Works with PDF files\n---\nRead references/forms.md\n",
  "skills/documents/pdf/references/forms.md": "# Forms\n",
  "skills/documents/pdf/scripts/fill.py!": "#!/usr/bin/env python3\n",
  "skills/documents/pdf/assets/logo.png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]),
  "skills/sloppy/SKILL.md": "---\nname: x\ndescription: first: line\nsecond line\n- third\n---\nbody\n",
  "loops/testing/until-green.md":
    "---\nname: until-green\ndescription: Tests until they pass\ninterval: 20m\ncomponents: [agent:security/reviewer, command:testing/generate-tests]\n---\n# Until green\n",
  "loops/broken/other.md": "---\nname: other\ndescription: x\ncomponents: [robot:x]\n---\n",
  "skills/plain/SKILL.md": "Without front matter\n",
  "skills/letters/lower/skill.md": "---\nname: lower\ndescription: lower case\n---\n",
  "skills/letters/capitals/SKILL.MD": "---\nname: capitals\ndescription: capitals\n---\nRead references/skill.md\n",
  "skills/letters/capitals/references/other.md": "# Other\n",
  "skills/broken/huge/SKILL.md": `---\nname: huge\ndescription: huge\n---\n${"x".repeat(1_000_001)}`,
};

/** The entries of it that no installation can make work. */
export const brokenEntries: readonly string[] = [
  "agent broken/colon-name",
  "agent broken/latin1",
  "agent broken/no-description",
  "agent broken/no-front-matter",
  "agent broken/unclosed",
  "hook broken/comma",
  "hook broken/deep",
  "hook broken/escape",
  "hook broken/matcher",
  "hook broken/prototype",
  "hook notify/SETUP",
  "loop broken/other",
  "mcp broken/documents",
  "mcp broken/no-servers",
  "mcp broken/nothing",
  "mcp devtools/guide",
  "setting broken/mode",
  "setting broken/model-number",
  "setting broken/only-description",
  "setting broken/padding",
  "setting styles/terse",
  "skill broken/huge",
];
