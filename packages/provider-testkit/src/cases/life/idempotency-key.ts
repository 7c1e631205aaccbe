import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { readText } from "../../in-sandbox/read-text.ts";
import { writeText } from "../../in-sandbox/write-text.ts";

export const idempotencyKey: ConformanceCase = {
  name: "life/idempotency-key",
  title: "The same key finds what it made, from another controller and at the same time too; another key makes another",
  async run({ create, newProvider, spec, list, own }) {
    const { labels, idempotencyKey: key } = spec();
    const first = await create({ labels, idempotencyKey: key });
    await writeText(first, "/workspace/mark", "first");
    await first.close();
    const again = await Promise.all([
      create({ labels, idempotencyKey: key }),
      newProvider().create(spec({ labels, idempotencyKey: key })),
    ]);
    for (const sandbox of again) {
      assert.equal(sandbox.id, first.id);
      assert.equal(await readText(sandbox, "/workspace/mark"), "first");
      await sandbox.close();
    }
    const key2 = `${key} and another / key?`;
    const both = await Promise.all([1, 2].map(() => newProvider().create(spec({ labels, idempotencyKey: key2 }))));
    for (const sandbox of both) {
      own(sandbox.id);
      await sandbox.close();
    }
    assert.equal(both[0]?.id, both[1]?.id, "Two at the same time made two");
    assert.deepEqual((await list(labels)).map(({ id }) => id).sort(), [first.id, both[0]?.id].sort());
  },
};
