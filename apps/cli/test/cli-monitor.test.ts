import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Command, setStage, until } from "./support/stage.ts";
import { StagedRun } from "./support/staged-runs.ts";
import { TerminalScreen } from "./support/terminal-screen.ts";
import { bash, say } from "./support/turns.ts";

const esc = "\u001b";
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-monitor-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function screen(args: readonly string[], size: { columns: number; rows: number }, env: Record<string, string> = {}) {
  const { PATH } = process.env;
  return new TerminalScreen(args, { ...size, cwd: home, env: { PATH, HOME: home, GLOVEBOX_HOME: home, ...env } });
}

/** A run of a batch that works, one that has stalled, and one that ended. */
function stageThree() {
  const labels = { "glovebox.batch": "b7", "glovebox.row": "r001" };
  const working = new StagedRun({ home, id: "20261130-100000-aaaaaa", prompt: "Build a page", labels });
  working.emit(
    { type: "run.state", to: "running" },
    { type: "text.delta", messageId: "m1", text: `I ${esc}[2Jbegin\nwith ${esc}]0;title\u0007tests` },
    { type: "tool.start", callId: "c1", name: "Bash", input: { command: `npm ${esc}[31mtest\u202e` } },
    {
      type: "usage",
      model: "m",
      source: "gateway",
      input: 12_000,
      output: 300,
      cacheRead: 0,
      cacheWrite: 0,
      costUsd: 0.5,
    },
    { type: "network.policy", mode: "sealed", models: [], allow: [], credentials: [], maxCostUsd: 2 },
    ...(["allowed", "denied"] as const).map((decision) => ({
      ...{ type: "network.request" as const, host: `${decision}.example`, port: 443, method: "CONNECT", decision },
      ...{ status: 200, requestBytes: 1, responseBytes: 1, durationMs: 1 },
    })),
  );
  const stalled = new StagedRun({ home, id: "20261130-100001-bbbbbb", prompt: "Hang", labels });
  stalled.emit(
    { type: "run.state", to: "running" },
    { type: "run.stalled", state: "begin", silentMs: 180_000, stopsInMs: 420_000 },
  );
  const ended = new StagedRun({ home, id: "20261130-100002-cccccc", prompt: "Old" });
  ended.end("failed", "It broke");
  return { working, stalled };
}

/** A file in the place of the directory of runs. */
function spoilRuns(): void {
  renameSync(join(home, "runs"), join(home, "away"));
  writeFileSync(join(home, "runs"), "");
}

describe("the view", () => {
  it("shows each run in a row at 40 to 200 columns, and rows of a batch together", async () => {
    stageThree();
    await using view = screen(["monitor"], { columns: 40, rows: 24 });
    await view.shows("aaaaaa");
    for (const columns of [40, 60, 80, 120, 200]) {
      view.resize(columns, 24);
      await view.shows(new RegExp(`─{${columns - 30}}$`, "m"));
      const row = (name: string) => view.lines.find((line) => line.includes(` ${name} `)) ?? "";
      expect(view.text).toContain("batch b7: 1 stalled, 1 running");
      expect(row("bbbbbb")).toMatch(/stalled 3m/);
      expect(row("cccccc")).toContain("failed");
      expect(row("aaaaaa")).toContain("running");
      if (columns >= 60) expect(row("aaaaaa")).toContain("$0.5000");
      if (columns >= 80) expect(row("aaaaaa")).toMatch(/ (29|30)m /);
      if (columns >= 120) expect(row("aaaaaa")).toMatch(/ 1\/1 .*12\.3k .*Bash npm test/);
      expect(view.lines.at(-1)).toMatch(/q/);
    }
    // Nothing of a stranger's text reaches the terminal as anything but text.
    expect(view.raw).not.toContain("title\u0007");
    expect(view.raw).not.toContain(`${esc}[31mtest`);
  });

  it("chooses by keys, shows one run, follows the size, and shows how a run ended", async () => {
    const { working } = stageThree();
    await using view = screen(["monitor"], { columns: 100, rows: 24 });
    await view.shows("› bbbbbb");
    view.type("j");
    await view.shows("› aaaaaa");
    view.type("\r");
    const one = await view.shows(/network +1 allowed, 1 denied, 0 failed/);
    expect(one).toMatch(/prompt +Build a page/);
    expect(one).toContain("⊘ denied.example:443");
    expect(one).toContain("$0.5000 of $2.00");
    expect(one).toMatch(/ {2}I begin\n {2}with tests\n {2}● Bash npm test/);
    view.resize(60, 16);
    await view.shows(/─{60}/);
    working.end("succeeded");
    await view.shows(/aaaaaa {2}succeeded {2}1m 1s/);
    view.type(`${esc}`);
    await view.shows("1 stalled, 1 succeeded, 1 failed");
    view.type("q");
    expect(await view.shows(/ended with 0\s+echo/)).toContain("before");
    expect(view.isAlternate).toBe(false);
  });

  it("stops a run only when asked twice", async () => {
    const { stalled } = stageThree();
    await using view = screen(["top"], { columns: 80, rows: 20 }, { NO_COLOR: "1" });
    await view.shows("› bbbbbb");
    view.type("s");
    await view.shows("Stop bbbbbb?");
    view.type("n");
    await view.shows("q quit");
    expect(existsSync(join(stalled.directory, "cancel"))).toBe(false);
    view.type("s");
    await view.shows("Stop bbbbbb?");
    view.type("y");
    await view.shows("Stopping bbbbbb");
    expect(existsSync(join(stalled.directory, "cancel"))).toBe(true);
    expect(view.raw).not.toMatch(new RegExp(`${esc}\\[3[0-9]m`));
  });

  it("gives the terminal to another command, and takes it back", async () => {
    stageThree();
    await using view = screen(["monitor"], { columns: 80, rows: 20 });
    await view.shows("› bbbbbb");
    view.type("jj");
    await view.shows("› cccccc");
    view.type("l");
    const log = await view.shows("Press any key");
    expect(log).toContain("before");
    view.type("x");
    await view.shows("› cccccc");
    view.type("\u0003");
    await view.shows("ended with 0");
  });

  it.each([
    ["it is killed", 130, (view: TerminalScreen) => void process.kill(view.pid(), "SIGTERM")],
    ["it cannot read the runs any more", 2, spoilRuns],
  ])("leaves the terminal as it was when %s", async (_, exitCode, end) => {
    stageThree();
    await using view = screen(["monitor"], { columns: 80, rows: 20 });
    await view.shows("› bbbbbb");
    expect(view.isAlternate).toBe(true);
    end(view);
    await view.shows(new RegExp(`ended with ${exitCode}\\s+echo`));
    expect(view.isAlternate).toBe(false);
    expect(view.raw.lastIndexOf(`${esc}[?25h`)).toBeGreaterThan(view.raw.lastIndexOf(`${esc}[?25l`));
  });
});

