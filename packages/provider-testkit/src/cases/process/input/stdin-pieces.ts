import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { TextReader } from "../../../in-sandbox/text-reader.ts";

export const stdinPieces: ConformanceCase = {
  name: "process/stdin-pieces",
  title: "Delivers input as it is written, and ends it when it is closed",
  async run({ shared }) {
    const process = await (await shared()).spawn(["cat"], { stdin: "open" });
    const output = new TextReader(process);
    for (const word of ["one", "two", "three"]) {
      await process.write(Buffer.from(word));
      await output.until(word);
    }
    await process.closeInput();
    await process.closeInput();
    assert.equal((await process.exit).exitCode, 0);
    await rejectsWith(["process", "not-found"], process.write(Buffer.from("late")), "write after the exit");
  },
};
