import type { Registry } from "./registry.ts";

/** What one package manager's configuration says. */
export interface RegistriesFound {
  readonly registries: readonly Registry[];
  /** What makes the package manager inside use them. */
  readonly env: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}
