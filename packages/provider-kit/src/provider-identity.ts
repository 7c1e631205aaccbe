/** How a provider is called: in errors (`id`) and in their messages (`name`). */
export interface ProviderIdentity {
  /** A short name in lower case: `docker`. */
  readonly id: string;
  /** The name for people: `Docker`. */
  readonly name: string;
}
