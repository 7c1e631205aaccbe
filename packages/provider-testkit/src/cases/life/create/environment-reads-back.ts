import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runNode } from "../../../in-sandbox/run-node.ts";

const canary = "GLOVEBOX_TESTKIT_CANARY";

export const environmentReadsBack: ConformanceCase = {
  name: "life/environment-reads-back",
  title: "Gives processes exactly the sandbox's environment, with a UTF-8 locale and nothing of the host's",
  async run({ create }) {
    const env = {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: "/home/agent",
      EMPTY: "",
      QUOTES: "a 'b' \"c\" $HOME `id` \\",
      LINES: "one\ntwo\n",
      WIDE: "é😀",
      EQUALS: "=a=b",
    };
    process.env[canary] = "of the host";
    try {
      const sandbox = await create({ env });
      const inside = JSON.parse(await runNode(sandbox, "console.log(JSON.stringify(process.env))"));
      for (const [name, value] of Object.entries(env)) assert.equal(inside[name], value, name);
      assert.equal(inside[canary], undefined, "The host's environment is inside");
      // Programs must be able to write what a file's name holds, wherever they run.
      assert.match(inside.LANG, /UTF-?8/i, "LANG");
      assert.match(inside.LC_ALL ?? "UTF-8", /UTF-?8/i, "LC_ALL");
    } finally {
      delete process.env[canary];
    }
  },
};
