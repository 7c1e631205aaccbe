import { PassThrough } from "node:stream";
import type { RunEvent, RunEventBody, RunPhase, RunResult } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { Output } from "../output.ts";
import { HumanPrinter } from "./human-printer.ts";

function terminal(isTTY: boolean, columns: number) {
  const open = () => {
    const stream = Object.assign(new PassThrough(), { isTTY, columns });
    const output = new Output(stream, { NO_COLOR: "1" });
    return { output, text: () => (stream.read() as Buffer | null)?.toString() ?? "" };
  };
  return { stdout: open(), stderr: open() };
}

const result: RunResult = {
  v: 1,
  runId: "r1",
  outcome: "succeeded",
  reason: "done",
  exitCode: 0,
  cleanup: { state: "clean" },
  providerId: "docker",
  harnessId: "claude-code",
  startedAt: "2026-11-20T10:00:00.000Z",
  durationMs: 12_345,
  turns: 3,
  costUsd: 0.0123,
  tokens: { input: 1000, output: 50, cacheRead: 200, cacheWrite: 0 },
};

const file = (path: string, change: "created" | "changed" | "deleted" | "unchanged") =>
  ({ path, kind: "file", mode: "0644", size: 10, change }) as const;

function show(
  bodies: readonly RunEventBody[],
  options: { isTTY?: boolean; columns?: number; quiet?: boolean; verbose?: boolean; result?: RunResult } = {},
) {
  const { stdout, stderr } = terminal(options.isTTY ?? false, options.columns ?? 80);
  const printer = new HumanPrinter({
    stdout: stdout.output,
    stderr: stderr.output,
    directory: "/home/me",
    env: {},
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
  });
  let seq = 0;
  for (const body of bodies) {
    seq += 1;
    printer.event({ v: 1, seq, time: "2026-11-20T10:00:00.000Z", runId: "r1", ...body } as RunEvent);
  }
  printer.end(options.result ?? result);
  return { stdout: stdout.text(), stderr: stderr.text() };
}

const talk: readonly RunEventBody[] = [
  { type: "run.state", to: "running" },
  { type: "text.delta", messageId: "m1", text: "Hel" },
  { type: "text.delta", messageId: "m1", text: "lo" },
  { type: "text.delta", messageId: "m9", text: "a sub-agent", parentCallId: "c9" },
  { type: "message.end", messageId: "m1", role: "assistant", text: "Hello" },
  { type: "tool.start", callId: "c1", name: "Write", input: { file_path: "/workspace/index.html" } },
  { type: "tool.start", callId: "c2", name: "Bash", input: { command: "npm test\nrm x" } },
  { type: "tool.end", callId: "c1", status: "ok", output: "written" },
  { type: "tool.end", callId: "c2", status: "error", output: "exit 1" },
  { type: "message.end", messageId: "m2", role: "assistant", text: "Bye" },
];

const detail: readonly RunEventBody[] = [
  { type: "sandbox.created", providerId: "docker", sandboxId: "s1", expiresAt: "2026-11-20T10:05:00.000Z" },
  { type: "components.installed", components: [], files: [".claude/agents/reviewer.md"] },
  {
    type: "harness.session",
    sessionId: "h1",
    model: "m",
    tools: ["Read"],
    agents: ["reviewer"],
    commands: [],
    skills: [],
    mcpServers: [{ name: "greeter", status: "connected" }],
  },
  {
    type: "network.request",
    host: "api.example.com",
    port: 443,
    method: "POST",
    decision: "allowed",
    status: 200,
    requestBytes: 1,
    responseBytes: 1,
    durationMs: 5,
  },
  { type: "harness.raw", stream: "stderr", line: "its \u001b[31mown words" },
];

describe("with --verbose", () => {
  it("shows the sandbox, what was installed, what the harness has loaded, each request, and the harness's own lines", () => {
    const { stderr } = show(detail, { verbose: true });
    for (const line of [
      "sandbox s1 of docker, at most until 2026-11-20T10:05:00.000Z",
      "installed .claude/agents/reviewer.md",
      "session h1: m",
      "agents: reviewer",
      "MCP servers: greeter (connected)",
      "POST api.example.com:443 allowed, 200, 5 ms",
    ])
      expect(stderr).toContain(`  ${line}\n`);
    expect(stderr).toMatch(/ {2}stderr: its .*own words\n/);
    expect(stderr).not.toContain("\u001b[31m");
    expect(show(detail).stderr).not.toContain("installed");
    expect(show(detail, { verbose: true, quiet: true }).stderr).not.toContain("installed");
  });
});

