import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadHarness, loadProvider } from "@glovebox/core";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const bubblewrap = fileURLToPath(new URL("../../../examples/third-party-provider", import.meta.url));
const smallAgent = fileURLToPath(new URL("../../../examples/third-party-harness", import.meta.url));

/** A machine without an engine. */
const noEngine = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };

// Where nothing says that bubblewrap should be there, a machine may be without it.
const hasBubblewrap = Boolean(process.env.CI) || spawnSync("bwrap", ["--version"]).status === 0;

let stateDir = "";

// With this process's own npm configuration: a stage's commands have an empty home.
beforeAll(async () => {
  if (!hasBubblewrap) return;
  stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));
  const provider = await loadProvider(bubblewrap, { settings: { stateDir }, resolveFrom: [], pathsFrom: "/" });
  for (const harness of [createClaudeCode(), await loadHarness(smallAgent, { resolveFrom: [], pathsFrom: "/" })]) {
    await provider.prepare({ base: { kind: "default" }, layers: [harness.template()] });
  }
});
// What a sandbox leaves there is its agent's, and gone when the sandbox is.
afterAll(() => {
  if (stateDir !== "") rmSync(stateDir, { recursive: true, force: true });
});

/** Settings under the name by which the provider is given. */
function configure(stage: Stage, settings: object = { stateDir }): void {
  mkdirSync(stage.home, { recursive: true });
  writeFileSync(join(stage.home, "config.json"), JSON.stringify({ providers: { [bubblewrap]: settings } }));
}

const sandboxes = () => readdirSync(join(stateDir, "sandboxes"));

