import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { TextReader } from "../../in-sandbox/text-reader.ts";

const script = `
const { isatty } = require("node:tty");
console.log([0, 1, 2].map(isatty).join(), process.env.TERM, process.argv[1]);
console.log("size " + process.stdout.columns + "x" + process.stdout.rows);
process.on("SIGWINCH", () => {
  process.stdout._refreshSize();
  console.log("resized " + process.stdout.columns + "x" + process.stdout.rows);
});
console.log("ready");
process.stdin.resume();
`;

export const terminalSize: ConformanceCase = {
  name: "optional/terminal-size",
  title: "Connects all three streams to a terminal with the right size from the start, and reports a resize",
  requires: ({ pty }) => pty,
  async run({ shared }) {
    const sandbox = await shared();
    const word = `it's "$HOME" \\ *`;
    const terminal = await sandbox.pty(nodeScript(script, word), { columns: 101, rows: 33 });
    const reader = new TextReader(terminal);
    await reader.until("ready");
    assert.ok(reader.text.includes(`true,true,true xterm-256color ${word}\r\n`), reader.text);
    assert.ok(reader.text.includes("size 101x33\r\n"), reader.text);
    await terminal.resize({ columns: 55, rows: 22 });
    await reader.until("resized 55x22");
    await terminal.kill();
    await reader.stop();
    await terminal.resize({ columns: 10, rows: 10 });
  },
};
