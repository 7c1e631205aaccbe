import assert from "node:assert/strict";
import { readTar } from "../../../archives/read-tar.ts";
import { pieces } from "../../../bytes/pieces.ts";
import { readAll } from "../../../bytes/read-all.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

const count = 40;

export const transfersAtOnce: ConformanceCase = {
  name: "files/transfers-at-once",
  title: "Keeps many concurrent transfers apart; after two writes to one file, the last one is whole",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.create();
    const { files } = sandbox;
    const body = (at: number): Buffer => Buffer.alloc(10_000 * at + 1, `file ${at} `);
    const all = Array.from({ length: count }, (_, at) => at);
    await Promise.all(all.map((at) => files.writeStream(`/workspace/many/${at}`, pieces(body(at)))));
    await Promise.all([
      ...all.map(async (at) => {
        const read = await readAll(await files.readStream(`/workspace/many/${at}`));
        assert.ok(read.equals(body(at)), `file ${at} differs`);
      }),
      ...[1, 2, 3].map(async () => {
        assert.equal((await readTar(await files.getArchive("/workspace/many"))).size, count);
      }),
    ]);
    const same = ["a", "b", "c", "d"].map((letter) => letter.repeat(200_000));
    await Promise.all(same.map((content) => files.writeStream("/workspace/same", pieces(content))));
    const last = (await readAll(await files.readStream("/workspace/same"))).toString("utf8");
    assert.ok(same.includes(last), "two writes to one file are not mixed");
  },
};
