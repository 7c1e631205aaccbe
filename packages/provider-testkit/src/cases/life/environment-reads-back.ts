import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runNode } from "../../in-sandbox/run-node.ts";

const canary = "GLOVEBOX_TESTKIT_CANARY";

export const environmentReadsBack: ConformanceCase = {
  name: "life/environment-reads-back",
  title: "Processes have the sandbox's environment, letter for letter, and nothing of the host's",
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
    } finally {
      delete process.env[canary];
    }
  },
};
