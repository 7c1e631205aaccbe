import { type ParsedSettings, parseSettings } from "@glovebox/provider-kit";
import { z } from "zod";
import { dockerIdentity } from "./docker-identity.ts";

/** The settings of the Docker provider. */
export const dockerSettings = z.object({
  /** The engine's address: `unix://`, `tcp://`, `ssh://` or `npipe://`. Default: where the docker CLI finds it. */
  host: z.string().min(1).optional(),
  /** Where the default image's base comes from. `auto` uses a registry where one answers, else Debian's packages. */
  base: z.enum(["auto", "registry", "debian"]).optional(),
  /** The engine's runtime for sandboxes: `runsc` for gVisor, `kata`. Default: the engine's own. */
  runtime: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)
    .optional(),
  /** A directory for what is kept between image builds. Default: below `$GLOVEBOX_HOME`. */
  cacheDir: z.string().min(1).optional(),
  /** Asked before a package is installed on this host to build an image; without it nothing is installed. */
  consent: z.custom<() => Promise<boolean>>((value) => typeof value === "function", "must be a function").optional(),
});

/** The settings of the provider. Every one may be left out. */
export type DockerProviderSettings = z.input<typeof dockerSettings>;

/** Throws `invalid-options` for what is not a setting, and names it. */
export function parseDockerSettings(settings: unknown): ParsedSettings<typeof dockerSettings> {
  return parseSettings(dockerIdentity, dockerSettings, settings);
}
