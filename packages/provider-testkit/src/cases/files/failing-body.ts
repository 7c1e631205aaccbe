import assert from "node:assert/strict";
import { pieces } from "../../bytes/pieces.ts";
import { readAll } from "../../bytes/read-all.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { until } from "../../in-sandbox/until.ts";

async function* failing(after: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < after; at += 1) yield Buffer.alloc(100_000, "new");
  throw new Error("the body failed");
}

export const failingBody: ConformanceCase = {
  name: "files/failing-body",
  title: "A body that fails rejects the write, leaves the old file as it was, and nothing beside it",
  async run(context) {
    const sandbox = await context.shared();
    const folder = await context.folder(sandbox);
    const { files } = sandbox;
    await files.writeStream(`${folder}/file`, pieces("old"), { mode: 0o640 });
    for (const after of [0, 1, 20]) {
      const toOld = files.writeStream(`${folder}/file`, failing(after));
      await assert.rejects(toOld, `a body that fails after ${after} pieces is not a success`);
      await assert.rejects(files.writeStream(`${folder}/new`, failing(after)));
      await assert.rejects(files.putArchive(`${folder}/archive`, failing(after)));
    }
    const names = async (): Promise<string> => (await files.list(folder)).map(({ path }) => path).join();
    // What a write had begun is cleared away in the sandbox, and a folder may still be made, which the caller is not told.
    const isCleared = async (): Promise<boolean> => {
      await files.remove(`${folder}/archive`);
      return (await names()) === `${folder}/file`;
    };
    await until(isCleared, "only the old file is left");
    assert.equal((await readAll(await files.readStream(`${folder}/file`))).toString("utf8"), "old");
    assert.equal((await files.stat(`${folder}/file`))?.mode, 0o640);
  },
};
