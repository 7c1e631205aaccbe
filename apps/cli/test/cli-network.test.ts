import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CommandOptions, type Stage, setStage } from "./support/stage.ts";

const noScript = { turns: [] };

interface Shown {
  readonly mode: string;
  readonly allow: readonly { readonly host: string; readonly port?: number; readonly source: string }[];
  readonly credentials: readonly Record<string, unknown>[];
  readonly inside: Readonly<Record<string, string>>;
  readonly refusedRemotes: readonly string[];
}

async function show(stage: Stage, args: readonly string[] = [], options: CommandOptions = {}) {
  const done = await stage.glovebox(["network", "show", "--json", ...args], options).done;
  expect(done.code, done.stderr).toBe(0);
  return { ...done, view: JSON.parse(done.stdout) as Shown };
}

describe("network show", () => {
  it("tells what a run with components would be allowed, and pins none of them", async () => {
    await using stage = await setStage({ turns: [] });
    const server = {
      type: "http",
      url: "https://mcp.example.com/mcp",
      headers: { Authorization: "Bearer <YOUR_MCP_TOKEN>" },
    };
    writeFileSync(join(stage.directory, "remote.json"), JSON.stringify({ mcpServers: { remote: server } }));
    const env = { MCP_TOKEN: "abc" };
    const named = ["network", "show", "--json", "--mcp", "./remote.json", "--env", "MCP_TOKEN"];
    const shut = await stage.glovebox(named, { env }).done;
    expect(shut.stderr).toContain("To allow them: --allow-host mcp.example.com");
    const open = await stage.glovebox([...named, "--allow-host", "mcp.example.com"], { env }).done;
    expect(JSON.parse(open.stdout)).toMatchObject({
      credentials: [{ host: "mcp.example.com", header: "authorization", secret: "MCP_TOKEN" }],
    });
    expect(open.stdout).not.toContain("abc");
    expect(existsSync(join(stage.directory, "glovebox.lock"))).toBe(false);
  });

  it("says what a run would reach here, and where each rule comes from, without a key and without starting anything", async () => {
    await using stage = await setStage(noScript);
    const { view } = await show(stage, ["--allow-host", "example.com,*.test:8443"], {
      env: { ANTHROPIC_API_KEY: undefined },
    });
    expect(view).toMatchObject({ mode: "standard", models: [{ id: "anthropic" }] });
    expect(view.allow).toEqual(
      expect.arrayContaining([
        { host: "example.com", source: "--allow-host" },
        expect.objectContaining({ host: "files.pythonhosted.org" }),
      ]),
    );
    expect(existsSync(join(stage.home, "runs"))).toBe(false);
    const { stdout } = await stage.glovebox(["network", "show", "--network", "sealed"]).done;
    expect(stdout).toContain("Network sealed");
    expect(stdout).toContain("the model's API");
    expect(stdout).toContain("everything else");
  });

  it("takes the modes and hosts of the environment and of the user's configuration", async () => {
    await using stage = await setStage(noScript);
    mkdirSync(stage.home);
    const network = { mode: "sealed", allow: ["10.1.0.0/16:5432"], credentials: { "git.test": "GIT_TOKEN:basic/me" } };
    writeFileSync(join(stage.home, "config.json"), JSON.stringify({ network }));
    const { view } = await show(stage, [], {
      env: { GIT_TOKEN: "git-token-value", GLOVEBOX_ALLOW_HOST: "a.test,b.test" },
    });
    expect(view.mode).toBe("sealed");
    expect(view.allow.map(({ host, port }) => [host, port])).toEqual([
      ["a.test", undefined],
      ["b.test", undefined],
      ["10.1.0.0/16", 5432],
    ]);
    expect(view.credentials).toEqual([
      {
        host: "git.test",
        header: "authorization",
        scheme: "Basic",
        secret: "GIT_TOKEN",
        source: "network.credentials of config.json",
      },
    ]);
    const open = await show(stage, [], { env: { GIT_TOKEN: "git-token-value", GLOVEBOX_NETWORK: "open" } });
    expect(open.view.mode).toBe("open");
    expect(open.stdout + open.stderr).not.toContain("git-token-value");
  });

  it("takes the registries of the user's configuration, their logins outside and their addresses inside", async () => {
    await using stage = await setStage(noScript);
    const user = dirname(stage.home);
    const npm = "registry=https://npm.corp.test/repo/\n//npm.corp.test/repo/:_authToken=npm-token-value\n";
    writeFileSync(join(user, ".npmrc"), npm);
    const env = { PIP_INDEX_URL: "https://me:pip-password@pypi.corp.test/simple" };
    const { view, stdout, stderr } = await show(stage, [], { env });
    expect(view.allow).toEqual(
      expect.arrayContaining([
        { host: "npm.corp.test", mayBePrivate: true, source: "your npm configuration" },
        { host: "pypi.corp.test", mayBePrivate: true, source: "your pip configuration" },
      ]),
    );
    expect(view.inside).toMatchObject({
      npm_config_registry: "https://npm.corp.test/repo/",
      PIP_INDEX_URL: "https://pypi.corp.test/simple/",
    });
    expect(view.credentials).toMatchObject([
      { host: "npm.corp.test", scheme: "Bearer", secret: "npm login for npm.corp.test" },
      { host: "pypi.corp.test", scheme: "Basic" },
    ]);
    const { stdout: plan } = await stage.glovebox(["run", "x", "--dry-run", "--json"], { env }).done;
    for (const text of [stdout, stderr, plan]) expect(text).not.toMatch(/npm-token-value|pip-password/);
    expect(plan).toContain("[secret npm login for npm.corp.test]");
    expect((await show(stage, ["--network", "sealed"], { env })).view).toMatchObject({ credentials: [], inside: {} });
  });
});

