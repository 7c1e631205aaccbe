import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { assertKills } from "../../../in-sandbox/assert-kills.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

export const quiesce: ConformanceCase = {
  name: "process/quiesce",
  title: "Ends every process of the user on quiesce, however it hides; the sandbox remains usable",
  async run({ create, makeDirectory }) {
    const sandbox = await create();
    const other = await sandbox.spawn(["sleep", "1000"], { output: "detached" });
    await assertKills(sandbox, makeDirectory, {
      bare: true,
      async end(process) {
        await sandbox.quiesce();
        assert.equal((await process.exit).reason, "killed");
        assert.equal((await other.exit).reason, "killed");
      },
    });
    assert.equal((await runInside(sandbox, ["true"])).exit.exitCode, 0);
    await sandbox.quiesce();
  },
};
