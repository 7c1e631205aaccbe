import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

const words = [
  "",
  " ",
  "$HOME",
  "`id`",
  "$(id)",
  "a b",
  "'\"",
  "\\",
  "\\n",
  "\n",
  "-n",
  "--",
  "*",
  "~",
  "!!",
  "ünï",
  "😀",
  ";&|<>",
  "%s%n",
];

export const argvUntouched: ConformanceCase = {
  name: "process/argv-untouched",
  title: "Passes every argument to the program unchanged, without a shell",
  async run({ shared }) {
    const sandbox = await shared();
    const script = "process.stdout.write(JSON.stringify(process.argv.slice(1)))";
    const { stdout } = await runInside(sandbox, nodeScript(script, ...words));
    assert.deepEqual(JSON.parse(stdout.toString()), words);
    const long = "x".repeat(100 * 1024);
    const { stdout: length } = await runInside(sandbox, nodeScript("console.log(process.argv[1].length)", long));
    assert.equal(length.toString(), `${long.length}\n`);
  },
};
