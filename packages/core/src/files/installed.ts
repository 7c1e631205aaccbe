import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { SandboxFileError } from "../errors/index.ts";
import { manifestEntrySchema } from "../run/run-result.ts";

const installedSchema = z.object({
  v: z.literal(1),
  /** The files, and the folders that were made for them. */
  entries: z.array(manifestEntrySchema.omit({ change: true })),
});

/** What was put into a workspace beside the project: no work of the agent's, as long as it stays as it is. */
export type Installed = z.infer<typeof installedSchema>;

/** Replaces the file in one step. Any process that collects later reads it. */
export async function writeInstalled(runDir: string, installed: Installed): Promise<void> {
  const path = installedPath(runDir);
  const partial = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(partial, JSON.stringify(installed), { mode: 0o600 });
  await rename(partial, path);
}

/** `null` when nothing was installed. */
export async function readInstalled(runDir: string): Promise<Installed | null> {
  const path = installedPath(runDir);
  try {
    return installedSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new SandboxFileError(`What was installed into the sandbox cannot be read: ${path}`, { cause });
  }
}

function installedPath(runDir: string): string {
  return join(runDir, "installed.json");
}