describe.skipIf(!hasBubblewrap)(
  "a provider that is somebody else's, by its path, on a machine without an engine",
  () => {
    it("does the main job", { timeout: 300_000 }, async () => {
      await using stage = await setStage({
        turns: [
          write("index.html", "<h1>hello</h1>"),
          bash(`id -u; cat /proc/net/route; echo key=$ANTHROPIC_API_KEY`),
          say("The page is there."),
        ],
      });
      configure(stage);
      const { code, stdout, stderr, events } = await stage.glovebox(
        ["run", "Build a page", "--provider", bubblewrap, "--output", "out", "--json"],
        { env: noEngine },
      ).done;
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(stage.file("out/index.html")).toBe("<h1>hello</h1>");
      expect(events.find(({ type }) => type === "sandbox.created")).toMatchObject({ providerId: "bubblewrap" });
      expect(stage.result()).toMatchObject({
        providerId: "bubblewrap",
        outcome: "succeeded",
        cleanup: { state: "clean" },
      });
      expect(stdout).toContain("1000");
      expect(stdout).not.toContain(stage.key);
      expect(sandboxes()).toEqual([]);
    });

    it("brings back what a dead process left, and removes what is left of a run", { timeout: 300_000 }, async () => {
      await using stage = await setStage({ turns: [write("kept.txt", "work"), bash("sleep 600")] });
      configure(stage);
      const started = stage.glovebox(
        ["run", "Work", "--provider", bubblewrap, "--output", "out", "--json", "--lease", "10s"],
        {
          env: noEngine,
          onEvent: (event, { process }) => {
            if (event.type === "tool.start" && event.name === "Bash") process.kill("SIGKILL");
          },
        },
      );
      expect((await started.done).signal).toBe("SIGKILL");
      expect(sandboxes()).toHaveLength(1);
      const { runId } = stage.events()[0] ?? { runId: "" };
      const unnamed = await stage.glovebox(["rm", runId, "--force"], { env: noEngine }).done;
      expect(unnamed).toMatchObject({ code: 2, stdout: "" });
      expect(unnamed.stderr).toContain("Give --provider as it was given to the run");
      const reap = () => stage.glovebox(["reap", "--provider", bubblewrap], { env: noEngine }).done;
      expect((await reap()).stderr).toContain("its lease may still be active");
      await until("the lease has ended", async () => (await reap()).stdout.includes("collected"));
      expect(stage.file("out/kept.txt")).toBe("work");
      expect(sandboxes()).toEqual([]);
    });

    it("removes a sandbox that was left, with its run", { timeout: 300_000 }, async () => {
      await using stage = await setStage({ turns: [say("Done.")] });
      configure(stage);
      const args = ["run", "Work", "--provider", bubblewrap, "--output", "out", "--keep"];
      expect((await stage.glovebox(args, { env: noEngine }).done).code).toBe(0);
      expect(sandboxes()).toHaveLength(1);
      const { runId } = stage.result();
      const removed = await stage.glovebox(["rm", runId, "--provider", bubblewrap], { env: noEngine }).done;
      expect(removed).toMatchObject({ code: 0, stdout: `${runId}\n` });
      expect(sandboxes()).toEqual([]);
    });

    it("is refused what it cannot enforce, before anything exists", async () => {
      await using stage = await setStage({ turns: [] });
      configure(stage);
      for (const [args, message, hint] of [
        [["--memory", "1g"], "The bubblewrap provider does not support the limit --memory", "Leave it out"],
        [["--image", "debian"], "Bubblewrap cannot start from an image", "Leave it out"],
        [["--mount", ".:/data"], "The bubblewrap provider does not support mounts", "Copy files in as a workspace"],
        [["--root-inside"], "The bubblewrap provider does not support root inside", "Leave it out"],
      ] as const) {
        const { code, stderr } = await stage.glovebox(["run", "x", "--provider", bubblewrap, ...args], {
          env: noEngine,
        }).done;
        expect(code).toBe(3);
        expect(stderr).toContain(message);
        expect(stderr).toContain(`hint: ${hint}`);
      }
      expect(sandboxes()).toEqual([]);
    });

    it("parses its own settings", async () => {
      await using stage = await setStage({ turns: [] });
      configure(stage, { statedir: "/x" });
      const { code, stderr } = await stage.glovebox(["run", "x", "--provider", bubblewrap], { env: noEngine }).done;
      expect(code).toBe(2);
      expect(stderr).toContain('Unrecognized key: "statedir"');
      configure(stage, { rootfs: "/nothing-here" });
      const nowhere = await stage.glovebox(["doctor", "--provider", bubblewrap], { env: noEngine }).done;
      expect(nowhere).toMatchObject({ code: 3, stdout: expect.stringContaining("/nothing-here has no usr") });
    });

    it("is certified", { timeout: 300_000 }, async () => {
      await using stage = await setStage({ turns: [] });
      configure(stage);
      const certify = (...only: string[]) =>
        stage.glovebox(["certify", bubblewrap, "--only", ...only, "--report", "report"], { env: noEngine }).done;
      const { code, stdout } = await certify("process/exit-codes,capabilities/stats");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^passed +process\/exit-codes /m);
      expect(stdout).toContain("1 passed, 0 failed, 1 unsupported, 0 skipped");
      expect(JSON.parse(stage.file("report.json"))).toMatchObject({
        providerId: "bubblewrap",
        versions: { "@acme/glovebox-bubblewrap": "0.1.0" },
        leftBehind: 0,
      });
      expect(await certify("no-such-case")).toMatchObject({ code: 2 });
      expect(sandboxes()).toEqual([]);
    });

    it("has the sandboxes in which a harness is certified", { timeout: 300_000 }, async () => {
      await using stage = await setStage({ turns: [] });
      configure(stage);
      const certify = (...args: string[]) =>
        stage.glovebox(["certify", smallAgent, "--provider", bubblewrap, ...args], { env: noEngine }).done;
      const { code, stdout } = await certify("--only", "work/succeeds,api/401,sessions/fork", "--report", "report");
      expect(code, stdout).toBe(0);
      expect(stdout).toMatch(/^passed +api\/401 .*failed, exit code 3: /m);
      expect(stdout).toContain("2 passed, 0 failed, 1 unsupported, 0 skipped");
      expect(JSON.parse(stage.file("report.json"))).toMatchObject({
        harnessId: "small-agent",
        api: "anthropic-messages",
        providerId: "bubblewrap",
        leftBehind: 0,
      });
      const failing = await certify("--only", "api/429-retry-after", "--json");
      expect(failing.code).toBe(1);
      expect(failing.events[0]).toMatchObject({ name: "api/429-retry-after", status: "failed" });
      expect(await certify("--only", "no-such-case")).toMatchObject({ code: 2 });
      expect(sandboxes()).toEqual([]);
    });

    it("leaves nothing when its certification is stopped", { timeout: 300_000 }, async () => {
      await using stage = await setStage({ turns: [] });
      configure(stage);
      const args = ["certify", bubblewrap, "--only", "life/", "--report", "report"];
      const { process: command, done } = stage.glovebox(args, { env: noEngine });
      await until("sandboxes are there", () => sandboxes().length > 0);
      command.kill("SIGINT");
      const { code, stderr } = await done;
      expect(code, stderr).toBe(130);
      expect(stderr).toMatch(/^Stopped: the provider is not certified$/m);
      expect(sandboxes()).toEqual([]);
      expect(() => stage.file("report.json")).toThrow();
    });

    it("is examined by doctor", async () => {
      await using stage = await setStage({ turns: [] });
      configure(stage);
      const { code, stdout } = await stage.glovebox(["doctor", "--provider", bubblewrap], { env: noEngine }).done;
      expect(code).toBe(0);
      expect(stdout).toContain("A sandbox of namespaces starts");
    });
  },
);

