import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

export const manyAtOnce: ConformanceCase = {
  name: "process/many-at-once",
  title: "Keeps the input, output and exits of many concurrent processes apart",
  async run({ shared, limits }) {
    const sandbox = await shared();
    const numbers = Array.from({ length: limits.concurrentProcesses }, (_, number) => number);
    const ended = await Promise.all(
      numbers.map((number) =>
        runInside(sandbox, ["sh", "-c", `cat; echo ${number} >&2; exit ${number % 100}`], {
          stdin: Buffer.from(`${number}`.repeat(1000)),
        }),
      ),
    );
    for (const [number, { stdout, stderr, exit }] of ended.entries()) {
      assert.equal(stdout.toString(), `${number}`.repeat(1000));
      assert.equal(stderr.toString(), `${number}\n`);
      assert.deepEqual(exit, { exitCode: number % 100, reason: "exited" });
    }
  },
};
