import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { SandboxFileError } from "../errors/index.ts";
import { manifestEntrySchema } from "../run/run-result.ts";

const baselineSchema = z.object({
  v: z.literal(1),
  /** The project on the host, a real path. */
  workspace: z.string(),
  /** From the top of the project's repository to the project, with a trailing slash. */
  prefix: z.string(),
  /** The commit that the sandbox's history ends with; absent when no history went in. */
  head: z.string().optional(),
  /** Whether the content is kept, so that a patch can be made. */
  snapshot: z.boolean(),
  entries: z.array(manifestEntrySchema.omit({ change: true })),
});

/** What went into the sandbox: what a result is compared with, in this process or another one. */
export type Baseline = z.infer<typeof baselineSchema>;

/** Replaces the file in one step, so that a reader finds all of it or nothing. */
export async function writeBaseline(runDir: string, baseline: Baseline): Promise<void> {
  const path = baselinePath(runDir);
  const partial = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(partial, JSON.stringify(baseline), { mode: 0o600 });
  await rename(partial, path);
}

/** `null` when nothing went in, or the upload never finished. */
export async function readBaseline(runDir: string): Promise<Baseline | null> {
  let text: string;
  try {
    text = await readFile(baselinePath(runDir), "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new SandboxFileError(`What went into the sandbox cannot be read: ${baselinePath(runDir)}`, { cause });
  }
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SandboxFileError(`What went into the sandbox is recorded unreadably: ${baselinePath(runDir)}`, { cause });
  }
}

function baselinePath(runDir: string): string {
  return join(runDir, "baseline.json");
}
