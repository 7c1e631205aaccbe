import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

const script = `
const { writeFileSync } = require("node:fs");
const groups = process.getgroups().filter((group) => group === 0);
writeFileSync(process.env.HOME + "/mine", "");
writeFileSync("/workspace/mine", "");
writeFileSync("/tmp/mine", "");
console.log(JSON.stringify([process.getuid(), process.getgid(), groups, process.cwd(), process.env.HOME]));
`;

export const user: ConformanceCase = {
  name: "process/user",
  title: "Runs everything as user 1000 in /workspace, with write access there, at home and in /tmp",
  async run({ create }) {
    const sandbox = await create();
    const { stdout, stderr } = await runInside(sandbox, nodeScript(script));
    assert.equal(stdout.toString(), '[1000,1000,[],"/workspace","/home/agent"]\n', stderr.toString());
    const { exit } = await runInside(sandbox, ["sh", "-c", "echo > /etc/not-mine"]);
    assert.notEqual(exit.exitCode, 0, "It may write to /etc");
  },
};
