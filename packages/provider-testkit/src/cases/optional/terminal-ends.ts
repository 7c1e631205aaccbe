import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { finish } from "../../in-sandbox/finish.ts";
import { Heartbeat, heartbeatScript } from "../../in-sandbox/heartbeat.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";

const parent = `
const { spawn } = require("node:child_process");
spawn(process.execPath, ["-e", process.argv[1], "--", process.argv[2]], { detached: true, stdio: "ignore" });
setInterval(() => {}, 1000);
`;

export const terminalEnds: ConformanceCase = {
  name: "optional/terminal-ends",
  title:
    "A terminal's program is a process as any other: its exit is told, a kill and a time-out reach what it started",
  requires: ({ pty }) => pty,
  async run({ shared, folder }) {
    const sandbox = await shared();
    const directory = await folder(sandbox);
    const size = { columns: 80, rows: 24 };
    const said = await finish(
      await sandbox.pty(nodeScript("console.log('out'); console.error('err'); process.exit(7)"), size),
    );
    assert.deepEqual([said.exitCode, said.reason, said.stdout, said.stderr], [7, "exited", "out\r\nerr\r\n", ""]);
    const late = await sandbox.pty(nodeScript("setInterval(() => {}, 1000)"), { ...size, timeoutMs: 500 });
    assert.equal((await late.exit).reason, "timeout");

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
    await rejectsWith("process", sandbox.pty(["node"], { ...size, cwd: "/no/such" }), "a missing folder");
    await rejectsWith("invalid-options", sandbox.pty(["node"], { columns: 0, rows: 24 }), "no columns");
  },
};
