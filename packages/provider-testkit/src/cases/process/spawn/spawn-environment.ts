import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

const script =
  "console.log(JSON.stringify([process.cwd(), ...['PWD', 'ONE', 'TWO', 'THREE'].map((name) => process.env[name])]))";

export const spawnEnvironment: ConformanceCase = {
  name: "process/spawn-environment",
  title: "Gives a process its own directory, and its environment on top of the sandbox's",
  async run({ create }) {
    const sandbox = await create({ env: { PATH: "/usr/local/bin:/usr/bin:/bin", ONE: "sandbox", TWO: "sandbox" } });
    await sandbox.files.makeDirectory("/workspace/a directory");
    const cwd = "/workspace/a directory";
    const options = { cwd, env: { TWO: "process", THREE: "$ONE\n'\"" } };
    const { stdout } = await runInside(sandbox, nodeScript(script), options);
    assert.deepEqual(JSON.parse(stdout.toString()), [cwd, cwd, "sandbox", "process", "$ONE\n'\""]);
    const { stdout: untold } = await runInside(sandbox, nodeScript(script));
    assert.deepEqual(JSON.parse(untold.toString()), ["/workspace", "/workspace", "sandbox", "sandbox", null]);
  },
};
