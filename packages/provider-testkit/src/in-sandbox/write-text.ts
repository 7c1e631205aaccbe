import type { Sandbox } from "@glovebox/core/provider";
import { pieces } from "../bytes/pieces.ts";

/** Writes a small file. */
export async function writeText(sandbox: Sandbox, path: string, content: string): Promise<void> {
  await sandbox.files.writeStream(path, pieces(content));
}
