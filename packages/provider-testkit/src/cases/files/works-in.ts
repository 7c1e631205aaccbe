import assert from "node:assert/strict";
import type { Sandbox } from "@glovebox/core/provider";
import { makeTar } from "../../archives/make-tar.ts";
import { readTar } from "../../archives/read-tar.ts";
import { pieces } from "../../bytes/pieces.ts";
import { readAll } from "../../bytes/read-all.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

/** Everything there is to do with a directory: what goes in is seen inside, what is made inside comes out. */
export async function worksIn(sandbox: Sandbox, directory: string): Promise<void> {
  const { files } = sandbox;
  await files.makeDirectory(directory);
  await files.writeStream(`${directory}/written`, pieces("written"));
  await files.putArchive(`${directory}/unpacked`, pieces(await makeTar([{ name: "file", content: "unpacked" }])));
  assert.equal(await runShell(sandbox, 'cat "$1/written" "$1/unpacked/file"', [directory]), "writtenunpacked");
  await runShell(sandbox, 'printf inside > "$1/inside"', [directory]);
  assert.equal((await readAll(await files.readStream(`${directory}/inside`))).toString("utf8"), "inside");
  const names = ["inside", "unpacked", "unpacked/file", "written"];
  assert.deepEqual([...(await readTar(await files.getArchive(directory))).keys()].sort(), names, directory);
}
