import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { collectOutput } from "../../../in-sandbox/collect-output.ts";
import { Heartbeat, heartbeatScript } from "../../../in-sandbox/heartbeat.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";

/** Starts a child that keeps the output open, waits until it beats, says so and exits. */
const script = `
const { existsSync } = require("node:fs");
const [file, beat] = process.argv.slice(1);
require("node:child_process").spawn(process.execPath, ["-e", beat, "--", file], { stdio: "inherit" }).unref();
const timer = setInterval(() => {
  if (!existsSync(file)) return;
  clearInterval(timer);
  process.stdout.write("before\\n", () => process.exit(5));
}, 10);
`;

export const exitLeaderFirst: ConformanceCase = {
  name: "process/exit-leader-first",
  title: "Reports a leader's exit while a child holds its output; the output then ends, marked as cut",
  async run({ create }) {
    const sandbox = await create();
    const heart = new Heartbeat(sandbox, "/workspace/heart");
    const process = await sandbox.spawn(nodeScript(script, heart.file, heartbeatScript));
    assert.deepEqual(await process.exit, { exitCode: 5, reason: "exited" });
    await heart.assertBeats();
    const { stdout, cut } = await collectOutput(process);
    assert.deepEqual({ text: stdout.toString(), cut }, { text: "before\n", cut: true });
  },
};