it("what is no module, and what is not installed, says so with what to do", async () => {
  await using stage = await setStage({ turns: [] });
  writeFileSync(join(stage.directory, "notes.txt"), "not code");
  const refused = async (...args: string[]) => {
    const { code, stderr } = await stage.glovebox(["run", "x", ...args], { env: noEngine }).done;
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused("--provider", "./notes.txt")).toContain("hint: A module ends in .js, .mjs, .cjs or .ts.");
  expect(await refused("--harness", "@acme/x")).toContain("hint: Install it: `glovebox harnesses add @acme/x`.");
});

describe("a project's own files choose no code", () => {
  it.each(["provider", "harness", "providers", "harnesses"])("%s in its configuration", async (key) => {
    await using stage = await setStage({ turns: [] });
    writeFileSync(join(stage.directory, "evil.mjs"), "process.stdout.write('evil');");
    const value = key.endsWith("s") ? { "./evil.mjs": {} } : "./evil.mjs";
    writeFileSync(join(stage.directory, "glovebox.config.json"), JSON.stringify({ [key]: value }));
    const { code, stdout, stderr } = await stage.glovebox(["run", "x"], { env: noEngine }).done;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`may not set "${key}"`);
  });

  it("and a path in the user's own configuration starts from there, not from the project", async () => {
    await using stage = await setStage({ turns: [] });
    writeFileSync(join(stage.directory, "evil.mjs"), "process.stdout.write('evil');");
    mkdirSync(stage.home, { recursive: true });
    writeFileSync(join(stage.home, "config.json"), JSON.stringify({ provider: "./evil.mjs" }));
    const { code, stdout, stderr } = await stage.glovebox(["run", "x"], { env: noEngine }).done;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(join(stage.home, "evil.mjs"));
  });

  it("nor does a package in its node_modules", async () => {
    await using stage = await setStage({ turns: [] });
    const directory = join(stage.directory, "node_modules/@acme/evil");
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "index.js"), "process.stdout.write('evil');");
    const { code, stdout, stderr } = await stage.glovebox(["run", "x", "--provider", "@acme/evil"], { env: noEngine })
      .done;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("not installed");
  });
});

it("TypeScript below node_modules is reported as what Node does not run", async () => {
  await using stage = await setStage({ turns: [] });
  const directory = join(stage.home, "packages/node_modules/@acme/source");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "@acme/source", exports: "./index.ts" }));
  writeFileSync(join(directory, "index.ts"), "export const provider: unknown = {};");
  const { code, stderr } = await stage.glovebox(["run", "x", "--provider", "@acme/source"], { env: noEngine }).done;
  expect(code).toBe(2);
  expect(stderr).toContain("Node runs no TypeScript below node_modules");
});
