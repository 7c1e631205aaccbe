import assert from "node:assert/strict";
import { makeTar } from "../../../archives/make-tar.ts";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import { pieces } from "../../../bytes/pieces.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const refusesCutArchives: ConformanceCase = {
  name: "files/refuses-cut-archives",
  title:
    "Rejects an upload of a truncated archive, wherever it is cut: in a header, in or between files, before its end mark",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const content = Buffer.alloc(70_000, "content ");
    const tar = await makeTar([
      { name: "one", content },
      { name: "two", content: "short" },
      { name: "zeros", content: Buffer.alloc(4096) },
    ]);
    const ofOne = 512 + Math.ceil(content.length / 512) * 512;
    const ends = { "at once": 0, "in a header": 300, "after a header": 512, "in a file": 30_000, "between two": ofOne };
    const lateCuts = { "after zeros": tar.length - 1024, "in the end mark": tar.length - 1024 + 512 };
    for (const [where, bytes] of Object.entries({ ...ends, ...lateCuts })) {
      const cut = sandbox.files.putArchive(`${directory}/cut`, pieces(tar.subarray(0, bytes)));
      await rejectsWith("file", cut, `an archive that ends ${where}`);
    }
    const noise = sandbox.files.putArchive(`${directory}/noise`, pieces(Buffer.alloc(20_000, "no tar at all")));
    await rejectsWith("file", noise, "what is no archive");
    await sandbox.files.putArchive(`${directory}/whole`, pieces(tar.subarray(0, 40_000), tar.subarray(40_000)));
    assert.equal((await sandbox.files.list(`${directory}/whole`)).length, 3);
  },
};
