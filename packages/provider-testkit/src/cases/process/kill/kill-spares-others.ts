import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { Heartbeat, heartbeatScript } from "../../../in-sandbox/heartbeat.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";

export const killSparesOthers: ConformanceCase = {
  name: "process/kill-spares-others",
  title: "Kills nothing that another process started",
  async run({ shared, makeDirectory }) {
    const sandbox = await shared();
    const heart = new Heartbeat(sandbox, `${await makeDirectory(sandbox)}/heart`);
    const other = await sandbox.spawn(nodeScript(heartbeatScript, heart.file));
    await heart.assertBeats();
    const process = await sandbox.spawn(["sleep", "1000"]);
    await process.kill();
    await heart.assertBeats();
    await other.kill();
    assert.equal((await other.exit).reason, "killed");
  },
};