describe("a real sandbox", () => {
  /** A busy process whose name would clear the screen, until the run is stopped. */
  const work = `n="$(printf '/tmp/ev\\033[2Jil')"; cp /bin/sh "$n"; "$n" -c 'while :; do :; done'`;

  const hostile = `ev${esc}[2Jil`;
  type Sample = { readonly usage?: { readonly top: readonly { readonly name: string }[] } };
  const namesIn = (sample: Sample | undefined) => sample?.usage?.top.map(({ name }) => name) ?? [];

  it("is measured, logged and shown with hostile names, and its end is reported", async () => {
    await using stage = await setStage({ turns: [bash(work), say("never")] });
    let watched: Command | undefined;
    let watchedText = "";
    const samples = () =>
      watchedText
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    const command = (...args: readonly string[]) => stage.glovebox(args, { built: true });
    const run = stage.glovebox(["run", "Try", "--output", "out", "--json"], {
      built: true,
      onEvent: ({ type }) => {
        if (type !== "tool.start" || watched !== undefined) return;
        watched = command("monitor", "1", "--json", "--interval", "500ms", "--log", "monitor.log");
        watched.process.stdout?.on("data", (text: string) => {
          watchedText += text;
        });
      },
    });
    // The command that the agent runs has its name too, so only the measured processes count.
    await until("the process to be measured", () => namesIn(samples().at(-1)).includes(hostile), 100_000);
    const once = await command("monitor", "--once", "--interval", "500ms").done;
    expect(once).toMatchObject({ code: 0, stderr: "" });
    const sample = JSON.parse(once.stdout);
    expect(sample).toMatchObject({
      ...{ phase: "running", providerId: "docker", network: { denied: 0 }, timeLeftMs: expect.any(Number) },
      usage: { cpus: expect.any(Number), disk: { totalBytes: expect.any(Number) }, limits: { memoryMiB: 4096 } },
    });
    expect(namesIn(sample)).toContain(hostile);
    expect(once.stdout).not.toContain(esc);
    expect(sample.usage.memoryBytes).toBeGreaterThan(1_000_000);

    const log = stage.file("monitor.log");
    expect(statSync(join(stage.directory, "monitor.log")).mode & 0o777).toBe(0o600);
    expect(log).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: Memory usage: \d/m);
    expect(log).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: Top processes:$/m);
    expect(log).toContain("ev\\u{1b}[2Jil");
    writeFileSync(join(stage.directory, "precious"), "precious");
    symlinkSync("precious", join(stage.directory, "link.log"));
    expect(await command("monitor", "--once", "--log", "link.log").done).toMatchObject({ code: 2 });
    expect(stage.file("precious")).toBe("precious");

    run.process.kill("SIGINT");
    await run.done;
    expect(await watched?.done).toMatchObject({ code: 0 });
    expect(samples().at(-1)).toMatchObject({ phase: "ended", outcome: "cancelled", exitCode: 130 });
    expect(readFileSync(join(stage.directory, "monitor.log"), "utf8").startsWith(log)).toBe(true);
  });

  it("that does not answer shows as such, and does not stop the view", async () => {
    using lost = new StagedRun({ home, id: "20261130-100000-aaaaaa" });
    lost.emit(
      { type: "sandbox.created", providerId: "docker", sandboxId: "gone", expiresAt: new Date().toISOString() },
      { type: "run.state", to: "running" },
    );
    await using view = screen(["monitor"], { columns: 120, rows: 20 });
    await view.shows(/aaaaaa +running .*(gone|not exist|no sandbox)/i);
    view.type("q");
    await view.shows("ended with 0");
  });
});

it("needs a terminal, or a form for programs", async () => {
  await using stage = await setStage({ turns: [] });
  const { code, stderr } = await stage.glovebox(["monitor"], { built: true }).done;
  expect(code).toBe(2);
  expect(stderr).toContain("--json");
  expect(await stage.glovebox(["monitor", "--once"], { built: true }).done).toMatchObject({ code: 0, stdout: "" });
});
