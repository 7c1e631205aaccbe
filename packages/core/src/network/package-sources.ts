import type { CredentialRule, HostRule } from "../provider/egress-policy.ts";

/** What the user's configuration of package managers asks of the network, and what of it goes inside. */
export interface PackageSources {
  /** The hosts of the registries and indexes, which may be at private addresses. */
  readonly allow: readonly HostRule[];
  /** What the configuration holds to log in with: it stays outside. They let packages be read, not published. */
  readonly credentials: readonly CredentialRule[];
  /** The variables that make the package managers inside use the same registries; no user and no password is in them. */
  readonly env: Readonly<Record<string, string>>;
  /** What could not be taken over, one line each, without any value. */
  readonly warnings: readonly string[];
}

/** Where the user's configuration is read. Nothing of a project's directory is. */
export interface PackageSourceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** Default: the system's configuration directory, `/etc`. */
  readonly systemDir?: string;
  /** Where Node.js is installed, whose npm has a global configuration of its own. Default: this process's. */
  readonly nodePrefix?: string;
}
