import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProvider } from "@glovebox/core";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setStage, until } from "./support/stage.ts";
import { hasBubblewrap, startTeamServer, type TeamServer } from "./support/team-server.ts";
import { bash, say, write } from "./support/turns.ts";

const bubblewrap = fileURLToPath(new URL("../../../examples/third-party-provider", import.meta.url));
let stateDir = "";

beforeAll(async () => {
  if (!hasBubblewrap) return;
  stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));
  const provider = await loadProvider(bubblewrap, { settings: { stateDir }, resolveFrom: [], pathsFrom: "/" });
  await provider.prepare({ base: { kind: "default" }, layers: [createClaudeCode().template()] });
});
afterAll(() => {
  if (stateDir !== "") rmSync(stateDir, { recursive: true, force: true });
});

describe.skipIf(!hasBubblewrap)("the command line against a server", () => {
  it("runs a prompt there, and brings the result to the caller's directory", { timeout: 300_000 }, async () => {
    const turns = [write("made.txt", "made there"), bash("echo more >> notes.txt"), say("It is done.")];
    await using stage = await setStage({ turns }, { engine: false });
    const project = join(stage.directory, "project");
    mkdirSync(project);
    writeFileSync(join(project, "notes.txt"), "first\n");
    const server = await startTeamServer(stage, { stateDir });
    const refused = await server.glovebox(["ps"]).done;
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain(`glovebox --server ${server.url} login`);
    expect(await server.glovebox(["login"], { stdin: "glb_wrong" }).done).toMatchObject({ code: 3, stdout: "" });
    const login = await server.glovebox(["login"], { stdin: `${server.token}\n` }).done;
    expect(login.stderr + login.stdout).toContain(`Logged in to ${server.url} as admin (admin)`);
    const [directory = ""] = readdirSync(join(stage.home, "servers"));
    expect(statSync(join(stage.home, "servers", directory, "login.json")).mode & 0o777).toBe(0o600);

    const args = ["run", "Work on it", "--workspace", "project", "--output", "out"];
    const { code, stdout, stderr } = await server.glovebox(args).done;
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("✓ Done");
    expect(stdout).toContain("1 created, 1 changed");
    expect(stdout).toContain("./out");
    expect(stage.file("out/made.txt")).toBe("made there");
    expect(stage.file("out/notes.txt")).toBe("first\nmore\n");
    expect(stdout + stderr).not.toContain(stage.key);

    const listed = JSON.parse((await server.glovebox(["ps", "--json"]).done).stdout) as Record<string, unknown>;
    expect(listed).toMatchObject({ outcome: "succeeded", exitCode: 0, isAlive: false, workspace: project });
    const diff = await server.glovebox(["diff", "--name-only"]).done;
    expect(diff).toMatchObject({ code: 0, stdout: "made.txt\nnotes.txt\n" });
    const logs = await server.glovebox(["logs", "--json"]).done;
    expect(logs.events.at(-1)).toMatchObject({ type: "run.end", outcome: "succeeded" });
    const applied = await server.glovebox(["apply", "--yes"]).done;
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(join(project, "notes.txt"), "utf8")).toBe("first\nmore\n");
    const copied = await server.glovebox(["cp", "1:made.txt", "-"]).done;
    expect(copied).toMatchObject({ code: 0, stdout: "made there" });
    const removed = await server.glovebox(["rm", "1"]).done;
    expect(removed).toMatchObject({ code: 0, stdout: `${listed.runId}\n` });
    expect((await server.glovebox(["ps", "-a"]).done).stderr).toContain("No runs yet");
  });

  it("detaches, stops and waits, and fetches the files afterwards", { timeout: 300_000 }, async () => {
    await using stage = await setStage(
      { turns: [write("early.txt", "kept"), bash("touch started; sleep 300")] },
      { engine: false },
    );
    const server = await startTeamServer(stage, { stateDir });
    await server.glovebox(["login"], { stdin: server.token }).done;
    const started = await server.glovebox(["run", "Work", "--detach", "--output", "out"]).done;
    expect(started.code, started.stderr).toBe(0);
    const id = started.stdout.trim();
    expect(started.stderr).toContain(`glovebox --server ${server.url} logs -f`);
    await untilWorking(server);
    expect(await server.glovebox(["wait", "1", "--timeout", "1s"]).done).toMatchObject({ code: 124 });
    expect(await server.glovebox(["stop", "1"]).done).toMatchObject({ code: 0, stdout: `${id}\n` });
    expect(await server.glovebox(["wait", "1"]).done).toMatchObject({ code: 130 });
    expect(stage.file("out/early.txt")).toBe("kept");
  });

  it("stops the run at Ctrl-C with its files, and says where a run continues when the server is gone", {
    timeout: 300_000,
  }, async () => {
    await using stage = await setStage(
      { turns: [write("early.txt", "kept"), bash("touch started; sleep 300")] },
      { engine: false },
    );
    const server = await startTeamServer(stage, { stateDir });
    await server.glovebox(["login"], { stdin: server.token }).done;
    const stopped = server.glovebox(["run", "Work", "--output", "out"]);
    const earlier = await untilWorking(server);
    stopped.process.kill("SIGINT");
    expect(await stopped.done).toMatchObject({ code: 130 });
    expect(stage.file("out/early.txt")).toBe("kept");

    const orphaned = server.glovebox(["run", "Work", "--output", "other"]);
    await untilWorking(server, earlier);
    server.process.kill("SIGKILL");
    for (const _ of ["once", "twice"]) {
      orphaned.process.kill("SIGINT");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { code, stderr } = await orphaned.done;
    expect(code, stderr).toBe(3);
    expect(stderr.match(/^error: .*$/gm)).toEqual([
      expect.stringMatching(/^error: The server .* cannot be reached \(ECONNREFUSED\); the run continues there$/),
    ]);

    const { port } = new URL(server.url);
    const returned = await startTeamServer(stage, { stateDir, port: Number(port) });
    const recovered = await returned.glovebox(["wait", "1"]).done;
    expect(recovered, recovered.stderr).toMatchObject({ code: 4 });
    expect(stage.file("other/early.txt")).toBe("kept");
  });
});

