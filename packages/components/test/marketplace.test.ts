import { describe, expect, it } from "vitest";
import { type DirectoryFiles, TestDirectory } from "./catalog-directory.ts";
import { fileJson, fileText, OpenSample } from "./open-sample.ts";
import { commitAll } from "./test-git.ts";

const json = (value: unknown): string => JSON.stringify(value);
const agent = (name: string): string => `---\nname: ${name}\ndescription: The ${name}\n---\nbody\n`;
const root = "$" + "{CLAUDE_PLUGIN_ROOT}";

const plugin: DirectoryFiles = {
  "plugins/tools/.claude-plugin/plugin.json": json({ name: "tools", version: "1.0.0", agents: "./extra/helper.md" }),
  "plugins/tools/agents/worker.md": agent("worker"),
  "plugins/tools/extra/helper.md": agent("helper"),
  "plugins/tools/commands/sub/go.md": "Go\n",
  "plugins/tools/skills/cut/SKILL.md": "---\nname: cut\ndescription: Cuts\n---\n",
  "plugins/tools/hooks/hooks.json": json({
    hooks: { Stop: [{ hooks: [{ type: "command", command: `${root}/scripts/stop.sh` }] }] },
  }),
  "plugins/tools/scripts/stop.sh!": "#!/bin/sh\n",
  "plugins/tools/.mcp.json": json({ mcpServers: { "local db": { command: "node", args: [`${root}/server.js`] } } }),
  "plugins/tools/server.js": "// server\n",
};

const marketplace = (plugins: readonly unknown[]): DirectoryFiles => ({
  ".claude-plugin/marketplace.json": json({ name: "market", owner: { name: "Test" }, plugins }),
});

describe("the hooks of a whole plugin", () => {
  const hooks = (command: string) => ({ Stop: [{ hooks: [{ type: "command", command }] }] });
  const bashed = "[[ -n x ]] && echo it";
  const wrapped = hooks(`bash -c '${bashed}'`);
  const plan = async (files: DirectoryFiles) => {
    await using sample = await OpenSample.create({
      ".claude-plugin/plugin.json": json({ name: "kit" }),
      "commands/go.md": "Go\n",
      ...files,
    });
    return await sample.plan({ plugin: ["kit"] });
  };
  const placed = ".claude/plugins/kit";

  it("are run by bash where they are written for it, in their file, in further ones and in the manifest", async () => {
    const both = await plan({
      "hooks/hooks.json": json({ description: "D", hooks: hooks(bashed) }),
      "more.json": json({ hooks: hooks(bashed) }),
      ".claude-plugin/plugin.json": json({ name: "kit", hooks: "./more.json" }),
    });
    expect(fileJson(both, `${placed}/hooks/hooks.json`)).toEqual({ description: "D", hooks: wrapped });
    expect(fileJson(both, `${placed}/more.json`)).toEqual({ hooks: wrapped });
    expect(both.components[0]?.programs).toMatchObject([{ name: "bash", optional: false }, { name: "bash" }]);
    for (const declared of [hooks(bashed), { hooks: hooks(bashed) }]) {
      const inline = await plan({
        "hooks/hooks.json": json({ hooks: hooks("true") }),
        ".claude-plugin/plugin.json": json({ name: "kit", hooks: declared }),
      });
      expect(JSON.stringify(fileJson(inline, `${placed}/.claude-plugin/plugin.json`))).toContain(
        JSON.stringify(wrapped),
      );
    }
    const plain = json({ hooks: hooks("true") });
    expect(fileText(await plan({ "hooks/hooks.json": plain }), `${placed}/hooks/hooks.json`)).toBe(plain);
  });

  it("have the syntax and the programs of the scripts that they name looked at, and of no other", async () => {
    const file = json({ hooks: hooks(`bash "${root}"/scripts/a.sh`) });
    const { components } = await plan({
      "hooks/hooks.json": file,
      "scripts/a.sh": "#!/bin/bash\njq .\n",
      "scripts/other.sh": "#!/bin/bash\nif true; then\n",
    });
    expect(components[0]?.programs.map(({ name }) => name)).toEqual(["bash", "jq"]);
    await expect(plan({ "hooks/hooks.json": file, "scripts/a.sh": "#!/bin/bash\nif true; then\n" })).rejects.toThrow(
      "holds a hook that brings the script a.sh, which no shell can read",
    );
    const declared = json({ name: "kit", hooks: hooks("echo 'open") });
    await expect(
      plan({ "hooks/hooks.json": json({ hooks: hooks("true") }), ".claude-plugin/plugin.json": declared }),
    ).rejects.toThrow("holds a hook that has a hook that no shell can read");
  });
});

