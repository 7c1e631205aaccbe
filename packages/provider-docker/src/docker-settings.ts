import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";

const settingsSchema = z.strictObject({
  host: z.string().min(1).optional(),
  base: z.enum(["auto", "registry", "debian"]).optional(),
  runtime: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)
    .optional(),
  cacheDir: z.string().min(1).optional(),
  consent: z.custom<() => Promise<boolean>>((value) => typeof value === "function", "must be a function").optional(),
});

export interface DockerProviderSettings {
  /** The engine's address: `unix://`, `tcp://`, `ssh://` or `npipe://`. As the docker CLI finds it unless given. */
  readonly host?: string;
  /** Where the default image's base comes from. `auto` takes a registry where one answers, else Debian's packages. */
  readonly base?: "auto" | "registry" | "debian";
  /** The engine's runtime for sandboxes: `runsc` for gVisor, `kata`. The engine's default unless given. */
  readonly runtime?: string;
  /** A folder for what is kept between image builds. Below `$GLOVEBOX_HOME` unless given. */
  readonly cacheDir?: string;
  /** Asked before a package is installed on this host to build an image; without it nothing is installed. */
  readonly consent?: () => Promise<boolean>;
}

/** Throws `invalid-options` for what is not a setting, and names it. */
export function parseDockerSettings(settings: unknown): DockerProviderSettings {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) {
    const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given);
  }
  throw new InvalidOptionsError(`The settings of the Docker provider are wrong: ${z.prettifyError(parsed.error)}`, {
    providerId: "docker",
    hint: "See the settings in the README of @glovebox/provider-docker.",
    cause: parsed.error,
  });
}