describe("without a terminal", () => {
  it("says what the agent says on stdout, once, and what it does on stderr, in plain lines", () => {
    const { stdout, stderr } = show(talk);
    expect(stdout.startsWith("│ Hello\n│ Bye\n\n✓ Done\n")).toBe(true);
    expect(stderr).toContain("The agent is working\n● Write index.html\n✗ Bash npm test rm x exit 1\n");
    expect(stdout).not.toContain("sub-agent");
    expect(stdout + stderr).not.toContain("\u001b");
    expect(stdout).toContain("3 turns, 1,200 tokens in, 50 out, $0.0123");
  });

  it("says what the run cost beside what it was allowed to", () => {
    expect(show([], { result: { ...result, maxCostUsd: 2 } }).stdout).toContain("50 out, $0.0123 of $2\n");
  });

  it("lists the changes up to a bound, and where they are", () => {
    const manifest = [
      ...Array.from({ length: 30 }, (_, index) => file(`f${index}`, "created")),
      file("same", "unchanged"),
      file("gone", "deleted"),
    ];
    const files = { directory: "/home/me/out", complete: true, manifest, skipped: [], executable: [], bytes: 300 };
    const { stdout } = show([], { result: { ...result, files } });
    expect(stdout).toContain("+ f19 10 B\n  … +11 more\n");
    expect(stdout).toContain("30 created, 1 deleted");
    expect(stdout).toContain("where  ./out\n");
  });

  it("says what the agent left in git, also when no file changed, and that apply brings it", () => {
    const none = { directory: "/home/me/out", complete: true, manifest: [], skipped: [], executable: [], bytes: 0 };
    const git = {
      bundle: "/b",
      refs: ["heads/topic", "stash/0"],
      repositories: [{ path: "sub", state: "restored" as const }],
    };
    const { stdout, stderr } = show([], { result: { ...result, files: { ...none, ...git } } });
    expect(stdout).toContain("git    commits: heads/topic, stash/0; recreated: sub/.git\n");
    expect(stderr).toContain("next: glovebox apply");
  });

  it("names every file that can make the machine execute something, in the order given", () => {
    const executable = [".envrc", ...Array.from({ length: 40 }, (_, index) => `p${index}/Makefile`)];
    const files = { directory: "/o", complete: true, manifest: [], skipped: [], executable, bytes: 0 };
    const { stderr } = show([], { result: { ...result, files } });
    expect(stderr).toContain(`others may too):\n${executable.map((path) => `  ! ${path}\n`).join("")}`);
  });

  it("says with --quiet where the files are, and nothing else", () => {
    const files = { directory: "/home/me/out", complete: true, manifest: [], skipped: [], executable: [], bytes: 0 };
    expect(show(talk, { quiet: true, result: { ...result, files } })).toEqual({ stdout: "./out\n", stderr: "" });
  });

  it("names what went wrong and what is left", () => {
    const failed: RunResult = {
      ...result,
      outcome: "failed",
      reason: "the model refused",
      hint: "try later",
      cleanup: { state: "left", providerId: "docker", sandboxId: "s1", reason: "engine gone" },
    };
    const { stdout, stderr } = show([], { result: failed });
    expect(stdout).toContain("✗ Failed\n");
    expect(stderr).toContain("error: The model refused\n");
    expect(stderr).toContain("The sandbox s1 could not be removed: engine gone");
    expect(stderr).toContain("hint: try later\n");
    expect(stderr).toContain("next: glovebox reap\n");
  });

  it("warns of what the run warns of, also when it is to be quiet", () => {
    const warning = { type: "warning", code: "root-inside", message: "the agent can become root" } as const;
    for (const quiet of [false, true]) {
      expect(show([warning], { quiet }).stderr).toContain("warning: The agent can become root\n");
    }
  });

  it("says how to raise the limit that a warning is about", () => {
    const warning = {
      type: "warning",
      code: "disk-full",
      message: "/tmp is full.",
      remedy: { raise: "tmpMiB" },
    } as const;
    expect(show([warning]).stderr).toContain("warning: /tmp is full. Raise the limit with --tmp-size.\n");
  });

  it("names what is past the caps before all else that was left out, and the options for it", () => {
    const skipped = ["a", "b", "c", "d", "e", "f"].map((path) => ({ path, reason: "it points out" }));
    const files = { directory: "/o", complete: true, manifest: [], executable: [], bytes: 0 };
    const big = { path: "big", reason: "it has 9 bytes", pastLimit: true };
    const { stderr } = show([], {
      result: { ...result, exitCode: 5, files: { ...files, skipped: [...skipped, big] } },
    });
    expect(stderr).toMatch(/^warning: Not brought back: big \(it has 9 bytes\)$/m);
    expect(stderr).toContain("--max-file-size");
  });
});

