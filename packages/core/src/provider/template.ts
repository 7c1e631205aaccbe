import type { CallOptions } from "./call-options.ts";
import type { Secret } from "./secret.ts";

/** What a sandbox starts from, as the caller describes it. The provider makes a {@link Template} of it. */
export interface TemplateSpec {
  readonly base: TemplateBase;
  readonly layers: readonly TemplateLayer[];
}

/** What a template starts from: the provider's own default, an image or a template by its name, or a Dockerfile. */
export type TemplateBase =
  | { readonly kind: "default" }
  /** An image or template by the provider's own name for it. */
  | { readonly kind: "image"; readonly reference: string }
  | {
      readonly kind: "dockerfile";
      /** The Dockerfile on the host; its directory is the build context. */
      readonly path: string;
      readonly buildArgs?: Readonly<Record<string, string>>;
    };

/** What a harness needs to find in the template: one npm package at one version, proven by running it. */
export interface TemplateLayer {
  /** The harness's id. */
  readonly id: string;
  readonly npmPackage: string;
  readonly npmVersion: string;
  /** Run in the finished template as the sandbox's user; must exit 0 and print `check.prints`. */
  readonly check: { readonly argv: readonly string[]; readonly prints: string };
}

/** A prepared template. `reference` means something to the provider that made it and to no other. */
export interface Template {
  readonly providerId: string;
  readonly reference: string;
  /** A digest of everything that went in: equal digests are equal templates. */
  readonly digest: string;
  /**
   * Hosts of the package registries that its own configuration names (npm's, pip's, apt's), where they could be read: `name`,
   * or `name:port` where the port is neither 80 nor 443.
   */
  readonly packageHosts?: readonly string[];
  /** False when this call built it, true when it was there. */
  readonly reused: boolean;
  /** What a user should know of it, in one line: what would make the next start faster. */
  readonly notice?: string;
}

/** What a provider knows of a template that it has built. Whatever it cannot tell is absent. */
export interface TemplateInfo {
  readonly sizeBytes?: number;
  readonly builtAt?: Date;
  /** The steps that it is made of, the last one first. */
  readonly layers?: readonly { readonly step: string; readonly sizeBytes: number }[];
}

/** How a template is removed. */
export interface RemoveTemplateOptions extends CallOptions {
  /** Also while something that Glovebox does not know uses it. Sandboxes that run keep running. */
  readonly force?: boolean;
}

/** A step on the way to a template. */
export interface PrepareProgress {
  /** What is done at the moment, in a few words: `installing packages`. */
  readonly message: string;
  /** A raw line of the build's own output, where there is one. */
  readonly output?: string;
  readonly done?: number;
  readonly total?: number;
}

/** How a template is prepared. */
export interface PrepareOptions extends CallOptions {
  readonly onProgress?: (progress: PrepareProgress) => void;
  /** Builds again although an equal template is there. */
  readonly rebuild?: boolean;
  /** Builds it where the provider could do without and would start more slowly. */
  readonly ensureBuilt?: boolean;
  /** Whose it is: what is built carries the id, so that nobody else's is listed or removed as one's own. */
  readonly owner?: string;
  /**
   * For the registry of an image that the template starts from, in place of what the provider has of its own configuration. A
   * provider that pulls no images has no use for it.
   */
  readonly registryLogin?: { readonly username: string; readonly password: Secret };
}
