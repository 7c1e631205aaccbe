import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRunStore, type Run, type RunEvent, type RunSpec, type RunSummary, run } from "../src/index.ts";
import { Secret } from "../src/provider/index.ts";
import { LocalProvider } from "./local-provider.ts";
import { scriptHarness } from "./script-harness.ts";

let root: string;
let provider: LocalProvider;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-stall-"));
  provider = new LocalProvider();
});

afterEach(() => {
  provider.dispose();
  rmSync(root, { recursive: true, force: true });
});

function start(prompt: string, more: Partial<RunSpec> = {}): Run {
  return run({
    ...{ provider: provider.asProvider(), harness: scriptHarness, task: { prompt } },
    credential: { variable: "KEY", secret: new Secret("KEY", "secret-value-1234") },
    outputDirectory: join(root, "out"),
    home: join(root, "home"),
    ...more,
  });
}

const stallsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "run.stalled" ? [event.state] : []));

/** Waits in the sandbox until the test writes into a pipe. */
const waiting = "mkfifo go; echo begun; cat go; echo done";

it("reports once that a run makes no progress, and once that it does again", async () => {
  const store = createRunStore(join(root, "home"));
  const current = start(waiting, { idleTimeoutMs: 6000 });
  const events: RunEvent[] = [];
  let whileStalled: RunSummary | undefined;
  for await (const event of current) {
    events.push(event);
    if (event.type !== "run.stalled" || event.state !== "begin") continue;
    whileStalled = await store.get(current.id);
    writeFileSync(join(provider.sandboxes.get("local-1")?.workspace ?? "", "go"), "on\n");
  }
  expect(await current.result).toMatchObject({ outcome: "succeeded" });
  expect(stallsOf(events)).toEqual(["begin", "end"]);
  const begin = events.find((event) => event.type === "run.stalled");
  expect(begin).toMatchObject({ silentMs: expect.any(Number), stopsInMs: expect.any(Number) });
  expect(whileStalled?.stalledSince?.getTime()).toBeLessThan(Date.parse(begin?.time ?? ""));
  expect((await store.get(current.id)).stalledSince).toBeUndefined();
});

it("reports the stall of a run well before the idle limit ends it", async () => {
  const current = start("exec sleep 1000", { idleTimeoutMs: 1000 });
  const events: RunEvent[] = [];
  for await (const event of current) events.push(event);
  expect(await current.result).toMatchObject({ outcome: "timed-out", reason: "No activity for 1 s" });
  expect(stallsOf(events)).toEqual(["begin", "end"]);
});

it("ends a run whose program only says that it still runs", async () => {
  const harness = { ...scriptHarness, isHeartbeat: ({ line }: { readonly line: string }) => line === "beat" };
  const beating = "while echo beat; do sleep 0.5; done";
  const current = start(beating, { harness, idleTimeoutMs: 3000 });
  expect(await current.result).toMatchObject({ outcome: "timed-out", reason: "No activity for 3 s" });
});

it("measures processor time in the sandbox where the provider has no statistics", async () => {
  const own = provider.asProvider();
  const without = { ...own, capabilities: { ...own.capabilities, stats: false } };
  // What measures the sandbox writes into the pipe: the run ends when it was asked, and had not stalled by then.
  provider.onMeasure = (sandbox) => writeFileSync(join(sandbox.workspace, "go"), "on\n");
  const current = start(waiting, { provider: without, idleTimeoutMs: 12_000 });
  const events: RunEvent[] = [];
  for await (const event of current) events.push(event);
  expect(await current.result).toMatchObject({ outcome: "succeeded" });
  expect(stallsOf(events)).toEqual([]);
});

it("shows a reader of a journal each event once, however often it looks", async () => {
  const store = createRunStore(join(root, "home"));
  const current = start("for i in 1 2 3; do echo $i; done; echo done");
  const tail = store.tail(current.id);
  const seen: number[] = [];
  for await (const _ of current) tail.read(({ seq }) => seen.push(seq));
  await current.result;
  tail.read(({ seq }) => seen.push(seq));
  const events: number[] = [];
  for await (const { seq } of store.events(current.id)) events.push(seq);
  expect(seen).toEqual(events);
  expect(store.summary(current.id)).toEqual(await store.get(current.id));
  expect(store.ids()).toEqual([current.id]);
  expect(store.summary("none")).toBeUndefined();
});
