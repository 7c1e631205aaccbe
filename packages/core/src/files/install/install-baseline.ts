import { join } from "node:path";
import { z } from "zod";
import { readStateFile } from "../../state/read-state-file.ts";
import { replaceFile } from "../../state/replace-file.ts";
import { manifestEntrySchema } from "../manifest.ts";

const installBaselineSchema = z.object({
  v: z.literal(1),
  /** The files, and the directories that were made for them. */
  entries: z.array(manifestEntrySchema.omit({ change: true })),
});

/** What was put into a workspace beside the project: no work of the agent's, as long as it stays as it is. */
export type InstallBaseline = z.infer<typeof installBaselineSchema>;

/** Replaces the file in one step. Any process that collects later reads it. */
export async function writeInstallBaseline(runDirectory: string, installed: InstallBaseline): Promise<void> {
  await replaceFile(installBaselinePath(runDirectory), JSON.stringify(installed));
}

/** `null` when nothing was installed. */
export async function readInstallBaseline(runDirectory: string): Promise<InstallBaseline | null> {
  return readStateFile(installBaselinePath(runDirectory), installBaselineSchema) ?? null;
}

function installBaselinePath(runDirectory: string): string {
  return join(runDirectory, "installed.json");
}
