import type { PrepareOptions } from "@glovebox/core/provider";

/** Where the default image's base comes from: a registry, Debian's packages, or the first where it answers. */
export type BaseChoice = "auto" | "registry" | "debian";

/** How `prepareTemplate` makes an image from a template. */
export interface PrepareTemplateOptions extends PrepareOptions {
  /** The supervisor's bundle; the one of `@glovebox/supervisor` by default. */
  readonly supervisorFile?: string;
  readonly base?: BaseChoice;
  /** Where certificates and proxies are read from; the process's own environment by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where temporary directories are made while a base is built; below `$GLOVEBOX_HOME` by default. */
  readonly cacheDir?: string;
  /** Asked before `debootstrap` is installed; without it nothing is installed. */
  readonly consent?: () => Promise<boolean>;
}
