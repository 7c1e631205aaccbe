import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { collectOutput } from "../../in-sandbox/collect-output.ts";
import { Heartbeat, heartbeatScript } from "../../in-sandbox/heartbeat.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";

const parent = `
const { spawn } = require("node:child_process");
spawn(process.execPath, ["-e", process.argv[1], "--", process.argv[2]], { detached: true, stdio: "ignore" });
setInterval(() => {}, 1000);
`;

export const terminalEnds: ConformanceCase = {
  name: "optional/terminal-ends",
  title: "Treats a terminal's program like any process: its exit is reported, kill and time-out reach its descendants",
  requires: ({ pty }) => pty,
  async run({ shared, makeDirectory }) {
    const sandbox = await shared();
    const directory = await makeDirectory(sandbox);
    const size = { columns: 80, rows: 24 };
    const { stdout, stderr, exit } = await collectOutput(
      await sandbox.pty(nodeScript("console.log('out'); console.error('err'); process.exit(7)"), size),
    );
    assert.deepEqual([exit.exitCode, exit.reason, `${stdout}`, `${stderr}`], [7, "exited", "out\r\nerr\r\n", ""]);
    const timedOut = await sandbox.pty(nodeScript("setInterval(() => {}, 1000)"), { ...size, timeoutMs: 500 });
    assert.equal((await timedOut.exit).reason, "timeout");

    const heart = new Heartbeat(sandbox, `${directory}/heart`);
    const argv = nodeScript(parent, heartbeatScript, heart.file);
    const killed = await sandbox.pty(argv, { ...size, cwd: directory, tag: directory });
    await heart.assertBeats();
    const listed = (await sandbox.processes()).find(({ tag }) => tag === directory);
    assert.deepEqual([listed?.id, listed?.argv], [killed.id, argv]);
    await killed.kill();
    await heart.assertStopped();
    assert.equal((await killed.exit).reason, "killed");

    await rejectsWith("process", sandbox.pty(["no-such-program"], size), "a missing program");
    await rejectsWith("process", sandbox.pty(["node"], { ...size, cwd: "/no/such" }), "a missing directory");
    await rejectsWith("invalid-options", sandbox.pty(["node"], { columns: 0, rows: 24 }), "no columns");
  },
};
