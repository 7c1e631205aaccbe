import { describe, expect, it } from "vitest";
import { type FolderFiles, TestFolder } from "./catalog-folder.ts";
import { fileJson, OpenSample } from "./open-sample.ts";
import { commitAll } from "./test-git.ts";

const json = (value: unknown): string => JSON.stringify(value);
const agent = (name: string): string => `---\nname: ${name}\ndescription: The ${name}\n---\nbody\n`;
const root = "$" + "{CLAUDE_PLUGIN_ROOT}";

const plugin: FolderFiles = {
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

const marketplace = (plugins: readonly unknown[]): FolderFiles => ({
  ".claude-plugin/marketplace.json": json({ name: "market", owner: { name: "Test" }, plugins }),
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
      "skill tools/cut",
    ]);
    const plan = await sample.plan({
      agent: ["tools/worker", "helper"],
      command: ["tools/sub/go"],
      hook: ["tools/hooks"],
      mcp: ["tools/local-db"],
      skill: ["cut"],
    });
    expect(plan.expected).toEqual({
      agents: ["worker", "helper"],
      commands: ["go"],
      skills: ["cut"],
      mcpServers: ["local db"],
    });
    expect(fileJson(plan, ".claude/settings.local.json")).toMatchObject({
      hooks: { Stop: [{ hooks: [{ command: "$CLAUDE_PROJECT_DIR/.claude/plugins/tools/scripts/stop.sh" }] }] },
    });
    expect(fileJson(plan, ".mcp.json")).toEqual({
      mcpServers: { "local db": { command: "node", args: ["./.claude/plugins/tools/server.js"] } },
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
      "skill picked/cut",
    ]);
    const plan = await sample.plan({ mcp: ["picked/inline"], hook: ["picked/hooks"] });
    expect(plan.expected.mcpServers).toEqual(["inline"]);
  });

  it("fetches a plugin that lies in another repository when one of its components is named", async () => {
    await using other = await TestFolder.create({
      "agents/far.md": agent("far"),
      ".mcp.json": json({ far: { command: "far" } }),
    });
    const commit = commitAll(other.path, "first");
    const plugins = [{ name: "away", source: { source: "url", url: `file://${other.path}`, ref: "main" } }];
    await using sample = await OpenSample.create(marketplace(plugins));
    expect(sample.catalogs[0]?.entries).toEqual([]);
    const plan = await sample.plan({ agent: ["away/far"], mcp: ["sample:away/far"] });
    expect(plan.expected).toMatchObject({ agents: ["far"], mcpServers: ["far"] });
    expect(plan.lock.sources).toEqual({ [`file://${other.path}#main`]: commit });
  });

  it("that was fetched cannot point at this machine, nor out of itself", async () => {
    await using repository = await TestFolder.create({
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
    expect(catalog.entries).toEqual([]);
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

  it("that cannot be read is refused with the place", async () => {
    await expect(
      OpenSample.create({ ".claude-plugin/marketplace.json": json({ plugins: [{ source: "./" }] }) }),
    ).rejects.toThrow(/marketplace\.json is no marketplace: plugins\.0\.name/);
    await expect(OpenSample.create({ ".claude-plugin/marketplace.json": "{" })).rejects.toThrow(/is not JSON/);
  });

  it("need not be: a repository may be one plugin", async () => {
    await using sample = await OpenSample.create({
      ".claude-plugin/plugin.json": json({ name: "single" }),
      "agents/worker.md": agent("worker"),
      "commands/go.md": "Go\n",
    });
    expect(sample.catalogs[0]?.entries.map((entry) => entry.name)).toEqual(["single/worker", "single/go"]);
  });
});
