import assert from "node:assert/strict";
import type { Sandbox } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import { readAll } from "../../bytes/read-all.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { FaultProxy } from "../../faults/fault-proxy.ts";
import { Gate } from "../../faults/gate.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";
import { until } from "../../in-sandbox/until.ts";

const printsAndStays = 'printf begun; trap "" HUP TERM PIPE; while :; do sleep 1; done';

/** A body that waits in its middle until the connection is gone. */
async function* waiting(begun: () => void, gone: Promise<void>): AsyncGenerator<Uint8Array, void> {
  yield Buffer.alloc(100_000, "new");
  begun();
  await gone;
  yield Buffer.alloc(100_000, "new");
}

/** Reads until the first piece has arrived, and the rest on request. */
async function readAround<T>(stream: AsyncIterable<T>, begun: () => void, gone: Promise<void>): Promise<void> {
  let first = true;
  for await (const _ of stream) {
    if (!first) continue;
    first = false;
    begun();
    await gone;
  }
}

export const lostStreams: ConformanceCase = {
  name: "faults/lost-streams",
  title: "Reports running work as lost, never as whole or exit 0, when the connection breaks; the sandbox lives on",
  timeoutMs: 120_000,
  whyNot: ({ faults }) => (faults === undefined ? "the option faults was not given" : undefined),
  async run(context) {
    const { faults } = context.options;
    assert.ok(faults !== undefined);
    await using proxy = await FaultProxy.start({ upstream: faults.upstream });
    const sandbox = await faults.create(proxy.address).create(context.spec());
    context.own(sandbox.id);
    await runShell(sandbox, "head -c 60000000 /dev/urandom > large; printf old > file");
    const process = await sandbox.spawn(["/bin/sh", "-c", printsAndStays], { output: "detached" });
    const cut = new Gate();
    const lost = await underWay(sandbox, process.output, cut.opened);
    const unread = await sandbox.spawn(["/bin/sh", "-c", printsAndStays]);
    await proxy[Symbol.asyncDispose]();
    cut.open();
    for (const [what, call] of Object.entries(lost)) await rejectsWith("lost", call, what);
    for (const one of [process, unread]) assert.deepEqual(pick(await one.exit), { exitCode: null, reason: "lost" });
    await rejectsWith("lost", readAll(onlyBytes(unread.output)), "output that is read late");
    await rejectsWith(["lost", "unavailable"], sandbox.spawn(["true"]), "spawn");
    await rejectsWith(["lost", "unavailable"], sandbox.extend(60_000), "extend");
    await rejectsWith(["lost", "unavailable"], sandbox.info(), "info");

    const again = await context.connect(sandbox.id);
    const found = await again.processes();
    assert.ok(
      found.some(({ id, exit }) => id === process.id && exit === undefined),
      "a detached process lives on",
    );
    const file = await readAll(await again.files.readStream("/workspace/file"));
    assert.equal(file.toString("utf8"), "old", "half of a file replaces nothing");
    const clean = async (): Promise<boolean> => (await again.files.list("/workspace")).length === 2;
    await until(clean, "what was half written is cleared away");
  },
};

/** Everything that can be under way, each begun when this resolves. */
async function underWay(
  { files }: Sandbox,
  output: AsyncIterable<unknown>,
  gone: Promise<void>,
): Promise<Readonly<Record<string, Promise<void>>>> {
  const started: Promise<void>[] = [];
  const start = (work: (begun: () => void) => Promise<void>): Promise<void> => {
    const begun = new Gate();
    started.push(begun.opened);
    const call = work(begun.open);
    call.catch(() => {});
    return call;
  };
  const calls = {
    output: start((begun) => readAround(output, begun, gone)),
    readStream: start(async (begun) => readAround(await files.readStream("/workspace/large"), begun, gone)),
    getArchive: start(async (begun) => readAround(await files.getArchive("/workspace"), begun, gone)),
    writeStream: start((begun) => files.writeStream("/workspace/file", waiting(begun, gone))),
  };
  await Promise.all(started);
  return calls;
}

async function* onlyBytes(output: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void> {
  for await (const _ of output) yield* pieces("");
}

function pick({ exitCode, reason }: { exitCode: number | null; reason: string }): object {
  return { exitCode, reason };
}
