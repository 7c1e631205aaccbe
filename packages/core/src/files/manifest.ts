import { z } from "zod";

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
/** One file of a result: its path, mode, size, hash, and how the run has changed it. */
export type ManifestEntry = z.infer<typeof manifestEntrySchema>;

/** Something in the workspace that was not brought back, and why. */
export const skippedEntrySchema = z.object({
  path: z.string(),
  reason: z.string(),
  /** A file past the size caps: the result is not whole without it. */
  pastLimit: z.boolean().optional(),
});
/** Something in the workspace that was not brought back, and why. */
export type SkippedEntry = z.infer<typeof skippedEntrySchema>;

/** A repository that the agent made, by the directory that holds it. */
export const collectedRepositorySchema = z.object({
  path: z.string(),
  /**
   * `restored`: recreated in the output directory, without settings and hooks. `bundle`: its commits are in `file`, which
   * `git clone` takes. `archive`: git could not read it; its files are in the tar archive `file`.
   */
  state: z.enum(["restored", "bundle", "archive"]),
  file: z.string().optional(),
});
export type CollectedRepository = z.infer<typeof collectedRepositorySchema>;

/** What was collected: where it is, and what each file is. */
export const collectedFilesSchema = z.object({
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
  /** What the bundle holds, by name: `HEAD`, `heads/topic`, `stash/0`. At most a hundred. */
  refs: z.array(z.string()).optional(),
  repositories: z.array(collectedRepositorySchema).optional(),
});
/** The files that came back, with a manifest, and what did not come back. */
export type CollectedFiles = z.infer<typeof collectedFilesSchema>;
