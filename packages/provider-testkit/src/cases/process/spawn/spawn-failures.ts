import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";
import { writeText } from "../../../in-sandbox/write-text.ts";

export const spawnFailures: ConformanceCase = {
  name: "process/spawn-failures",
  title: "Fails with a process error for a missing or non-executable program and for a missing directory",
  async run({ shared, makeDirectory }) {
    const sandbox = await shared();
    const directory = await makeDirectory(sandbox);
    await writeText(sandbox, `${directory}/plain`, "no program");
    await sandbox.files.makeDirectory(`${directory}/directory`);
    for (const program of ["no-such-program", "/no/such/program", `${directory}/plain`, `${directory}/directory`, ""]) {
      await rejectsWith(
        ["process", "invalid-options"],
        sandbox.spawn([program]),
        `spawn of ${JSON.stringify(program)}`,
      );
    }
    for (const cwd of ["/no/such/directory", `${directory}/plain`]) {
      await rejectsWith("process", sandbox.spawn(["true"], { cwd }), `spawn in ${cwd}`);
    }
    const { exit } = await runInside(sandbox, ["sh", "-c", "no-such-program-either"]);
    assert.deepEqual(exit, { exitCode: 127, reason: "exited" }, "What a shell cannot find is the shell's own result");
  },
};
