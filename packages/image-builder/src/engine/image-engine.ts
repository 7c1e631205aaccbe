import type { Readable } from "node:stream";
import type { PrepareOptions, PrepareProgress } from "@glovebox/core/provider";

/** Options of every call to an image engine. */
export interface ImageCallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** An image, as the engine has it. */
export interface ImageFacts {
  /** `sha256:…`. */
  readonly id: string;
  /** Its names with their tags. */
  readonly names: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What its programs run on, as in Go: `amd64`, `arm64`. */
  readonly architecture: string;
}

/** One step of an image. */
export interface ImageLayer {
  /** The instruction that made it, as the engine records it. */
  readonly step: string;
  readonly sizeBytes: number;
}

/** How an engine pulls an image. */
export interface PullOptions extends ImageCallOptions {
  /** In place of the logins that the engine's own command has stored. */
  readonly registryLogin?: PrepareOptions["registryLogin"] | undefined;
  /** Where stored logins are looked up. */
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
}

/** How an engine pushes an image. */
export interface PushOptions extends ImageCallOptions {
  /** Where stored logins are looked up. */
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
}

/** How an engine imports a root file system as an image. */
export interface ImportOptions extends ImageCallOptions {
  /** The name that the image gets, with its tag. */
  readonly reference: string;
  /** The root file system, as a tar stream. */
  readonly tar: Readable;
  /** Dockerfile instructions for the image's configuration: `ENV …`, `CMD …`. */
  readonly changes: readonly string[];
}

/** How an engine builds an image from a Dockerfile. */
export interface BuildOptions extends ImageCallOptions {
  /** The build context, as a tar stream. */
  readonly context: Readable;
  /** The Dockerfile's path inside the context. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** What is built, for messages: `the sandbox image`. */
  readonly what: string;
  /** What the user can do when a step fails. */
  readonly hint?: string | undefined;
  /** Takes no step from the cache. */
  readonly noCache?: boolean | undefined;
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
}

/** How an engine runs a program in an image. */
export interface RunOptions extends ImageCallOptions {
  readonly argv: readonly string[];
  /** `1000:1000`. */
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a program in an image printed, and how it ended. */
export interface RunResult {
  /** 127 where the image has no such program. */
  readonly exitCode: number;
  /** Both streams together, at most 64 KiB. */
  readonly output: string;
}

/** Read access to an image's files. Nothing of the image is run. */
export interface ImageFiles {
  /** A file or directory as a tar stream, links not followed; `undefined` where the image has none. */
  readonly archive: (path: string) => Promise<Readable | undefined>;
  readonly exists: (path: string) => Promise<boolean>;
}

/** An image in the engine's list, once for each name. */
export interface ListedImage {
  readonly id: string;
  /** Name and tag, without a registry. */
  readonly reference: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  readonly createdAt: Date;
  /** Containers made from it, running or not. */
  readonly containers: number;
}

/**
 * What image building needs of a container engine. Each call rejects with a `SandboxError` and has a time limit of its
 * own, except for `build`, `pull`, `push` and `importImage`, which only `signal` ends.
 */
export interface ImageEngine {
  /** The provider that its errors and templates carry. */
  readonly providerId: string;
  /** The command that users know it by, for hints: `docker`. */
  readonly command: string;
  /** `undefined` where the engine has no image of this name or id. */
  inspect(reference: string, options?: ImageCallOptions): Promise<ImageFacts | undefined>;
  /** Images with names in these repositories. */
  list(repositories: readonly string[], options?: ImageCallOptions): Promise<readonly ListedImage[]>;
  /** A name without a tag means `latest`. */
  pull(reference: string, options: PullOptions): Promise<void>;
  /**
   * Uploads the image of this name to the registry that the name begins with, with the login that the engine's command has
   * stored for it. Resolves when the registry has it.
   */
  push(reference: string, options: PushOptions): Promise<void>;
  /** Makes an image of a root file system. */
  importImage(options: ImportOptions): Promise<void>;
  /** Resolves to the id of an image without a name. Rejects with `template` when a step fails; the message ends with its output. */
  build(options: BuildOptions): Promise<string>;
  /** Gives an image a name; a name that another image has moves to this one. */
  tag(id: string, reference: string): Promise<void>;
  /**
   * Removes a name, and with its last one the image. False where it is in use, unless `force` takes the name away all the
   * same; true where it is gone, also before.
   */
  remove(reference: string, options?: { readonly force?: boolean | undefined }): Promise<boolean>;
  /** The steps of an image, the last one first; empty where the engine does not record them. */
  history(reference: string, options?: ImageCallOptions): Promise<readonly ImageLayer[]>;
  /** Runs a program in a container without a network, which is removed afterwards. */
  run(image: string, options: RunOptions): Promise<RunResult>;
  readFiles<T>(image: string, read: (files: ImageFiles) => Promise<T>): Promise<T>;
}