describe("a whole plugin", () => {
  const files: DirectoryFiles = {
    ...marketplace([{ name: "tools", source: "./plugins/tools", description: "Tools" }]),
    ...plugin,
    "plugins/tools/agents/sub/deep.md": agent("deep"),
    "plugins/tools/agents/foreign.md": "---\nname: foreign\ndescription: F\ntools: ['codebase']\n---\nbody\n",
    "plugins/tools/agents/none.md": "No front matter\n",
    "plugins/tools/workflows/flow.js": "// flow\n",
    "plugins/tools/commands/rooted.md": `Run ${root}/scripts/stop.sh as tools:worker\n`,
  };

  it("keeps its files, its root and its names, with agents brought to tools that they have", async () => {
    await using sample = await OpenSample.create(files);
    const plan = await sample.plan({ plugin: ["sample:tools"] });
    expect(plan.plugins).toEqual([".claude/plugins/tools"]);
    expect(plan.expected).toMatchObject({
      agents: ["tools:foreign", "tools:sub:deep", "tools:worker", "tools:helper"],
      commands: ["tools:rooted", "tools:sub:go"],
      skills: ["tools:cut"],
      mcpServers: ["plugin:tools:local db"],
    });
    const paths = plan.files.map(({ path }) => path);
    expect(paths).toContain(".claude/plugins/tools/workflows/flow.js");
    expect(paths).toContain(".claude/plugins/tools/hooks/hooks.json");
    expect(paths.filter((path) => !path.startsWith(".claude/plugins/tools/"))).toEqual([]);
    expect(fileText(plan, ".claude/plugins/tools/agents/foreign.md")).toContain("tools: Grep, Glob");
    expect(fileText(plan, ".claude/plugins/tools/commands/rooted.md")).toBe(files["plugins/tools/commands/rooted.md"]);
    expect(plan.warnings.join("\n")).toContain("Its agent tools/none is not loaded: it has no front matter");
    expect(plan.components[0]?.programs).toEqual([
      { name: "node", neededBy: 'MCP server "local db"', optional: false },
    ]);
    expect(plan.lock.components).toMatchObject([{ kind: "plugin", name: "tools" }]);
  });

  it("is what a part of it brings the files of, and names, where that part needs them", async () => {
    await using sample = await OpenSample.create(files);
    const plan = await sample.plan({ command: ["tools/rooted"], hook: ["tools/hooks"], mcp: ["tools/local-db"] });
    expect(fileText(plan, ".claude/commands/rooted.md")).toBe(
      "Run ./.claude/plugins/tools/scripts/stop.sh as tools:worker\n",
    );
    expect(plan.files.map(({ path }) => path)).toContain(".claude/plugins/tools/scripts/stop.sh");
    expect(plan.plugins).toEqual([]);
    expect(plan.warnings).toEqual(
      expect.arrayContaining([
        "command tools/rooted: It needs files of its plugin, which come with it; add the whole plugin tools to get all of its parts",
        "command tools/rooted: It refers to tools:worker, which are not there by these names; add the whole plugin tools to get all of its parts",
      ]),
    );
  });

  it("is refused with a hook that would block every call", async () => {
    const hooks = { Stop: [{ hooks: [{ type: "command", command: "if true; then" }] }] };
    await using sample = await OpenSample.create({ ...files, "plugins/tools/hooks/hooks.json": json({ hooks }) });
    await expect(sample.plan({ plugin: ["tools"] })).rejects.toThrow(
      /holds a hook that has a hook that no shell can read/,
    );
  });

  it("may be a directory of one's own", async () => {
    await using sample = await OpenSample.create(files);
    const plan = await sample.plan({ plugin: ["./plugins/tools"] });
    expect(plan.expected.skills).toEqual(["tools:cut"]);
    expect(plan.lock.components).toEqual([]);
  });
});

