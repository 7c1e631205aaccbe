import type { PrepareOptions, SandboxProvider, Template, TemplateLayer } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import type { EnvdProgram } from "../envd-file.ts";
import { makeBuildDirectory } from "./build-directory.ts";
import type { BuiltInTemplate } from "./built-in-template.ts";
import { firstContext, type TemplateContext } from "./template-context.ts";
import type { BuildSource } from "./template-record.ts";
import type { UploadDirectory } from "./upload-directory.ts";

export interface TemplateImagesOptions {
  readonly provider: SandboxProvider;
  /** Whose the images are, at the provider. */
  readonly owner: string;
  readonly envd: EnvdProgram;
  readonly uploads: UploadDirectory;
  /** A directory for what is being built. */
  readonly buildDir: string;
  readonly builtIns: ReadonlyMap<string, BuiltInTemplate>;
  /** Ends what is being made for everyone. */
  readonly signal: AbortSignal;
  /** What a build was made from; `undefined` for one that is gone. */
  readonly sourceOf: (buildId: string) => BuildSource | undefined;
}

/** The starting point of a build. */
interface Start {
  readonly reference: string;
  readonly isReady: boolean;
  readonly context: TemplateContext;
  readonly layers: readonly TemplateLayer[];
}

/** The provider's images of templates: built at the first use, and looked up once while the gateway runs. */
export class TemplateImages {
  readonly #options: TemplateImagesOptions;
  readonly #known = new Map<string, Promise<Template>>();

  constructor(options: TemplateImagesOptions) {
    this.#options = options;
  }

  /** Whether images can be made: a provider without Dockerfiles has its default template and no other. */
  get canBuild(): boolean {
    return this.#options.provider.capabilities.templates.dockerfile;
  }

  ofBuiltIn(name: string, options: PrepareOptions = {}): Promise<Template> {
    return this.#once(`built-in ${name}`, () => this.#makeBuiltIn(name, this.#shared(options)));
  }

  ofBuild(buildId: string, source: BuildSource, options: PrepareOptions = {}): Promise<Template> {
    return this.#once(buildId, () => this.make(source, this.#shared(options)));
  }

  #shared(options: PrepareOptions): PrepareOptions {
    return { signal: this.#options.signal, ...options, owner: this.#options.owner };
  }

  /** Makes the image of a build; what was made before is found by the provider. */
  async make(source: BuildSource, prepareOptions: PrepareOptions): Promise<Template> {
    const { provider, owner, envd, uploads, buildDir } = this.#options;
    const options = { ...prepareOptions, owner };
    if (!this.canBuild) throw new ApiError(501, `The provider ${provider.id} cannot build templates`);
    // A rebuild does not rebuild the template that it is based on.
    const { rebuild: _, ...making } = options;
    const start = await this.#start(source.from, making);
    await using directory = await makeBuildDirectory({
      from: start.reference,
      isReady: start.isReady,
      start: start.context,
      steps: source.steps,
      forceKey: source.forceKey,
      envd,
      parent: buildDir,
      archive: (filesHash) => uploads.archive(filesHash),
    });
    return await provider.prepare(
      { base: { kind: "dockerfile", path: directory.path }, layers: start.layers },
      options,
    );
  }

  /** What the steps of a build begin with. */
  startContext(from: BuildSource["from"]): TemplateContext {
    return from.kind === "build" ? this.#source(from.reference).context : firstContext;
  }

  /** Forgets what was looked up, because an image may have been removed. */
  forget(): void {
    this.#known.clear();
  }

  async #makeBuiltIn(name: string, options: PrepareOptions): Promise<Template> {
    const { provider, envd, builtIns, uploads, buildDir } = this.#options;
    const { layers = [] } = builtIns.get(name) ?? {};
    const plain = await provider.prepare({ base: { kind: "default" }, layers }, options);
    if (!this.canBuild) return plain;
    await using directory = await makeBuildDirectory({
      from: plain.reference,
      isReady: false,
      start: firstContext,
      steps: [],
      forceKey: "",
      envd,
      parent: buildDir,
      archive: (filesHash) => uploads.archive(filesHash),
    });
    return await provider.prepare({ base: { kind: "dockerfile", path: directory.path }, layers }, options);
  }

  async #start(from: BuildSource["from"], options: PrepareOptions): Promise<Start> {
    const { builtIns } = this.#options;
    const context = this.startContext(from);
    if (from.kind === "image") return { reference: from.reference, isReady: false, context, layers: [] };
    if (from.kind === "built-in") {
      const { reference } = await this.ofBuiltIn(from.reference, options);
      return { reference, isReady: true, context, layers: builtIns.get(from.reference)?.layers ?? [] };
    }
    const source = this.#source(from.reference);
    const { reference } = await this.ofBuild(from.reference, source, options);
    return { reference, isReady: true, context, layers: this.#layersOf(source) };
  }

  #layersOf({ from }: BuildSource): readonly TemplateLayer[] {
    if (from.kind === "built-in") return this.#options.builtIns.get(from.reference)?.layers ?? [];
    return from.kind === "build" ? this.#layersOf(this.#source(from.reference)) : [];
  }

  #source(buildId: string): BuildSource {
    const source = this.#options.sourceOf(buildId);
    if (source === undefined) throw new ApiError(400, "The template that this one is based on is gone");
    return source;
  }

  #once(key: string, make: () => Promise<Template>): Promise<Template> {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    known.catch(() => this.#known.delete(key));
    return known;
  }
}
