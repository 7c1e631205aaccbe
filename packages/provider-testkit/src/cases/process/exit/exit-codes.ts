import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

const atOnce = 16;

export const exitCodes: ConformanceCase = {
  name: "process/exit-codes",
  title: "Returns every exit code from 0 to 255 as a result; a non-zero code is not an error",
  async run({ shared }) {
    const sandbox = await shared();
    const codes = Array.from({ length: 256 }, (_, code) => code);
    for (let from = 0; from < codes.length; from += atOnce) {
      const some = codes.slice(from, from + atOnce);
      const ended = await Promise.all(some.map((code) => runInside(sandbox, ["sh", "-c", `exit ${code}`])));
      assert.deepEqual(
        ended.map(({ exit }) => exit),
        some.map((exitCode) => ({ exitCode, reason: "exited" })),
      );
    }
  },
};