describe("a marketplace", () => {
  it("lists each component of its plugins, and installs them without the plugin system", async () => {
    await using sample = await OpenSample.create({
      ...marketplace([{ name: "tools", source: "./plugins/tools" }]),
      ...plugin,
    });
    const entries = sample.catalogs.flatMap((catalog) => catalog.entries);
    expect(entries.map((entry) => `${entry.kind} ${entry.name} ${entry.problem ?? ""}`.trim())).toEqual([
      "agent tools/helper",
      "agent tools/worker",
      "command tools/sub/go",
      "hook tools/hooks",
      "mcp tools/local-db",
      "plugin tools",
      "skill tools/cut",
    ]);
    const plan = await sample.plan({
      agent: ["tools/worker", "helper"],
      command: ["tools/sub/go"],
      hook: ["tools/hooks"],
      mcp: ["tools/local-db"],
      skill: ["cut"],
    });
    expect(plan.expected).toMatchObject({
      agents: ["worker", "helper"],
      commands: ["go"],
      skills: ["cut"],
      mcpServers: ["local db"],
    });
    expect(fileJson(plan, ".claude/settings.local.json")).toMatchObject({
      hooks: {
        Stop: [
          {
            hooks: [
              {
                command: expect.stringMatching(
                  /^export CLAUDE_PLUGIN_ROOT="\$CLAUDE_PROJECT_DIR\/.claude\/plugins\/tools"; \$CLAUDE_PROJECT_DIR\/.claude\/plugins\/tools\/scripts\/stop.sh$/,
                ),
              },
            ],
          },
        ],
      },
    });
    expect(fileJson(plan, ".mcp.json")).toEqual({
      mcpServers: {
        "local db": {
          command: "node",
          args: ["./.claude/plugins/tools/server.js"],
          env: { CLAUDE_PLUGIN_ROOT: "./.claude/plugins/tools" },
        },
      },
    });
    const script = plan.files.find((file) => file.path === ".claude/plugins/tools/scripts/stop.sh");
    expect(script?.mode).toBe(0o755);
  });

  it("may say itself what a plugin holds, which is all there is where it is not strict", async () => {
    const declared = {
      name: "picked",
      source: "./",
      strict: false,
      agents: ["./shared/one.md"],
      commands: ["./more"],
      skills: ["./skills-here/cut"],
      mcpServers: { inline: { type: "http", url: "https://mcp.example.com/mcp" } },
      hooks: { Stop: [{ hooks: [{ type: "command", command: "echo stop" }] }] },
    };
    await using sample = await OpenSample.create({
      ...marketplace([declared]),
      "shared/one.md": agent("one"),
      "shared/two.md": agent("two"),
      "more/three.md": "Three\n",
      "agents/ignored.md": agent("ignored"),
      "skills-here/cut/SKILL.md": "---\nname: cut\ndescription: Cuts\n---\n",
    });
    const entries = sample.catalogs.flatMap((catalog) => catalog.entries);
    expect(entries.map((entry) => `${entry.kind} ${entry.name}`)).toEqual([
      "agent picked/one",
      "command picked/three",
      "hook picked/hooks",
      "mcp picked/inline",
      "plugin picked",
      "skill picked/cut",
    ]);
    const whole = await sample.plan({ plugin: ["picked"] });
    expect(whole.files.map(({ path }) => path)).not.toContain(".claude/plugins/picked/agents/ignored.md");
    expect(fileJson(whole, ".claude/plugins/picked/.claude-plugin/plugin.json")).toMatchObject({
      name: "picked",
      agents: ["./shared/one.md"],
      hooks: declared.hooks,
      mcpServers: declared.mcpServers,
    });
    expect(whole.expected).toMatchObject({
      agents: ["picked:one"],
      commands: ["picked:three"],
      skills: ["picked:cut"],
      mcpServers: ["plugin:picked:inline"],
    });
    const plan = await sample.plan({ mcp: ["picked/inline"], hook: ["picked/hooks"] });
    expect(plan.expected.mcpServers).toEqual(["inline"]);
  });

  it("fetches a plugin that lies in another repository when one of its components is named", async () => {
    await using other = await TestDirectory.create({
      "agents/far.md": agent("far"),
      ".mcp.json": json({ far: { command: "far" } }),
    });
    const commit = commitAll(other.path, "first");
    const plugins = [{ name: "away", source: { source: "url", url: `file://${other.path}`, ref: "main" } }];
    await using sample = await OpenSample.create(marketplace(plugins));
    expect(sample.catalogs[0]?.entries.map(({ kind, name, external }) => [kind, name, external])).toEqual([
      ["plugin", "away", plugins[0]?.source.url.concat("#main")],
    ]);
    const plan = await sample.plan({ agent: ["away/far"], mcp: ["sample:away/far"] });
    expect(plan.expected).toMatchObject({ agents: ["far"], mcpServers: ["far"] });
    expect(plan.lock.sources).toEqual({ [`file://${other.path}#main`]: commit });
    const whole = await sample.plan({ plugin: ["away"] });
    expect(whole.plugins).toEqual([".claude/plugins/away"]);
    expect(whole.expected).toMatchObject({ agents: ["away:far"], mcpServers: ["plugin:away:far"] });
  });

  it("that was fetched cannot point at this machine, nor out of itself", async () => {
    await using repository = await TestDirectory.create({
      ...marketplace([
        { name: "host", source: { source: "url", url: "/etc" } },
        { name: "up", source: "../../etc" },
        { name: "../x", source: "./" },
        { name: "npm", source: { source: "npm", package: "x" } },
        { name: "paths", source: "./p", agents: ["../../etc/passwd.md"] },
      ]),
      "p/README.md": "x",
    });
    commitAll(repository.path, "first");
    await using sample = await OpenSample.create({ ...marketplace([]), "x.md": "x" });
    const { openCatalog, parseSource, parseRequests, planComponents, emptyLock } = await import("../src/index.ts");
    const context = { cacheDir: sample.cache.path };
    const catalog = await openCatalog(parseSource(`file://${repository.path}`, "/"), context);
    expect(catalog.entries.map(({ name, external, problem }) => [name, external ?? problem])).toEqual([
      ["host", "/etc"],
      ["npm", "lies where nothing is fetched from: neither git nor a directory"],
      ["paths", undefined],
      ["up", "lies where nothing is fetched from: neither git nor a directory"],
    ]);
    expect(catalog.external).toEqual([{ name: "host", source: "/etc" }]);
    const remote = { ...catalog, spec: { ...catalog.spec, location: "https://git.example.com/m.git" } };
    const planning = planComponents({
      requests: parseRequests({ agent: ["host/passwd"] }),
      catalogs: [remote],
      lock: emptyLock,
      existing: { read: async () => undefined },
      cwd: "/",
      context,
    });
    await expect(planning).rejects.toThrow("is said to lie on this machine: /etc");
  });

  it("that cannot be read is refused with its source and its file", async () => {
    const shapes = { list: "[]", text: '"x"', agents: json({ agents: [] }), table: json({ plugins: {} }) };
    for (const [shape, text] of Object.entries(shapes))
      await expect(OpenSample.create({ ".claude-plugin/marketplace.json": text }), shape).rejects.toThrow(
        /^The source sample cannot be read: \.claude-plugin\/marketplace\.json is not a marketplace/,
      );
    await expect(OpenSample.create({ ".claude-plugin/marketplace.json": "{" })).rejects.toThrow(
      /^The source sample cannot be read: .*marketplace\.json is not JSON/,
    );
  });

  it("keeps its other plugins beside one that cannot be read", async () => {
    await using sample = await OpenSample.create({
      ...marketplace([
        { source: "./" },
        5,
        { name: "tools", source: "./plugins/tools" },
        { name: "bad", source: "./bad" },
      ]),
      ...plugin,
      "bad/.claude-plugin/plugin.json": "{",
      "bad/agents/still.md": agent("still"),
    });
    const names = sample.catalogs[0]?.entries.map((entry) => entry.name);
    expect(names).toContain("tools/worker");
    expect(names).toContain("bad/still");
  });

  it("need not be: a repository may be one plugin", async () => {
    await using sample = await OpenSample.create({
      ".claude-plugin/plugin.json": json({ name: "single" }),
      "agents/worker.md": agent("worker"),
      "commands/go.md": "Go\n",
    });
    expect(sample.catalogs[0]?.entries.map((entry) => entry.name)).toEqual(["single/worker", "single/go", "single"]);
  });
});