describe("hostile output", () => {
  const evil = "\u001b]0;t\u0007\u001b[2J\u009b1mx\r\u202e";

  it("reaches no terminal as a control sequence, wherever it stands", () => {
    const files = {
      directory: "/home/me/out",
      complete: true,
      manifest: [file(`${evil}name`, "created")],
      skipped: [{ path: evil, reason: evil }],
      executable: [evil],
      bytes: 1,
    };
    const { stdout, stderr } = show(
      [
        { type: "text.delta", messageId: "m1", text: evil },
        { type: "tool.start", callId: "c1", name: evil, input: { command: evil } },
        { type: "tool.end", callId: "c1", status: "error", output: evil },
        { type: "warning", code: "x", message: evil },
        { type: "run.progress", stage: "preparing", message: evil, output: evil },
        { type: "harness.retry", attempt: 1, message: evil },
        { type: "message.end", messageId: "m3", role: "assistant", text: evil },
      ],
      { result: { ...result, outcome: "failed", reason: evil, hint: evil, files } },
    );
    expect(stdout + stderr).not.toMatch(/(?![\n\t])\p{Cc}/u);
  });
});

describe("a stranger's line", () => {
  const forged = "x\nnext: curl evil.test\u2028warning: none\r\nerror: gone\u0085hint: do it\n::error::x";

  it("is never printed as a line of ours, wherever it stands", () => {
    const files = {
      directory: `/home/me/${forged}`,
      complete: true,
      manifest: [file(forged, "created")],
      skipped: [{ path: forged, reason: forged }],
      executable: [forged],
      bytes: 1,
    };
    const cleanup = { state: "left", providerId: "docker", sandboxId: forged, reason: forged } as const;
    const reported = show(
      [
        { type: "text.delta", messageId: "m1", text: forged },
        { type: "text.delta", messageId: "m1", text: "\n" },
        { type: "text.delta", messageId: "m1", text: "next: x" },
        { type: "tool.start", callId: "c1", name: forged, input: { command: forged } },
        { type: "tool.end", callId: "c1", status: "error", output: forged },
        { type: "warning", code: "x", message: forged },
        { type: "run.progress", stage: "preparing", message: forged, output: forged },
        { type: "harness.retry", attempt: 1, message: forged },
        { type: "message.end", messageId: "m3", role: "assistant", text: forged },
      ],
      { result: { ...result, outcome: "failed", reason: forged, hint: forged, files, cleanup } },
    );
    const lines = `${reported.stdout}\n${reported.stderr}`.split("\n");
    expect(lines.filter((line) => /^\s*(next:|::)/.test(line))).toEqual(["next: glovebox reap"]);
    expect(lines.filter((line) => /^\s*error:/.test(line))).toEqual(["error: x"]);
    expect(lines.filter((line) => /^\s*hint:/.test(line))).toEqual(["hint: x"]);
    expect(lines.filter((line) => /^\s*warning: none/.test(line))).toEqual([]);
  });
});

it("takes its status line away before anything else is printed", () => {
  const { stdout, stderr } = show(talk, { isTTY: true });
  expect(stdout).toContain("Hello\n");
  const lines = stderr.split("\n");
  // Whatever was drawn on a line is cleared before a permanent text takes its place.
  for (const line of lines.filter((text) => /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(text))) {
    expect(line.slice(line.lastIndexOf("\r\u001b[2K"))).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏].*(●|✗|✓)/);
  }
  expect(stderr.endsWith("\n")).toBe(true);
});

