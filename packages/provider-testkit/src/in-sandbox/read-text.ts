import type { Sandbox } from "@glovebox/core/provider";
import { readAll } from "../bytes/read-all.ts";

/** A small file's content. */
export async function readText(sandbox: Sandbox, path: string): Promise<string> {
  return (await readAll(await sandbox.files.readStream(path))).toString("utf8");
}
