import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { collectOutput } from "../../../in-sandbox/collect-output.ts";
import { TextReader } from "../../../in-sandbox/text-reader.ts";

export const attachOffsets: ConformanceCase = {
  name: "process/attach-offsets",
  title: "Reads output from any offset, during and after the run; fails for an invalid offset or an unknown process",
  async run({ shared }) {
    const sandbox = await shared();
    const process = await sandbox.spawn(["sh", "-c", "printf 0123456789; read line; exit 4"], { stdin: "open" });
    const output = new TextReader(process);
    await output.until("9");
    const running = await Promise.all([0, 3, 10].map((from) => sandbox.attach(process.id, from)));
    await process.closeInput();
    for (const [index, from] of [0, 3, 10].entries()) {
      const attached = running[index];
      assert.ok(attached);
      const { stdout, exit } = await collectOutput(attached, from);
      assert.deepEqual([stdout.toString(), exit.exitCode], ["0123456789".slice(from), 4]);
    }
    for (const from of [0, 3, 9, 10]) {
      const { stdout, exit } = await collectOutput(await sandbox.attach(process.id, from), from);
      assert.deepEqual([stdout.toString(), exit], ["0123456789".slice(from), { exitCode: 4, reason: "exited" }]);
    }
    for (const from of [11, 1e12, -1, 0.5, Number.NaN]) {
      await rejectsWith("invalid-options", sandbox.attach(process.id, from), `attach at ${from}`);
    }
    for (const id of ["no-such-process", "", "../..", "0"]) {
      await rejectsWith(["not-found", "invalid-options"], sandbox.attach(id, 0), `attach to ${JSON.stringify(id)}`);
    }
  },
};
