import type { CollectedFiles, ManifestEntry, SkippedEntry } from "@glovebox/core";
import { z } from "@hono/zod-openapi";

const entrySchema = z
  .object({
    path: z.string(),
    kind: z.enum(["file", "directory", "symlink"]),
    mode: z.string().openapi({ description: "Permission bits in octal: `0644`." }),
    size: z.number().optional().openapi({ description: "In bytes." }),
    sha256: z.string().optional(),
    target: z.string().optional().openapi({ description: "Where a symbolic link points." }),
    change: z.enum(["created", "changed", "unchanged", "deleted"]),
  })
  .openapi("ManifestEntry") satisfies z.ZodType<ManifestEntry>;

const skippedSchema = z.object({
  path: z.string(),
  reason: z.string(),
  pastLimit: z.boolean().optional(),
}) satisfies z.ZodType<SkippedEntry>;

const repositorySchema = z.object({
  path: z.string(),
  state: z.enum(["restored", "bundle", "archive"]),
  file: z.string().optional(),
});

/** The files of a run: what each is, and what was left out. */
export const manifestSchema = z
  .object({
    directory: z.string().openapi({ description: "Always empty: the files are on the server." }),
    complete: z.boolean().openapi({ description: "False when the collection broke off." }),
    bytes: z.number(),
    manifest: z.array(entrySchema),
    skipped: z.array(skippedSchema),
    executable: z.array(z.string()).openapi({ description: "Files that can make a computer execute something." }),
    patch: z.string().optional().openapi({ description: "Absent without a patch; see `/v1/runs/{id}/patch`." }),
    bundle: z.string().optional().openapi({ description: "Absent without commits; see `/v1/runs/{id}/bundle`." }),
    refs: z.array(z.string()).optional().openapi({ description: "What the bundle holds, by name." }),
    repositories: z.array(repositorySchema).optional(),
    baseline: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: "What went into the sandbox, for programs that apply the changes." }),
  })
  .openapi("Manifest") satisfies z.ZodType<CollectedFiles>;
