import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SandboxNotFoundError, SandboxUnavailableError } from "../src/errors/index.ts";
import { reap, runAll } from "../src/index.ts";
import { runLabel, type SandboxProvider, Secret } from "../src/provider/index.ts";
import { runOfSandbox } from "../src/run/state/run-of-sandbox.ts";
import { readResult, writeRecord } from "../src/run/state/run-record.ts";
import { LocalProvider } from "./local-provider.ts";
import { scriptHarness } from "./script-harness.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-reap-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Lists one sandbox that has stopped; to connect to it fails. */
function providerOf(connectError: Error): SandboxProvider {
  const labels = { [runLabel]: "dead" };
  return {
    ...new LocalProvider().asProvider(),
    async *list(filter) {
      if ((filter.labels[runLabel] ?? "dead") !== "dead") return;
      yield { id: "s1", providerId: "local", state: "stopped", labels, createdAt: new Date(), rootInside: false };
    },
    connect: () => Promise.reject(connectError),
    destroy: () => Promise.resolve(),
  };
}

describe("a sandbox of a dead process", () => {
  it("that was removed after it was listed counts as removed, and its run ends", async () => {
    const provider = providerOf(new SandboxNotFoundError("There is no such sandbox", { providerId: "local" }));
    expect(await reap({ home, provider })).toEqual({ collected: [], removed: ["s1"], left: [] });
    expect(readResult(join(home, "runs", "dead"))).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
  });

  it("that cannot be reached is left, and the report says why", async () => {
    const provider = providerOf(new SandboxUnavailableError("Nobody answers", { providerId: "local" }));
    const { removed, left } = await reap({ home, provider });
    expect(removed).toEqual([]);
    expect(left).toEqual([{ sandboxId: "s1", runId: "dead", reason: "Nobody answers", failed: true }]);
  });
});

describe("a sandbox that a later run took over", () => {
  const common = { v: 1, startedAt: "2026-01-01T00:00:00.000Z", providerId: "local", harnessId: "h" } as const;
  const record = (runId: string, more: object = {}) => {
    mkdirSync(join(home, "runs", runId), { recursive: true });
    writeRecord(join(home, "runs", runId), { ...common, runId, outputDirectory: "/o", promptPreview: "", ...more });
  };
  const takenOver = (fromRunId: string) => ({ takenOver: { sandboxId: "s1", fromRunId, createdFor: "dead" } });

  it("is that run's, whatever became of the runs before and of its own record", () => {
    record("dead");
    record("later", takenOver("dead"));
    record("last", takenOver("later"));
    const holder = () => runOfSandbox(home, "s1", "dead");
    expect(holder()).toBe("last");
    rmSync(join(home, "runs", "later"), { recursive: true });
    expect(holder()).toBe("last");
    const created = {
      v: 1,
      seq: 1,
      time: common.startedAt,
      runId: "last",
      type: "sandbox.created",
      providerId: "local",
    };
    const event = { ...created, sandboxId: "s1", expiresAt: common.startedAt };
    writeFileSync(join(home, "runs", "last", "events.ndjson"), `${JSON.stringify(event)}\n`);
    writeFileSync(join(home, "runs", "last", "run.json"), "damaged");
    expect(holder()).toBe("last");
    expect(runOfSandbox(home, "s2", "dead")).toBe("dead");
  });

  it("is recovered as that run's, and found for it by the label of the first", async () => {
    record("dead");
    record("later", takenOver("dead"));
    const provider = providerOf(new SandboxNotFoundError("There is no such sandbox", { providerId: "local" }));
    expect(await reap({ home, provider, runId: "dead" })).toEqual({ collected: [], removed: [], left: [] });
    expect(await reap({ home, provider, runId: "later" })).toEqual({ collected: [], removed: ["s1"], left: [] });
    expect(readResult(join(home, "runs", "later"))).toMatchObject({ sandboxId: "s1", cleanup: { state: "clean" } });
  });
});

it("runs that one process starts together look once for what earlier ones left", async () => {
  const local = new LocalProvider();
  const plain = local.asProvider();
  const names = ["one", "two", "three"];
  const { promise: allCreated, resolve: reportAllCreated } = deferred();
  let [lists, created] = [0, 0];
  const provider: SandboxProvider = {
    ...plain,
    create: async (spec, options) => {
      created += 1;
      if (created === names.length) reportAllCreated();
      return await plain.create(spec, options);
    },
    async *list(filter, options) {
      if (filter.labels[runLabel] === undefined) lists += 1;
      await allCreated;
      yield* plain.list(filter, options);
    },
  };
  const credential = { variable: "KEY", secret: new Secret("KEY", "secret-value-1234") };
  const common = { provider, harness: scriptHarness, home, credential, prompt: "echo done" };
  const results = await runAll(names.map((name) => ({ ...common, outputDirectory: join(home, name) })));
  local.dispose();
  expect(results.map((one) => one.status === "fulfilled" && one.value.outcome)).toEqual(names.map(() => "succeeded"));
  expect(lists).toBe(1);
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