describe("the current directory", () => {
  const reaches = ({ view }: { readonly view: Shown }) => JSON.stringify([view.allow, view.credentials, view.inside]);

  it("cannot widen what is reached: not by .env, .npmrc, pip.conf, what npm hands down of it, or git remotes", async () => {
    await using stage = await setStage(noScript);
    const put = (name: string, text: string) => writeFileSync(join(stage.directory, name), text);
    put(
      ".env",
      "GLOVEBOX_NETWORK=open\nGLOVEBOX_ALLOW_HOST=evil.test\nNPM_CONFIG_REGISTRY=https://evil.test\nHTTPS_PROXY=http://evil.test\nGIT_TOKEN=planted\n",
    );
    put(".npmrc", "registry=https://evil.test/\n//evil.test/:_authToken=x\n");
    put("pip.conf", "[global]\nindex-url=https://evil.test/simple\n");
    execFileSync("git", ["init", "--quiet"], { cwd: stage.directory });
    execFileSync("git", ["remote", "add", "origin", "https://evil.test/a.git"], { cwd: stage.directory });
    const handedDown = { npm_command: "exec", npm_config_registry: "https://evil.test/" };
    for (const args of [[], ["--workspace", "."], ["--network", "sealed"], ["-d", "."]]) {
      const shown = await show(stage, args, { env: handedDown });
      expect(reaches(shown)).not.toContain("evil");
      expect(shown.view.mode).toBe(args.includes("sealed") ? "sealed" : "standard");
      expect(shown.view.refusedRemotes).toEqual(args.includes("--workspace") ? ["evil.test"] : []);
    }
    const planted = await stage.glovebox(["run", "x", "--dry-run", "--credential", "a.test=GIT_TOKEN"]).done;
    expect(planted.code).toBe(2);
    expect(planted.stderr).toContain("GIT_TOKEN is not set");
  });

  it("hears with --yes, and where nobody can answer, which flag allows its git remote", async () => {
    await using stage = await setStage(noScript);
    execFileSync("git", ["init", "--quiet"], { cwd: stage.directory });
    execFileSync("git", ["remote", "add", "origin", "git@code.example.com:a/b.git"], { cwd: stage.directory });
    for (const more of [[], ["--yes"]]) {
      const args = ["run", "x", "--dry-run", "--json", "--workspace", ".", ...more];
      const { stdout, stderr } = await stage.glovebox(args).done;
      expect(stderr).toContain("--allow-host code.example.com");
      expect((JSON.parse(stdout) as { network: Shown }).network.allow.map(({ host }) => host)).not.toContain(
        "code.example.com",
      );
    }
    expect(existsSync(join(stage.home, "trusted-remotes.json"))).toBe(false);
  });

  it.each(["standard", "open", { mode: "sealed", allow: ["evil.test"] }, ["none"], null, true])(
    "may not say %j of the network in its configuration",
    async (network) => {
      await using stage = await setStage(noScript);
      writeFileSync(join(stage.directory, "glovebox.config.json"), JSON.stringify({ network }));
      const { code, stderr } = await stage.glovebox(["network", "show"]).done;
      expect(code).toBe(2);
      expect(stderr).toContain('may not set "network"');
    },
  );

  it("may narrow it, also against the user's own configuration, but not against the command line", async () => {
    await using stage = await setStage(noScript);
    mkdirSync(stage.home);
    writeFileSync(join(stage.home, "config.json"), JSON.stringify({ network: { mode: "open" } }));
    writeFileSync(join(stage.directory, "glovebox.config.json"), JSON.stringify({ network: "sealed" }));
    expect((await show(stage)).view.mode).toBe("sealed");
    expect((await show(stage, ["--network", "standard"])).view.mode).toBe("standard");
  });
});

describe("a wrong option ends with 2 and says what to do", () => {
  it.each([
    [["--network", "bridge"], "none, sealed, standard, open"],
    [["--allow-host", "https://example.com/"], "Give only the host: example.com"],
    [["--allow-host", "a.test,,b.test"], "separated by commas"],
    [["--allow-host", "*"], "--network open"],
    [["--credential", "a.test"], "HOST=VARIABLE"],
    [["--credential", "a.test=NOT_SET"], "NOT_SET is not set"],
    [["--credential", "*.test=T"], "a credential is for one host"],
    [["--network", "none", "--credential", "a.test=T"], "contradict"],
  ])("%j", async (args, message) => {
    await using stage = await setStage(noScript);
    const { code, stdout, stderr } = await stage.glovebox(["run", "x", ...args]).done;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^hint: /m);
  });

  it("a run without even its model is refused before anything is made", async () => {
    await using stage = await setStage(noScript);
    const { code, stderr } = await stage.glovebox(["run", "x", "--network", "none"]).done;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hint: .*sealed/m);
    expect(existsSync(join(stage.home, "runs"))).toBe(false);
  });
});

it("a run in the mode none is refused, also where it is merely planned; the mode itself can be looked at", async () => {
  await using stage = await setStage(noScript);
  for (const more of [[], ["--dry-run"]]) {
    const done = await stage.glovebox(["run", "x", "--network", "none", ...more]).done;
    expect(done).toMatchObject({ code: 2, stdout: "" });
    expect(done.stderr).toContain("the network mode none keeps even that out of reach");
  }
  const { stdout } = await stage.glovebox(["network", "show", "--network", "none"]).done;
  expect(stdout).toBe("Network none: nothing is reached, not even a model\n");
});
