import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

const script = `
const hash = require("node:crypto").createHash("sha256");
let length = 0;
process.stdin.on("data", (bytes) => { hash.update(bytes); length += bytes.length; });
process.stdin.on("end", () => console.log(length, hash.digest("hex")));
`;

export const stdinWhole: ConformanceCase = {
  name: "process/stdin-whole",
  title: "Delivers 1 MiB of input completely, then ends it",
  async run({ shared }) {
    const stdin = randomBytes(1024 * 1024);
    const { stdout } = await runInside(await shared(), nodeScript(script), { stdin });
    assert.equal(stdout.toString(), `${stdin.length} ${createHash("sha256").update(stdin).digest("hex")}\n`);
  },
};
