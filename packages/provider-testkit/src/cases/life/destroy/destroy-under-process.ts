import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { Heartbeat, heartbeatScript } from "../../../in-sandbox/heartbeat.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";

export const destroyUnderProcess: ConformanceCase = {
  name: "life/destroy-under-process",
  title: "Ends running processes on destroy, with an unknown or killed exit, never a success; their output ends",
  async run({ create, list, spec }) {
    const { labels } = spec();
    const sandbox = await create({ labels });
    const heart = new Heartbeat(sandbox, "/workspace/heart");
    const process = await sandbox.spawn(nodeScript(heartbeatScript, heart.file));
    await heart.assertBeats();
    const reading = (async () => {
      for await (const _chunk of process.output);
    })().catch(() => "it broke, as it may");
    await sandbox.destroy();
    const { exitCode, reason } = await process.exit;
    assert.equal(exitCode, null);
    assert.ok(reason === "lost" || reason === "killed", `The exit says ${reason}`);
    await reading;
    assert.deepEqual(await list(labels), []);
  },
};
