import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import type { ConformanceCase } from "../../../conformance-case.ts";

const bytes = 24_000_000;

export const bothWays: ConformanceCase = {
  name: "process/both-ways",
  title: "Carries much input and output at once, with slow readers at both ends, without a deadlock",
  async run({ shared }) {
    const sandbox = await shared();
    const stdin = randomBytes(bytes);
    const expected = createHash("sha256").update(stdin).digest("hex");
    const echo = async (): Promise<string> => {
      const process = await sandbox.spawn(["cat"], { stdin });
      const hash = createHash("sha256");
      for await (const chunk of process.output) {
        if ("bytes" in chunk) hash.update(chunk.bytes);
        await turn();
      }
      return hash.digest("hex");
    };
    assert.deepEqual(await Promise.all([echo(), echo(), echo(), echo()]), [expected, expected, expected, expected]);
  },
};
