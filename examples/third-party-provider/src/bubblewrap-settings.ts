import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";

const absolutePath = z.string().startsWith("/", "must be an absolute path");

const settingsSchema = z.strictObject({
  stateDir: absolutePath.optional(),
  rootfs: absolutePath.optional(),
  bwrap: z.string().min(1).optional(),
});

export interface BubblewrapSettings {
  /** Where sandboxes and templates lie. `bubblewrap` below `$GLOVEBOX_HOME` or `~/.glovebox` unless given. */
  readonly stateDir?: string;
  /** The system that sandboxes see, read-only: a folder that holds `usr`, as debootstrap makes it. This host's unless given. */
  readonly rootfs?: string;
  /** The program. `bwrap` from the PATH unless given. */
  readonly bwrap?: string;
}

/** The settings with every default filled in. */
export type ResolvedSettings = Required<BubblewrapSettings>;

/** Throws `invalid-options` for what is not a setting, and names it. */
export function parseSettings(settings: unknown): ResolvedSettings {
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join(".");
    throw new InvalidOptionsError(
      `The settings of the bubblewrap provider are wrong: ${where ? `${where}: ` : ""}${issue?.message}`,
      { providerId: "bubblewrap", hint: "There are stateDir, rootfs and bwrap.", cause: parsed.error },
    );
  }
  const { stateDir, rootfs = "/", bwrap = "bwrap" } = parsed.data;
  return { stateDir: stateDir ?? join(gloveboxHome(), "bubblewrap"), rootfs, bwrap };
}

function gloveboxHome(): string {
  return resolve(process.env.GLOVEBOX_HOME || join(homedir(), ".glovebox"));
}
