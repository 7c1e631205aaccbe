import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

export const stdinClosed: ConformanceCase = {
  name: "process/stdin-closed",
  title: "Ends standard input at once when no input, or an empty one, is given",
  async run({ shared }) {
    const sandbox = await shared();
    for (const stdin of [undefined, "closed", new Uint8Array()] as const) {
      const { exit, stdout } = await runInside(sandbox, ["cat"], stdin === undefined ? {} : { stdin });
      assert.deepEqual({ exitCode: exit.exitCode, length: stdout.length }, { exitCode: 0, length: 0 });
    }
  },
};
