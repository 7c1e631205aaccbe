import type { Sandbox } from "@glovebox/core/provider";
import { runNode } from "./run-node.ts";

const script = `
const { openSync, writeSync, fsyncSync } = require("node:fs");
const file = openSync(process.argv[1], "w");
const mebibyte = Buffer.alloc(1048576, 1);
let mebibytes = 0;
let code = "";
try { for (; mebibytes < Number(process.argv[2]); mebibytes += 1) { writeSync(file, mebibyte); fsyncSync(file); } }
catch (error) { code = error.code; }
console.log(JSON.stringify({ mebibytes, code }));
`;

/** Writes a file until it has the given number of MiB or the system refuses; then `code` says why. */
export async function fillUp(
  sandbox: Sandbox,
  path: string,
  mebibytes: number,
): Promise<{ readonly mebibytes: number; readonly code: string }> {
  return JSON.parse(await runNode(sandbox, script, [path, String(mebibytes)]));
}
