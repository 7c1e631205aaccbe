import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { TextReader } from "../../in-sandbox/text-reader.ts";

const script = `
process.on("SIGWINCH", () => {
  process.stdout._refreshSize();
  console.log("resized " + process.stdout.columns + "x" + process.stdout.rows);
});
process.stdin.setRawMode(true);
process.stdin.on("data", (keys) => (String(keys) === "q" ? process.exit(9) : console.log("<" + keys + ">")));
console.log("ready");
`;

/** `ready` with its line end, which is all that the terminal has shown then. */
const shownBytes = 7;

export const terminalShared: ConformanceCase = {
  name: "optional/terminal-shared",
  title: "Lets another controller read, type into and resize a terminal that outlives its first handle",
  requires: ({ pty }) => pty,
  async run({ create, newProvider }) {
    const sandbox = await create();
    const first = await sandbox.pty(nodeScript(script), { columns: 90, rows: 30, output: "detached", tag: "shared" });
    await new TextReader(first).until("ready\r\n");
    await sandbox.close();
    const other = await newProvider().connect(sandbox.id);
    try {
      const [found] = (await other.processes()).filter(({ tag }) => tag === "shared");
      assert.equal(found?.id, first.id);
      const terminal = await other.attachTerminal(first.id, 0);
      assert.deepEqual([terminal.size, terminal.outputEnd], [{ columns: 90, rows: 30 }, shownBytes]);
      const reader = new TextReader(terminal);
      await reader.until("ready\r\n");
      await terminal.write(Buffer.from("k"));
      await reader.until("<k>");
      await terminal.resize({ columns: 70, rows: 20 });
      await reader.until("resized 70x20");
      const second = await other.attachTerminal(first.id, terminal.outputEnd);
      assert.deepEqual(second.size, { columns: 70, rows: 20 });
      assert.ok(second.outputEnd > terminal.outputEnd, "What was shown meanwhile counts");
      const secondReader = new TextReader(second);
      await secondReader.until("resized 70x20");
      assert.ok(!secondReader.text.includes("ready"), "It reads from the offset on");
      await second.write(Buffer.from("q"));
      assert.deepEqual(await terminal.exit, { exitCode: 9, reason: "exited" });
      await terminal.resize({ columns: 10, rows: 10 });
      const plain = await other.spawn(["true"]);
      await rejectsWith("invalid-options", other.attachTerminal(plain.id, 0), "a process without a terminal");
      await rejectsWith(["not-found", "invalid-options"], other.attachTerminal("no-such-process", 0), "an unknown id");
    } finally {
      await other.close();
    }
  },
};
