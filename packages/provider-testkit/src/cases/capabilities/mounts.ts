import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runInside } from "../../in-sandbox/run-inside.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

export const mounts: ConformanceCase = {
  name: "capabilities/mounts",
  title: "Mounts a host directory at its target, and does not write to a read-only one",
  requires: ({ mounts: claimed }) => claimed,
  async run({ create, provider, spec, list }) {
    const source = await mkdtemp(join(tmpdir(), "glovebox-testkit-"));
    try {
      await chmod(source, 0o777);
      await writeFile(join(source, "of-the-host"), "read me");
      const sandbox = await create({
        mounts: [
          { source, target: "/mnt/read", readOnly: true },
          { source, target: "/mnt/write", readOnly: false },
        ],
      });
      const script = "cat /mnt/read/of-the-host; echo inside > /mnt/write/of-the-sandbox";
      assert.equal(await runShell(sandbox, script), "read me");
      assert.equal(await readFile(join(source, "of-the-sandbox"), "utf8"), "inside\n");
      const refused = await runInside(sandbox, ["/bin/sh", "-c", "echo x > /mnt/read/of-the-host"]);
      assert.notEqual(refused.exit.exitCode, 0, "It wrote to what is read-only");
      assert.equal(await readFile(join(source, "of-the-host"), "utf8"), "read me");
      const { labels } = spec();
      const missing = [{ source: join(source, "missing"), target: "/mnt/x", readOnly: true }];
      await rejectsWith(
        "invalid-options",
        provider.create(spec({ labels, mounts: missing })),
        "a directory that is missing",
      );
      const relative = [{ source: "relative", target: "/mnt/x", readOnly: true }];
      await rejectsWith("invalid-options", provider.create(spec({ labels, mounts: relative })), "a relative directory");
      assert.deepEqual(await list(labels), []);
    } finally {
      await rm(source, { recursive: true, force: true });
    }
  },
};