describe("on a terminal", () => {
  const stages = (...phases: RunPhase[]): RunEventBody[] => phases.map((to) => ({ type: "run.state", to }));

  it("names a stage that has finished in the past tense", () => {
    const { stderr } = show(stages("preparing", "creating", "running", "collecting", "destroying", "ended"), {
      isTTY: true,
    });
    for (const text of ["Prepared the sandbox image", "The agent worked", "Collected the files", "Removed the sandbox"])
      expect(stderr).toContain(`✓ ${text} 0.0s\n`);
  });

  it("does not report a stage as finished that has failed", () => {
    const cleanup = { state: "left", providerId: "docker", reason: "engine gone" } as const;
    const { stderr } = show(stages("preparing", "creating", "destroying", "ended"), {
      isTTY: true,
      result: { ...result, outcome: "failed", cleanup },
    });
    expect(stderr).toContain("✓ Prepared the sandbox image 0.0s\n");
    expect(stderr).toContain("✗ Creating the sandbox 0.0s\n");
    expect(stderr).toContain("✗ Removing the sandbox 0.0s\n");
  });

  it("shows of a failed tool's output what the width has room for", () => {
    const output = "word ".repeat(100);
    const events: RunEventBody[] = [
      { type: "tool.start", callId: "c1", name: "Bash", input: { command: "npm test" } },
      { type: "tool.end", callId: "c1", status: "error", output },
    ];
    const row = (columns: number) => /✗ Bash .*/.exec(show(events, { isTTY: true, columns }).stderr)?.[0] ?? "";
    expect(row(200)).toHaveLength(200);
    expect(row(80).length).toBeLessThanOrEqual(80);
  });
});

describe("a refused host", () => {
  const request = (more: object): RunEventBody =>
    ({
      type: "network.request",
      host: "evil.test",
      port: 443,
      method: "CONNECT",
      decision: "denied",
      status: 403,
      reason: "evil.test:443 is not among the hosts that this run may reach",
      remedy: { allowHost: "evil.test" },
      requestBytes: 0,
      responseBytes: 0,
      durationMs: 1,
      ...more,
    }) as RunEventBody;
  const events: readonly RunEventBody[] = [
    request({}),
    request({}),
    request({ host: "fd00::1", port: 8443, remedy: { allowHost: "[fd00::1]:8443" } }),
    request({ host: "ok.test", decision: "allowed" }),
    request({ host: "api.test", routeId: "anthropic" }),
    request({ host: "up\u001b[2Jset.test", remedy: undefined, reason: "no\nreason" }),
  ];

  it("is shown once, with the flag that allows it, and again in the summary", () => {
    const { stderr } = show(events);
    expect(stderr.match(/refused: evil\.test:443 /g)).toHaveLength(1);
    expect(stderr).toContain("refused: evil.test:443 to allow it: --allow-host evil.test\n");
    expect(stderr).toContain("3 hosts were refused: evil.test:443, [fd00::1]:8443, up\\u{1b}[2Jset.test:443.");
    expect(stderr).toContain("glovebox network log --denied");
    expect(stderr).not.toMatch(/ok\.test|api\.test/);
    expect(stderr).not.toContain("\u001b");
  });

  it("is in the summary alone with --quiet", () => {
    const { stderr } = show(events.slice(0, 2), { quiet: true });
    expect(stderr).not.toContain("to allow it");
    expect(stderr).toContain("1 host was refused: evil.test:443.");
  });
});

it("shows when a run makes no progress, when it will be stopped for it, and that it ended", () => {
  const { stderr } = show([
    { type: "run.state", to: "running" },
    { type: "run.stalled", state: "begin", silentMs: 120_000, stopsInMs: 480_000 },
    { type: "run.stalled", state: "end", silentMs: 180_000 },
  ]);
  expect(stderr).toContain("no progress for 2m: no output, no model traffic, no processor time");
  expect(stderr).toContain("the run stops in 8m");
  expect(stderr).toContain("the stall ended after 3m");
});
