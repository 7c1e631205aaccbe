import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTar } from "../../archives/read-tar.ts";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import { readAll } from "../../bytes/read-all.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { worksIn } from "./works-in.ts";

export const reachesMounts: ConformanceCase = {
  name: "files/reaches-mounts",
  title: "Reads and writes through a mounted host directory, and does not write to a read-only one",
  requires: ({ mounts }) => mounts,
  async run(context) {
    const host = mkdtempSync(join(tmpdir(), "glovebox-testkit-"));
    try {
      // Whoever the sandbox's user is on the host.
      chmodSync(host, 0o777);
      writeFileSync(join(host, "from-host"), "from the host");
      const mounts = [
        { source: host, target: "/workspace/shared", readOnly: false },
        { source: host, target: "/workspace/fixed", readOnly: true },
      ];
      const sandbox = await context.create({ mounts });
      await worksIn(sandbox, "/workspace/shared/directory");
      assert.equal(readFileSync(join(host, "directory/written"), "utf8"), "written");
      const read = await readAll(await sandbox.files.readStream("/workspace/fixed/from-host"));
      assert.equal(read.toString("utf8"), "from the host");
      await rejectsWith("file", sandbox.files.writeStream("/workspace/fixed/from-host", pieces("x")), "a write");
      await rejectsWith("file", sandbox.files.remove("/workspace/fixed/from-host"), "a removal");
      const all = await readTar(await sandbox.files.getArchive("/workspace"));
      assert.ok(all.has("shared/from-host") && all.has("fixed/from-host"), "an archive holds what is mounted");
      await sandbox.files.remove("/workspace/shared/directory");
    } finally {
      rmSync(host, { recursive: true, force: true });
    }
  },
};
