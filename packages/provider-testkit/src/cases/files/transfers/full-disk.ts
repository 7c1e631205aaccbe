import assert from "node:assert/strict";
import { makeTar } from "../../../archives/make-tar.ts";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import { Patterned } from "../../../bytes/patterned.ts";
import { pieces } from "../../../bytes/pieces.ts";
import { readAll } from "../../../bytes/read-all.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

const diskMiB = 8;

export const fullDisk: ConformanceCase = {
  name: "files/full-disk",
  title: "Fails a write with a file error when the disk is full, and leaves the old file and no partial one",
  requires: ({ resources }) => resources.tmpMiB,
  async run(context) {
    const sandbox = await context.create({ resources: { tmpMiB: diskMiB } });
    const { files } = sandbox;
    await files.writeStream("/tmp/file", pieces("old"));
    const tooMuch = new Patterned(2 * diskMiB * 1024 ** 2);
    await rejectsWith("file", files.writeStream("/tmp/file", tooMuch), "a write that does not fit");
    assert.equal((await readAll(await files.readStream("/tmp/file"))).toString("utf8"), "old");
    assert.deepEqual(
      (await files.list("/tmp")).map(({ path }) => path).filter((path) => path !== "/tmp/file"),
      [],
    );
    const tar = await makeTar([{ name: "large", content: Buffer.alloc(2 * diskMiB * 1024 ** 2, "x") }]);
    await rejectsWith("file", files.putArchive("/tmp/unpacked", pieces(tar)), "an archive that does not fit");
    await files.remove("/tmp/unpacked");
    await files.writeStream("/tmp/file", pieces("there is room again"));
    assert.equal((await files.stat("/tmp/file"))?.size, 19);
  },
};
