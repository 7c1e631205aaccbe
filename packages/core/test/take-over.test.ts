import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Harness } from "../src/harness/index.ts";
import { createRunStore, type Run, type RunSpec, run } from "../src/index.ts";
import { Secret } from "../src/provider/index.ts";
import { DirectoryLock } from "../src/state/index.ts";
import { LocalProvider } from "./local-provider.ts";

/** The prompt is a script, which also keeps the conversation. */
const harness: Harness = {
  specificationVersion: 1,
  id: "script",
  endpoints: [{ id: "nowhere", upstream: "http://127.0.0.1:9", baseUrlVariable: "NOWHERE_URL", paths: [] }],
  credentials: [{ variable: "KEY", kind: "api-key", endpointId: "nowhere", header: "x-api-key", placeholder: "none" }],
  sessions: { directory: "/home/agent/sessions" },
  template: () => ({ id: "script", npmPackage: "x", npmVersion: "1", check: { argv: ["true"], prints: "" } }),
  command: ({ prompt, workspaceDir }) => ({
    argv: ["sh", "-c", `mkdir -p "$HOME/sessions"; ${prompt}`],
    stdin: Buffer.alloc(0),
    env: {},
    cwd: workspaceDir,
  }),
  async *parse(lines) {
    for await (const _ of lines);
    yield { type: "harness.result", ok: true, reason: "done", message: "Done.", turns: 1, sessionId: "one" };
  },
  outcome: () => ({ ok: true, reason: "done", message: "Done." }),
  interrupt: (process) => process.kill("SIGINT"),
};

let root: string;
let provider: LocalProvider;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-take-over-"));
  provider = new LocalProvider();
});
afterEach(() => {
  provider.dispose();
  rmSync(root, { recursive: true });
});

function start(output: string, more: Partial<RunSpec> = {}): Run {
  return run({
    provider: provider.asProvider(),
    harness,
    task: { prompt: "true" },
    credential: { variable: "KEY", secret: new Secret("KEY", "secret-value-1234") },
    outputDirectory: join(root, output),
    home: join(root, "home"),
    ...more,
  });
}

const store = () => createRunStore(join(root, "home"));

async function warningsOf(runId: string): Promise<string[]> {
  const warnings: string[] = [];
  for await (const event of store().events(runId)) {
    if (event.type === "warning" && event.code === "continue") warnings.push(event.message);
  }
  return warnings;
}

it("a kept sandbox is handed back by a run that is stopped before its harness starts", async () => {
  const first = await start("one", { keep: true }).result;
  const plain = provider.asProvider();
  const stopped: Run = start("two", {
    continues: first.runId,
    provider: {
      ...plain,
      connect: async (id, options) => {
        const handle = await plain.connect(id, options);
        const extend = async () => {
          stopped.cancel();
          return new Date();
        };
        return { ...handle, extend };
      },
    },
  });
  expect(await stopped.result).toMatchObject({ outcome: "cancelled", cleanup: { state: "clean" } });
  expect(await store().get(first.runId)).toMatchObject({ isLeftBehind: true });

  const third = await start("three", { continues: first.runId }).result;
  expect(third).toMatchObject({ sandboxId: first.sandboxId, cleanup: { state: "clean" } });
  expect(await store().get(first.runId)).toMatchObject({ isLeftBehind: false, takenOverBy: third.runId });
  expect(provider.sandboxes.size).toBe(0);
});

it.each<[string, Partial<RunSpec>]>([
  ["history", { history: "all" }],
  ["variables", { env: { A: "b" } }],
])("a kept sandbox is not used if the runs differ in: %s", async (name, more) => {
  const first = await start("one", { keep: true }).result;
  const second = await start("two", { continues: first.runId, ...more }).result;
  expect(await warningsOf(second.runId)).toEqual([expect.stringContaining(`this run has other settings (${name})`)]);
  expect([...provider.sandboxes.keys()]).toEqual([first.sandboxId]);
});

it("a kept sandbox is not used while another process holds its run", async () => {
  const first = await start("one", { keep: true }).result;
  const lock = DirectoryLock.tryAcquire(join(root, "home", "runs", first.runId));
  const second = await start("two", { continues: first.runId }).result;
  lock?.release();
  expect(await warningsOf(second.runId)).toEqual([expect.stringContaining("another process uses it")]);
  expect(await store().get(first.runId)).toMatchObject({ isLeftBehind: true });
});
