import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { TextReader } from "../../in-sandbox/text-reader.ts";

const cooked = `
process.on("SIGINT", () => { console.log("interrupted"); process.exit(42); });
console.log("ready");
process.stdin.resume();
`;

/** Says in hexadecimal what it reads as keys, then shows every byte there is. */
const raw = `
process.stdin.setRawMode(true);
process.stdout.write("ready");
let keys = "";
process.stdin.on("data", (bytes) => {
  keys += bytes.toString("hex");
  if (keys.length < 512) return;
  process.stdout.write("<" + keys + ">");
  process.stdin.setRawMode(false);
  process.exit(0);
});
`;

export const terminalKeys: ConformanceCase = {
  name: "optional/terminal-keys",
  title: "Interrupts a program on Ctrl-C, and passes every byte to a program that reads keys",
  requires: ({ pty }) => pty,
  async run({ shared }) {
    const sandbox = await shared();
    const size = { columns: 2000, rows: 24 };
    const interrupted = await sandbox.pty(nodeScript(cooked), size);
    const reader = new TextReader(interrupted);
    await reader.until("ready");
    await interrupted.write(Buffer.from("\x03"));
    await reader.until("interrupted");
    assert.deepEqual(await interrupted.exit, { exitCode: 42, reason: "exited" });

    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const keyed = await sandbox.pty(nodeScript(raw), size);
    const keys = new TextReader(keyed);
    await keys.until("ready");
    await keyed.write(every);
    await keys.until(">");
    assert.ok(keys.text.includes(`<${every.toString("hex")}>`), keys.text);
    assert.equal((await keyed.exit).exitCode, 0);
  },
};
