import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";
import { TextReader } from "../../../in-sandbox/text-reader.ts";
import { writeText } from "../../../in-sandbox/write-text.ts";

const bytes = 16 * 1024 * 1024;

/** Reads its input only when the file is there, and says how much it was. */
const script = `
const { existsSync } = require("node:fs");
const timer = setInterval(() => {
  if (!existsSync(process.argv[1])) return;
  clearInterval(timer);
  let length = 0;
  process.stdin.on("data", (piece) => { length += piece.length; });
  process.stdin.on("end", () => console.log("read " + length));
}, 10);
`;

export const stdinWaits: ConformanceCase = {
  name: "process/stdin-waits",
  title: "Applies back pressure to a writer while the process does not read, and holds up nothing else",
  async run({ shared, makeDirectory }) {
    const sandbox = await shared();
    const gate = `${await makeDirectory(sandbox)}/gate`;
    const process = await sandbox.spawn(nodeScript(script, gate), { stdin: "open" });
    let isWritten = false;
    const writing = process.write(Buffer.alloc(bytes, 1)).then(() => {
      isWritten = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await runInside(sandbox, ["true"], { stdin: Buffer.alloc(100_000) });
    assert.equal(isWritten, false, `${bytes} bytes were taken although the process reads nothing`);
    await writeText(sandbox, gate, "");
    await writing;
    await process.closeInput();
    await new TextReader(process).until(`read ${bytes}\n`);
    assert.equal((await process.exit).exitCode, 0);
  },
};
