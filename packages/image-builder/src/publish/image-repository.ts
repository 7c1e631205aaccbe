import { arch } from "node:os";
import { InvalidOptionsError, TemplateError } from "@glovebox/core/provider";
import type { ImageEngine } from "../engine/image-engine.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { parseImageName } from "../registry/image-name.ts";
import { RegistryClient } from "../registry/registry-client.ts";

/** What an image in a repository is for: a whole sandbox, or Glovebox's own programs alone. */
export type PublishedKind = "sandbox" | "tools";

/** An image in a registry. */
export interface PublishedImage {
  /** By digest: `registry.example/team/glovebox@sha256:…`. */
  readonly reference: string;
  /** The name by which it is found again: `registry.example/team/glovebox:sandbox-…`. */
  readonly tag: string;
  /** Of everything that went in, hexadecimal. */
  readonly digest: string;
  /** Whether it was there before. */
  readonly reused: boolean;
}

/** Which repository of a registry, and how what is missing gets there. */
export interface ImageRepositoryOptions {
  /** `registry.example/team/glovebox`, without a tag; `http://` in front for a registry without TLS. */
  readonly repository: string;
  /** What the images' programs run on: `amd64` or `arm64`. Default: as this host. */
  readonly architecture?: string | undefined;
  /** The engine that builds and pushes; asked for only when an image is missing. */
  readonly engine: () => Promise<ImageEngine>;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

const digestCharacters = 24;

/**
 * A repository of an image registry that holds the images of sandboxes, each under a tag that is made of its content. What
 * is there is found by asking the registry alone.
 */
export class ImageRepository {
  readonly repository: string;
  readonly architecture: string;
  readonly engine: () => Promise<ImageEngine>;
  readonly #client: RegistryClient;
  readonly #env: NodeJS.ProcessEnv;

  constructor({ repository, architecture = hostArchitecture(), engine, env = process.env }: ImageRepositoryOptions) {
    const name = repository.replace(/^https?:\/\//, "").replace(/\/$/, "");
    this.repository = checkedRepository(name);
    this.architecture = architecture;
    this.engine = engine;
    this.#env = env;
    this.#client = new RegistryClient({ env, plainHttp: repository.startsWith("http://") });
  }

  /** Finds the first image that is there, of those that would do. */
  async find(
    kind: PublishedKind,
    digests: readonly string[],
    { signal }: Pick<PrepareTemplateOptions, "signal"> = {},
  ): Promise<PublishedImage | undefined> {
    for (const digest of digests) {
      const tag = this.#tag(kind, digest);
      const resolved = await this.#client.resolve(tag, { signal });
      if (resolved !== undefined) return { reference: `${this.repository}@${resolved}`, tag, digest, reused: true };
    }
    return undefined;
  }

  /** Pushes an image of the engine. Rejects with `template` where it is of another architecture. */
  async push(
    kind: PublishedKind,
    image: { readonly reference: string; readonly digest: string },
    { signal, onProgress }: PrepareTemplateOptions = {},
  ): Promise<PublishedImage> {
    const engine = await this.engine();
    await this.#requireArchitecture(engine, image.reference, signal);
    const tag = this.#tag(kind, image.digest);
    await engine.tag(image.reference, tag);
    try {
      await engine.push(tag, { env: this.#env, onProgress, signal });
    } finally {
      // The image keeps its own name. With this one `glovebox image rm` would not free its space.
      await engine.remove(tag);
    }
    const resolved = await this.#client.resolve(tag, { signal });
    if (resolved === undefined)
      throw new TemplateError(`The registry does not have ${tag} although it was pushed`, {
        providerId: engine.providerId,
      });
    return { reference: `${this.repository}@${resolved}`, tag, digest: image.digest, reused: false };
  }

  #tag(kind: PublishedKind, digest: string): string {
    return `${this.repository}:${kind}-${digest.slice(0, digestCharacters)}-${this.architecture}`;
  }

  async #requireArchitecture(engine: ImageEngine, reference: string, signal: AbortSignal | undefined): Promise<void> {
    const { architecture } = (await engine.inspect(reference, { signal })) ?? {};
    if (architecture === undefined || architecture === this.architecture) return;
    throw new TemplateError(`${engine.command} builds images for ${architecture}, and ${this.architecture} is needed`, {
      providerId: engine.providerId,
      hint: `Run \`glovebox image push ${this.repository}\` on a machine with ${this.architecture} once; others then find the image.`,
    });
  }
}

/** This host's architecture in the registries' words. */
export function hostArchitecture(): string {
  return arch() === "x64" ? "amd64" : arch();
}

function checkedRepository(name: string): string {
  const { tag, digest, repository } = parseImageName(name);
  if (tag === undefined && digest === undefined) return repository;
  throw new InvalidOptionsError(`${name} has a tag or a digest: only a repository is meant`, {
    hint: "Write it as registry.example/team/glovebox.",
  });
}
