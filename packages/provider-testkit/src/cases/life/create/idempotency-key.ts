import assert from "node:assert/strict";
import { SandboxError } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { readText } from "../../../in-sandbox/read-text.ts";
import { writeText } from "../../../in-sandbox/write-text.ts";

export const idempotencyKey: ConformanceCase = {
  name: "life/idempotency-key",
  title: "Finds the sandbox that a key created, also from another controller; two concurrent calls never create two",
  async run({ create, newProvider, spec, list }) {
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
    const contested = `${key} and another / key?`;
    const racing = [newProvider(), newProvider()].map((controller) =>
      controller.create(spec({ labels, idempotencyKey: contested })),
    );
    for (const outcome of await Promise.allSettled(racing)) {
      if (outcome.status === "fulfilled") await outcome.value.close();
      else {
        const { reason } = outcome;
        assert.ok(SandboxError.isInstance(reason) && (reason.retryable || reason.mayHaveCreated), String(reason));
      }
    }
    const settled = await create({ labels, idempotencyKey: contested });
    assert.deepEqual((await list(labels)).map(({ id }) => id).sort(), [first.id, settled.id].sort());
  },
};
