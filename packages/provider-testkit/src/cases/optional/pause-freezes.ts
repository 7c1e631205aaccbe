import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { TextReader } from "../../in-sandbox/text-reader.ts";

/** Counts in memory what it hears, and how often it could not run on time. */
const counter = `
let heard = 0;
process.stdin.on("data", (bytes) => { heard += bytes.length; console.log("heard " + heard + "."); });
`;

export const pauseFreezes: ConformanceCase = {
  name: "optional/pause-freezes",
  title: "Reports a paused sandbox as paused without waking it, and continues it with its memory on connect",
  requires: ({ pause }) => pause,
  async run({ create, connect, spec, list, provider }) {
    const { labels } = spec();
    const sandbox = await create({ labels });
    const process = await sandbox.spawn(nodeScript(counter), { stdin: "open", output: "detached" });
    await process.write(Buffer.from("one"));
    const before = new TextReader(process);
    await before.until("heard 3.");
    await sandbox.pause();
    await rejectsWith("lost", sandbox.spawn(["node", "-e", ""]), "the handle of what was paused");
    const state = async (): Promise<string | undefined> => (await list(labels))[0]?.state;
    assert.equal(await state(), "paused");
    await rejectsWith("stopped", connect(sandbox.id), "connecting without waking");
    assert.equal((await sandbox.info()).state, "paused");
    assert.equal(await state(), "paused", "A look has woken it");

    const woken = await connect(sandbox.id, { wakeForMs: 60_000 });
    const { state: now, leaseEndsAt } = await woken.info();
    assert.equal(now, "running");
    const leftMs = Number(leaseEndsAt) - Date.now();
    assert.ok(leftMs > 20_000 && leftMs < 65_000, `The lease of 60 s ends in ${leftMs} ms`);
    const same = await woken.attach(process.id, 0);
    await same.write(Buffer.from("two"));
    await new TextReader(same).until("heard 6.");

    await woken.pause();
    await provider.destroy(sandbox.id);
    assert.equal(await state(), undefined, "What was destroyed while it was paused is there");
  },
};
