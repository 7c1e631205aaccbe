import { z } from "zod";
import { InvalidOptionsError } from "../errors/index.ts";
import { runOutcomeSchema } from "../events/run-event.ts";
import { readArchivePath } from "../files/paths/archive-path.ts";
import { hasDotGit } from "../files/paths/dot-git.ts";
import { safeName } from "../text/safe-name.ts";
import { sessionLimits } from "./session-limits.ts";

/** What the manifest of a session file calls its format, and the version that this program writes and reads. */
export const sessionFormat = { name: "glovebox-session", version: 1 } as const;

const bytes = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const text = (length: number) => z.string().max(length);

const stateShape = {
  kind: z.enum(["file", "directory", "symlink"]),
  mode: z.string().regex(/^[0-7]{4}$/),
  size: bytes.optional(),
  sha256: sha256.optional(),
  target: text(4096).optional(),
};

const fileSchema = z.strictObject({
  path: text(4096).min(1),
  ...stateShape,
  change: z.enum(["created", "changed", "deleted"]),
  /** What the project had there when the run began. */
  before: z.strictObject(stateShape).optional(),
});

/** One change of the workspace in a session file. */
export type SessionFileEntry = z.infer<typeof fileSchema>;

/** The manifest of a session file, its first entry. Strict: a reader knows everything in it, or refuses the file. */
const sessionManifestSchema = z.strictObject({
  format: z.literal(sessionFormat.name),
  version: z.literal(sessionFormat.version),
  createdAt: z.iso.datetime(),
  run: z.strictObject({
    id: text(64),
    startedAt: z.iso.datetime(),
    durationMs: z.number().nonnegative(),
    outcome: runOutcomeSchema,
    reason: text(4000),
    promptPreview: text(1000),
    turns: z.number().nonnegative().optional(),
    costUsd: z.number().nonnegative().optional(),
  }),
  harness: z.strictObject({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/) }),
  /** The conversation's id, as the harness knows it. */
  session: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/) }),
  /** What the run ran with, for whoever continues it to read. Nothing takes it over by itself. */
  settings: z.strictObject({ provider: text(64), model: text(200).optional(), network: text(32).optional() }),
  /** Whether the run had a project, of which the files are the changes. */
  hasProject: z.boolean(),
  /** The project's commit when the run began. */
  baseCommit: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
    .optional(),
  conversation: z
    .array(z.strictObject({ path: text(1024).min(1), size: bytes, sha256 }))
    .max(sessionLimits.conversationFiles),
  files: z.array(fileSchema).max(sessionLimits.workspaceFiles),
  /** How many secrets were taken out. */
  masked: z.strictObject({ conversation: bytes, files: bytes }),
});

/** What a session file holds, and of which run. */
export type SessionManifest = z.infer<typeof sessionManifestSchema>;

const versionSchema = z.object({ format: z.literal(sessionFormat.name), version: z.number() });

/** Parses the first entry of a session file. Throws `invalid-options` for anything but a manifest that is whole and consistent. */
export function parseSessionManifest(bytes: Buffer): SessionManifest {
  const found = parse(bytes);
  const known = versionSchema.safeParse(found);
  if (!known.success) throw new InvalidOptionsError("The file is not a session that Glovebox exported");
  const { version } = known.data;
  if (version !== sessionFormat.version) {
    throw new InvalidOptionsError(
      `The session file has version ${version}, and this Glovebox reads ${sessionFormat.version}`,
      {
        hint: version > sessionFormat.version ? "Update Glovebox." : "Export the session again.",
      },
    );
  }
  const manifest = sessionManifestSchema.safeParse(found);
  if (!manifest.success) {
    const [issue] = manifest.error.issues;
    throw damagedSession(`its manifest is wrong at ${issue?.path.join(".") || "its top"}`);
  }
  checkConsistency(manifest.data);
  return manifest.data;
}

/** The error for a session file that is damaged or was made to do harm. */
export function damagedSession(reason: string): InvalidOptionsError {
  return new InvalidOptionsError(`The session file is damaged, or somebody changed it: ${reason}`);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new InvalidOptionsError("The file is not a session that Glovebox exported");
  }
}

function checkConsistency({ conversation, files }: SessionManifest): void {
  for (const list of [conversation, files]) {
    const paths = list.map(({ path }) => path);
    if (new Set(paths).size !== paths.length) throw damagedSession("its manifest names a file twice");
  }
  for (const { path, kind, change, size, sha256: hash, target } of files) {
    // Also of what was deleted: nothing is extracted by it, and it is compared with files of this host.
    if (!isPlainPath(path)) throw damagedSession(`${safeName(path)} is no path of a workspace`);
    const isContent = kind === "file" && change !== "deleted";
    if (isContent && (size === undefined || hash === undefined)) throw damagedSession("a file has no size or hash");
    if (kind === "symlink" && change !== "deleted" && target === undefined)
      throw damagedSession("a link has no target");
  }
  const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0);
  if (sum(conversation.map(({ size }) => size)) > sessionLimits.conversationBytes) throw tooLarge("conversation");
  if (sum(contentsOf(files).map(({ size }) => size)) > sessionLimits.workspaceBytes) throw tooLarge("workspace");
}

function isPlainPath(path: string): boolean {
  const read = readArchivePath(Buffer.from(path));
  return "path" in read && read.path === path && path !== "" && !hasDotGit(path);
}

function tooLarge(what: string): InvalidOptionsError {
  return new InvalidOptionsError(`The ${what} in the session file is too large`);
}

/** The files whose content the session file holds. */
export function contentsOf(
  files: readonly SessionFileEntry[],
): readonly { readonly path: string; readonly size: number; readonly sha256: string }[] {
  return files.flatMap(({ path, kind, change, size, sha256: hash }) =>
    kind === "file" && change !== "deleted" && size !== undefined && hash !== undefined
      ? [{ path, size, sha256: hash }]
      : [],
  );
}
