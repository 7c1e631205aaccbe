import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readTar } from "../../../archives/read-tar.ts";
import { pieces } from "../../../bytes/pieces.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runShell } from "../../../in-sandbox/run-shell.ts";

export const keepsHardLinks: ConformanceCase = {
  name: "files/keeps-hard-links",
  title: "Archives a file with two names whole under both; writing to one leaves the other unchanged",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    await runShell(sandbox, 'cd "$1"; printf content > one; ln one two; mkdir sub; ln one sub/three', [directory]);
    const archive = await readTar(await sandbox.files.getArchive(directory));
    const sha256 = createHash("sha256").update("content").digest("hex");
    const byName = (name: string): string | undefined => {
      const entry = archive.get(name);
      // A reference to another entry of the same archive will do.
      return entry?.type === "link" ? archive.get(entry.linkname ?? "")?.sha256 : entry?.sha256;
    };
    for (const name of ["one", "two", "sub/three"]) assert.equal(byName(name), sha256, name);
    await sandbox.files.writeStream(`${directory}/two`, pieces("changed"));
    assert.equal(await runShell(sandbox, 'cd "$1"; cat one sub/three two', [directory]), "contentcontentchanged");
  },
};
