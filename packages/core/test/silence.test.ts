import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Run, type RunSpec, reap, run } from "../src/index.ts";
import { Secret } from "../src/provider/index.ts";
import { LocalProvider } from "./local-provider.ts";
import { scriptHarness as harness } from "./script-harness.ts";

let root: string;
let provider: LocalProvider;
let clock: NodeJS.Timeout | undefined;
const realInterval = setInterval;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-silence-"));
  provider = new LocalProvider();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  vi.spyOn(AbortSignal, "timeout").mockImplementation(hurriedTimeout);
});

afterEach(() => {
  clearInterval(clock);
  clock = undefined;
  vi.restoreAllMocks();
  vi.useRealTimers();
  provider.dispose();
  rmSync(root, { recursive: true, force: true });
});

/** Node's own time-outs keep to the same clock as the timers: its `AbortSignal.timeout` knows only the real one. */
function hurriedTimeout(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")), ms);
  return controller.signal;
}

function start(prompt: string, more: Partial<RunSpec> = {}): Run {
  const workspace = join(root, "project");
  mkdirSync(workspace);
  writeFileSync(join(workspace, "input.txt"), "input");
  return run({
    provider: provider.asProvider(),
    harness,
    task: { prompt },
    credential: { variable: "KEY", secret: new Secret("KEY", "secret-value-1234") },
    outputDirectory: join(root, "out"),
    home: join(root, "home"),
    workspace,
    ...more,
  });
}

/** From the first call that is not answered on, hours pass in seconds: whatever waits then waits for its own deadline. */
function hurryOnceSilent(then: () => void = () => {}): void {
  provider.onSilence = () => {
    if (clock !== undefined) return;
    clock = realInterval(() => void vi.advanceTimersByTimeAsync(1000), 5);
    then();
  };
}

const work = "echo made > made.txt; echo done";
const endless = "echo made > made.txt; echo begun; exec sleep 1000";

const afterTheStart = ["output", "kill", "extend", "stats", "quiesce", "connect", "info", "close"];
const silences = [
  { name: "preflight", calls: ["preflight"], exitCode: 4, cleanup: "clean" },
  { name: "create", calls: ["create", "list"], exitCode: 4, cleanup: "left" },
  { name: "create, of which nothing is found", calls: ["create"], exitCode: 4, cleanup: "clean" },
  { name: "an upload", calls: ["putArchive"], exitCode: 4, cleanup: "clean" },
  { name: "the start of the harness", calls: ["spawn"], exitCode: 4, cleanup: "clean" },
  { name: "the end of its processes", calls: ["quiesce", "connect"], exitCode: 5, cleanup: "left" },
  { name: "an archive", calls: ["getArchive"], exitCode: 5, cleanup: "left" },
  { name: "a piece of an archive", calls: ["archive"], exitCode: 5, cleanup: "left" },
  { name: "its removal", calls: ["destroy"], exitCode: 5, cleanup: "left" },
  { name: "its own close", calls: ["quiesce", "connect", "close"], exitCode: 5, cleanup: "left" },
];

describe("a provider that stops answering", () => {
  it.each(silences)("ends the run at a deadline: $name", async ({ calls, exitCode, cleanup }) => {
    for (const call of calls) provider.silent.add(call);
    hurryOnceSilent();
    const result = await start(work).result;
    expect(provider.requested).toContain(calls[0]);
    expect(result).toMatchObject({ exitCode, cleanup: { state: cleanup } });
    expect(readFileSync(join(root, "home/runs", result.runId, "events.ndjson"), "utf8")).toContain('"run.end"');
  });
});

const stops = [
  { name: "preflight", calls: ["preflight"] },
  { name: "prepare", calls: ["prepare"] },
  { name: "create", calls: ["create", "list"] },
  { name: "an upload", calls: ["putArchive"] },
  { name: "the start of the harness", calls: ["spawn"] },
  { name: "the harness and its kill", calls: ["output", "kill"] },
  { name: "the harness and everything after it", calls: [...afterTheStart, "destroy"] },
  { name: "its removal after the harness", calls: ["output", "kill", "destroy"] },
];

describe.each(stops)("a run that waits for $name", ({ calls }) => {
  it("ends at its time-out", async () => {
    for (const call of calls) provider.silent.add(call);
    hurryOnceSilent();
    const result = await start(endless, { timeoutMs: 20_000 }).result;
    expect(result).toMatchObject({ outcome: "timed-out", exitCode: 124 });
  });

  it("ends when it is cancelled", async () => {
    for (const call of calls) provider.silent.add(call);
    const current = start(endless);
    hurryOnceSilent(() => current.cancel());
    expect(await current.result).toMatchObject({ outcome: "cancelled", exitCode: 130 });
  });

  it("ends when it is aborted after that", async () => {
    for (const call of calls) provider.silent.add(call);
    const current = start(endless);
    hurryOnceSilent(() => {
      current.cancel();
      current.abort();
    });
    expect(await current.result).toMatchObject({ outcome: "cancelled", exitCode: 130 });
  });
});

describe("a run that is aborted", () => {
  it("has a minute from then on, also where its sandbox was being removed already", async () => {
    const removing = new Promise<void>((resolve) => {
      provider.onSilence = resolve;
    });
    provider.silent.add("destroy");
    const current = start(work);
    await removing;
    current.abort();
    // And what a call has that was given up.
    await vi.advanceTimersByTimeAsync(65_000);
    expect(await current.result).toMatchObject({ cleanup: { state: "left" } });
  });
});

describe("a harness that cannot be stopped", () => {
  it("is left, and its files come back from a sandbox that still answers", async () => {
    provider.silent.add("output").add("kill");
    hurryOnceSilent();
    const result = await start(endless, { timeoutMs: 20_000 }).result;
    expect(result).toMatchObject({ exitCode: 124, cleanup: { state: "clean" }, files: { complete: true } });
    expect(readFileSync(join(root, "out/made.txt"), "utf8")).toBe("made\n");
  });

  it("keeps the verdict of its final result", async () => {
    // Its output never ends.
    provider.silent.add("output").add("kill");
    hurryOnceSilent();
    const result = await start("echo done; exec sleep 1000", { completionTimeoutMs: 1000 }).result;
    expect(result).toMatchObject({ exitCode: 0, cleanup: { state: "clean" } });
  });
});

describe("a lease that cannot be extended", () => {
  it("is warned of once, however often it is tested", async () => {
    provider.silent.add("extend").add("output").add("kill");
    hurryOnceSilent();
    const current = start(endless, { timeoutMs: 600_000, leaseMs: 10_000 });
    await current.result;
    const warnings: string[] = [];
    for await (const event of current) if (event.type === "warning") warnings.push(event.code);
    expect(provider.requested.filter((call) => call === "extend").length).toBeGreaterThan(20);
    expect(warnings.filter((code) => code === "lease")).toHaveLength(1);
  });
});

describe("reap", () => {
  it("ends when the provider does not answer", async () => {
    provider.silent.add("list");
    hurryOnceSilent();
    await expect(reap({ home: join(root, "home"), provider: provider.asProvider() })).rejects.toMatchObject({
      code: "timeout",
    });
    expect(existsSync(join(root, "home/owner"))).toBe(true);
  });
});