it("refuses what names something of this machine", async () => {
  await using stage = await setStage({ turns: [] }, { engine: false });
  const env = { GLOVEBOX_SERVER_TOKEN: "glb_none" };
  const url = "http://127.0.0.1:9";
  for (const [args, message] of [
    [["--mount", ".:/data"], "--mount does not work with a server"],
    [["--dockerfile", "Dockerfile"], "--dockerfile does not work with a server"],
    [["--agent", "./mine.md"], "--agent ./mine.md is a file of this machine"],
    [["--env", "API_TOKEN=abcdefghijkl"], "API_TOKEN looks like a secret"],
  ] as const) {
    const { code, stderr } = await stage.glovebox(["--server", url, "run", "x", ...args], { env }).done;
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  }
  writeFileSync(join(stage.directory, "glovebox.config.json"), JSON.stringify({ server: url }));
  const project = await stage.glovebox(["run", "x"]).done;
  expect(project.stderr).toContain('glovebox.config.json may not set "server"');
  const plain = await stage.glovebox(["--server", "http://example.com", "ps"]).done;
  expect(plain).toMatchObject({ code: 2, stderr: expect.stringContaining("plain HTTP") });
});

/** Waits until the agent of the newest run executes its command. A line for people comes only at the command's end. */
/** Waits until the agent of the latest run works, if that is another run than `earlier`. Resolves to the run's id. */
async function untilWorking(server: TeamServer, earlier?: string): Promise<string> {
  let runId = "";
  await until("the agent works", async () => {
    const { events } = await server.glovebox(["logs", "1", "--json"]).done;
    runId = events[0]?.runId ?? "";
    return runId !== earlier && events.some((event) => event.type === "tool.start" && event.name === "Bash");
  });
  return runId;
}
