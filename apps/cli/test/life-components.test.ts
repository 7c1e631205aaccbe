import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { ModelRequest } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { catalogFiles, writeCatalog } from "./support/catalog.ts";
import { type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const source = ["--components-source", "house=./catalog"];

const named = [
  ...source,
  ...["--agent", "house:dev/reviewer,house:qa/reviewer"],
  ...["--command", "house:pull-request", "--mcp", "house:greeter", "--setting", "house:quiet"],
  ...["--hook", "house:note", "--skill", "house:house-style"],
];

const turnsOf = (stage: Stage) => stage.model.requests.filter(({ kind }) => kind === "turn");

describe("a run with components", () => {
  it("has what was named: listed by Claude Code, its tool called, its hook fired, its skill read, and none of it in the result", async () => {
    const requests: ModelRequest[] = [];
    await using stage = await setStage({
      turns: [
        { tools: [{ name: "mcp__greeter__greet", input: {} }] },
        { tools: [{ name: "Skill", input: { skill: "house-style" } }] },
        (request) => {
          requests.push(request);
          return bash("true");
        },
        write("page.txt", "a page"),
        say("Done."),
      ],
    });
    writeCatalog(join(stage.directory, "catalog"));
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json", ...named]).done;
    expect(done.code, done.stderr).toBe(0);
    const session = done.events.find((event) => event.type === "harness.session");
    expect(session).toMatchObject({
      agents: expect.arrayContaining(["reviewer", "qa-reviewer"]),
      commands: expect.arrayContaining(["pull-request"]),
      skills: expect.arrayContaining(["house-style"]),
      mcpServers: [{ name: "greeter", status: "connected" }],
    });
    const ends = done.events.filter((event) => event.type === "tool.end");
    expect(ends[0]).toMatchObject({ status: "ok", output: "a greeting of the server" });
    expect(JSON.stringify(requests[0]?.messages)).toContain("Write as a lighthouse keeper would.");
    expect(stage.file("out/noted.txt")).toBe("level 2\n");
    const { files } = stage.result();
    expect(files?.manifest.map(({ path, change }) => `${path} ${change}`)).toEqual([
      "noted.txt created",
      "page.txt created",
    ]);
    expect(existsSync(join(stage.directory, "out/.claude"))).toBe(false);
    const installed = done.events.find((event) => event.type === "components.installed");
    expect(installed).toMatchObject({
      components: expect.arrayContaining([expect.objectContaining({ kind: "agent", name: "dev/reviewer" })]),
      files: expect.arrayContaining([
        ".claude/hooks/note.sh",
        ".claude/skills/house-style/scripts/check.sh",
        ".mcp.json",
      ]),
    });
    const lock = JSON.parse(stage.file("glovebox.lock")) as { readonly components: readonly unknown[] };
    expect(lock.components).toHaveLength(7);
    expect(await stage.containers()).toEqual([]);
  });

  it("leaves a project's own settings as they are, hides from its history what was installed, and brings back what the agent changed", async () => {
    const own = { permissions: { allow: ["Read"] }, env: { OWN: "1" } };
    await using stage = await setStage({
      turns: [
        bash(
          "cat .claude/settings.local.json > seen.json; git add -A; git commit -qm work; echo more >> .claude/agents/dev-reviewer.md",
        ),
        say("Done."),
      ],
    });
    const project = join(stage.directory, "project");
    mkdirSync(join(project, ".claude"), { recursive: true });
    writeFileSync(join(project, ".claude/settings.local.json"), JSON.stringify(own));
    const git = (...args: string[]) => execFileSync("git", args, { cwd: project, encoding: "utf8" });
    git("init", "-q");
    git("add", "-A");
    git("-c", "user.name=me", "-c", "user.email=me@example.com", "commit", "-qm", "first");
    writeCatalog(join(stage.directory, "catalog"));
    const args = ["run", "Try", "--workspace", "project", "--output", "out", ...named];
    const done = await stage.glovebox(args).done;
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(stage.file("out/seen.json"))).toMatchObject({
      permissions: { allow: ["Read"] },
      env: { OWN: "1", QUIET_LEVEL: "2" },
      enabledMcpjsonServers: ["greeter"],
    });
    const changes = stage
      .result()
      .files?.manifest.filter(({ change, kind }) => change !== "unchanged" && kind === "file");
    expect(changes?.map(({ path, change }) => `${path} ${change}`)).toEqual([
      ".claude/agents/dev-reviewer.md created",
      "noted.txt created",
      "seen.json created",
    ]);
    const applied = await stage.glovebox(["apply", "--yes"]).done;
    expect(applied.code, applied.stderr).toBe(0);
    expect(JSON.parse(stage.file("project/.claude/settings.local.json"))).toEqual(own);
    expect(readFileSync(join(project, ".claude/agents/dev-reviewer.md"), "utf8")).toMatch(/You review\.\nmore\n$/);
    expect(existsSync(join(project, ".mcp.json"))).toBe(false);
    const branches = git("for-each-ref", "--format=%(refname)").trim().split("\n");
    const trees = branches.map((ref) => git("ls-tree", "-r", "--name-only", ref)).join("\n");
    expect(trees).toContain("seen.json");
    expect(trees).not.toContain("agents/");
    expect(trees).not.toContain(".mcp.json");
  });

  it("fails before the prompt is sent when a server does not start, in the server's own words", async () => {
    await using stage = await setStage({ turns: [say("Never.")] });
    writeCatalog(join(stage.directory, "catalog"));
    const args = ["run", "Try", "--output", "out", "--json", ...source, "--mcp", "house:broken,house:greeter"];
    const done = await stage.glovebox(args).done;
    expect(done.code).toBe(1);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(stage.result().reason).toMatch(/MCP server "broken" does not start: .*there is no LICENSE here/);
    expect(stage.result().reason).not.toContain("greeter");
    expect(turnsOf(stage)).toEqual([]);
    expect(await stage.containers()).toEqual([]);
  });

  it("fails before the prompt is sent when what was named is not loaded", async () => {
    await using stage = await setStage({ turns: [say("Never.")] });
    // The project's own settings take the skill away, which is no matter of its file.
    writeCatalog(join(stage.directory, "catalog"), {
      ...catalogFiles,
      "settings/off/all.json": JSON.stringify({ skillOverrides: { "house-style": "off" } }),
    });
    const args = [
      "run",
      "Try",
      "--output",
      "out",
      ...source,
      "--skill",
      "house:house-style",
      "--setting",
      "house:off/all",
    ];
    const done = await stage.glovebox(args).done;
    expect(done.code).toBe(1);
    expect(stage.result().reason).toContain('"house-style"');
    expect(turnsOf(stage)).toEqual([]);
  });

  it("gives a server the value that was named for it, and gets none for one that was not", async () => {
    await using stage = await setStage({ turns: [say("Done.")] });
    writeCatalog(join(stage.directory, "catalog"));
    const args = ["run", "Try", "--output", "out", "--json", ...source, "--mcp", "house:keyed"];
    const without = await stage.glovebox(args).done;
    expect(without.code).toBe(2);
    expect(without.stderr).toContain("KEYED_TOKEN for MCP server");
    const own = await stage.glovebox(args, { env: { KEYED_TOKEN: "from-the-environment" } }).done;
    expect(own.code).toBe(2);
    const passed = await stage.glovebox([...args, "--env", "KEYED_TOKEN"], { env: { KEYED_TOKEN: "a-token-of-mine" } })
      .done;
    expect(passed.code, passed.stderr).toBe(0);
    expect(stage.file("out/keyed.txt")).toBe("a-token-of-mine");
    expect(passed.stdout + passed.stderr).not.toContain("a-token-of-mine");
    expect(passed.stderr).toContain("KEYED_TOKEN goes inside");
  });

  it("keeps the token of a remote server outside, where it is added to the requests to that host", async () => {
    const seen: (string | undefined)[] = [];
    const address = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === "IPv4" && !one.internal)?.address;
    const server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      seen.push(request.headers.authorization);
      const message = request.method === "POST" ? JSON.parse(Buffer.concat(pieces).toString()) : {};
      const answers: Readonly<Record<string, unknown>> = {
        initialize: {
          protocolVersion: message.params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "far", version: "1" },
        },
        "tools/list": { tools: [{ name: "greet", description: "greets", inputSchema: { type: "object" } }] },
        "tools/call": { content: [{ type: "text", text: "a greeting from afar" }] },
      };
      if (message.id === undefined) return response.writeHead(request.method === "POST" ? 202 : 405).end();
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result: answers[message.method] ?? {} }));
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const place = `${address}:${(server.address() as AddressInfo).port}`;
    try {
      await using stage = await setStage({
        turns: [{ tools: [{ name: "mcp__far__greet", input: {} }] }, bash("cat .mcp.json; env"), say("Done.")],
      });
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Claude Code that expands it.
      const headers = { Authorization: "Bearer ${FAR_TOKEN}" };
      writeCatalog(join(stage.directory, "catalog"), {
        "mcps/web/far.json": JSON.stringify({
          mcpServers: { far: { type: "http", url: `http://${place}/mcp`, headers } },
        }),
      });
      const args = ["run", "Try", "--output", "out", "--json", ...source, "--mcp", "house:far", "--env", "FAR_TOKEN"];
      const env = { FAR_TOKEN: "the-token-of-far" };
      const refused = await stage.glovebox(args, { env }).done;
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`--allow-host ${place}`);
      expect(seen).toEqual([]);
      const done = await stage.glovebox([...args, "--allow-host", place], { env }).done;
      expect(done.code, done.stderr).toBe(0);
      expect(done.events.find((event) => event.type === "tool.end")).toMatchObject({ output: "a greeting from afar" });
      expect(new Set(seen)).toEqual(new Set(["Bearer the-token-of-far"]));
      expect(done.stdout).toContain("glovebox-placeholder");
      expect(done.stdout + done.stderr).not.toContain("the-token-of-far");
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  });

  it("whose process is killed leaves them out of what reap brings back, too", async () => {
    await using stage = await setStage({ turns: [write("made.txt", "made"), bash("sleep 300")] });
    writeCatalog(join(stage.directory, "catalog"));
    const args = ["run", "Try", "--output", "out", "--json", "--lease", "10s", ...named];
    const done = await stage.glovebox(args, {
      onEvent: (event, { process }) => {
        if (event.type === "tool.start" && event.name === "Bash") process.kill("SIGKILL");
      },
    }).done;
    expect(done.signal).toBe("SIGKILL");
    await until("reap leaves nothing", async () => {
      const reaped = await stage.glovebox(["reap"]).done;
      expect(reaped.code, reaped.stderr).toBe(0);
      return (await stage.containers()).length === 0;
    });
    expect(stage.result().files?.manifest.map(({ path }) => path)).toEqual(["made.txt"]);
    expect(existsSync(join(stage.directory, "out/.claude"))).toBe(false);
  });
});
