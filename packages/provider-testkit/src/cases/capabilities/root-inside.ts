import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runNode } from "../../in-sandbox/run-node.ts";

/** Whether a program that belongs to root and says so may become root. */
const script = `console.log(/^NoNewPrivs:\\s*(\\d)/m.exec(require("node:fs").readFileSync("/proc/self/status", "utf8"))[1])`;

export const rootInside: ConformanceCase = {
  name: "capabilities/root-inside",
  title: "The sandbox's own root can exist where it was asked for, and only there; the sandbox says which it is",
  requires: ({ rootInside: claimed }) => claimed,
  async run({ create }) {
    const [without, with_] = await Promise.all([create(), create({ rootInside: true })]);
    assert.equal((await without.info()).rootInside, false);
    assert.equal((await with_.info()).rootInside, true);
    assert.equal(await runNode(without, script), "1\n", "A program may become root although it was not asked for");
    assert.equal(await runNode(with_, script), "0\n", "No program can become root although it was asked for");
    assert.equal(await runNode(with_, "console.log(process.getuid())"), "1000\n", "Programs start as the user");
  },
};
