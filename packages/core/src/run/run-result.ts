import { z } from "zod";
import { cleanupSchema, runOutcomeSchema } from "../events/run-event.ts";

/** One file of the result. Paths are relative to the workspace, with forward slashes. */
export const manifestEntrySchema = z.object({
  path: z.string(),
  kind: z.enum(["file", "directory", "symlink"]),
  /** Permission bits as octal text: `0644`. */
  mode: z.string(),
  /** In bytes; absent for what is not a file. */
  size: z.number().optional(),
  /** Of a file's content, lower-case hex. */
  sha256: z.string().optional(),
  /** Where a symlink points, as written. */
  target: z.string().optional(),
  change: z.enum(["created", "changed", "unchanged", "deleted"]),
});
export type ManifestEntry = z.infer<typeof manifestEntrySchema>;

/** Something in the workspace that was not brought back, and why. */
export const skippedEntrySchema = z.object({
  path: z.string(),
  reason: z.string(),
  /** A file past the size caps: the result is not whole without it. */
  pastLimit: z.boolean().optional(),
});
export type SkippedEntry = z.infer<typeof skippedEntrySchema>;

export const runResultSchema = z.object({
  v: z.literal(1),
  runId: z.string(),
  outcome: runOutcomeSchema,
  /** Why, in one line. */
  reason: z.string(),
  hint: z.string().optional(),
  exitCode: z.number(),
  cleanup: cleanupSchema,
  providerId: z.string(),
  sandboxId: z.string().optional(),
  harnessId: z.string(),
  sessionId: z.string().optional(),
  startedAt: z.string(),
  durationMs: z.number(),
  /** The harness's last word. */
  message: z.string().optional(),
  turns: z.number().optional(),
  /** In US dollars: as the gateway read it where it can, else as the harness says. Absent when nobody knows. */
  costUsd: z.number().optional(),
  /** What the models were allowed to cost. */
  maxCostUsd: z.number().optional(),
  tokens: z.object({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() }).optional(),
  /** Absent when the run ended before there was anything to collect. */
  files: z
    .object({
      /** Where they are, on the host. */
      directory: z.string(),
      /** False when the collection broke off: then nothing is called deleted. */
      complete: z.boolean(),
      manifest: z.array(manifestEntrySchema),
      skipped: z.array(skippedEntrySchema),
      /** Created or changed files that can make a host execute something: hooks, tasks, package scripts. */
      executable: z.array(z.string()),
      bytes: z.number(),
      /** With a workspace: the changes as a git patch, and the agent's commits as a git bundle. */
      patch: z.string().optional(),
      bundle: z.string().optional(),
    })
    .optional(),
});
export type RunResult = z.infer<typeof runResultSchema>;
