import { join } from "node:path";
import { z } from "zod";
import { SandboxFileError } from "../../errors/index.ts";
import { readStateFile } from "../../state/read-state-file.ts";
import { replaceFile } from "../../state/replace-file.ts";
import { manifestEntrySchema } from "../manifest.ts";

const baselineSchema = z.object({
  v: z.literal(1),
  /** The project on the host, a real path. */
  workspace: z.string(),
  /** From the top of the project's repository to the project, with a trailing slash. */
  prefix: z.string(),
  /** The objects that the sandbox's history began with, empty before the first commit; absent when there is no repository inside. */
  known: z.array(z.string()).optional(),
  /** The commit that was checked out; absent before the first one, or without a repository. */
  head: z.string().optional(),
  /** What was staged on the host, as the tree that it makes. */
  indexTree: z.string().optional(),
  /** Whether the content is kept, so that a patch can be made. */
  snapshot: z.boolean(),
  entries: z.array(manifestEntrySchema.omit({ change: true })),
});

/** What went into the sandbox: what a result is compared with, in this process or another one. */
export type Baseline = z.infer<typeof baselineSchema>;

/** Replaces the file in one step, so that a reader finds all of it or nothing. */
export async function writeBaseline(runDirectory: string, baseline: Baseline): Promise<void> {
  await replaceFile(baselinePath(runDirectory), JSON.stringify(baseline));
}

/** `null` when nothing went in, or the upload never finished. */
export async function readBaseline(runDirectory: string): Promise<Baseline | null> {
  return readStateFile(baselinePath(runDirectory), baselineSchema) ?? null;
}

/** Parses a baseline that another machine sent. Throws a `SandboxFileError` for anything else. */
export function parseBaseline(value: unknown): Baseline {
  const parsed = baselineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SandboxFileError("What went into the sandbox cannot be read", { cause: parsed.error });
}

function baselinePath(runDirectory: string): string {
  return join(runDirectory, "baseline.json");
}
