import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runNode } from "../../in-sandbox/run-node.ts";

const script = `
const { openSync } = require("node:fs");
let opened = 0;
try { for (; opened < 1000; opened += 1) openSync("/dev/null"); console.log("unlimited"); }
catch (error) { console.log(error.code); }
`;

export const openFilesEnforced: ConformanceCase = {
  name: "capabilities/open-files-enforced",
  title: "Limits the number of open files of a process",
  requires: ({ resources }) => resources.openFiles,
  async run({ create }) {
    const sandbox = await create({ resources: { openFiles: 256 } });
    assert.equal(await runNode(sandbox, script), "EMFILE\n");
  },
};
