import assert from "node:assert/strict";
import { pieces } from "../../../bytes/pieces.ts";
import { readAll } from "../../../bytes/read-all.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { until } from "../../../in-sandbox/until.ts";

async function* failing(after: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < after; at += 1) yield Buffer.alloc(100_000, "new");
  throw new Error("the body failed");
}

export const failingBody: ConformanceCase = {
  name: "files/failing-body",
  title: "Rejects a write whose body fails, and leaves the old file and nothing else",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const { files } = sandbox;
    await files.writeStream(`${directory}/file`, pieces("old"), { mode: 0o640 });
    for (const after of [0, 1, 20]) {
      const toOld = files.writeStream(`${directory}/file`, failing(after));
      await assert.rejects(toOld, `a body that fails after ${after} pieces is not a success`);
      await assert.rejects(files.writeStream(`${directory}/new`, failing(after)));
      await assert.rejects(files.putArchive(`${directory}/archive`, failing(after)));
    }
    const names = async (): Promise<string> => (await files.list(directory)).map(({ path }) => path).join();
    // The sandbox removes a partial write by itself, and may still create a directory, after the caller has its error.
    const isCleared = async (): Promise<boolean> => {
      await files.remove(`${directory}/archive`);
      return (await names()) === `${directory}/file`;
    };
    await until(isCleared, "only the old file is left");
    assert.equal((await readAll(await files.readStream(`${directory}/file`))).toString("utf8"), "old");
    assert.equal((await files.stat(`${directory}/file`))?.mode, 0o640);
  },
};
