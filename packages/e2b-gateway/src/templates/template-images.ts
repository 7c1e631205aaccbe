import type { PrepareOptions, SandboxProvider, Template, TemplateLayer } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import type { EnvdProgram } from "../envd-file.ts";
import { makeBuildFolder } from "./build-folder.ts";
import type { BuiltInTemplate } from "./built-in-template.ts";
import { firstContext, type TemplateContext } from "./template-context.ts";
import type { BuildSource } from "./template-record.ts";
import type { UploadFolder } from "./upload-folder.ts";

export interface TemplateImagesOptions {
  readonly provider: SandboxProvider;
  readonly envd: EnvdProgram;
  readonly uploads: UploadFolder;
  /** A folder for what is being built. */
  readonly buildDir: string;
  readonly builtIns: ReadonlyMap<string, BuiltInTemplate>;
  /** What a build was made from; `undefined` for one that is gone. */
  readonly sourceOf: (buildId: string) => BuildSource | undefined;
}

/** Where a build goes on from. */
interface Start {
  readonly reference: string;
  readonly isReady: boolean;
  readonly context: TemplateContext;
  readonly layers: readonly TemplateLayer[];
}

/** The provider's images of templates: made when they are first needed, and looked up once for as long as the gateway runs. */
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
    return this.#once(`built-in ${name}`, () => this.#makeBuiltIn(name, options));
  }

  ofBuild(buildId: string, source: BuildSource, options: PrepareOptions = {}): Promise<Template> {
    return this.#once(buildId, () => this.make(source, options));
  }

  /** Makes the image of a build; what was made before is found by the provider. */
  async make(source: BuildSource, options: PrepareOptions): Promise<Template> {
    const { provider, envd, uploads, buildDir } = this.#options;
    if (!this.canBuild) throw new ApiError(501, `The provider ${provider.id} cannot build templates`);
    // What it goes on from is not made anew with it.
    const { rebuild: _, ...making } = options;
    const start = await this.#start(source.from, making);
    await using folder = await makeBuildFolder({
      from: start.reference,
      isReady: start.isReady,
      start: start.context,
      steps: source.steps,
      forceKey: source.forceKey,
      envd,
      parent: buildDir,
      archive: (filesHash) => uploads.archive(filesHash),
    });
    return await provider.prepare({ base: { kind: "dockerfile", path: folder.path }, layers: start.layers }, options);
  }

  /** What the steps of a build begin with. */
  startContext(from: BuildSource["from"]): TemplateContext {
    return from.kind === "build" ? this.#source(from.reference).context : firstContext;
  }

  /** Lets go of what was looked up, so that the next one is looked up again: its image may have been removed. */
  forget(): void {
    this.#known.clear();
  }

  async #makeBuiltIn(name: string, options: PrepareOptions): Promise<Template> {
    const { provider, envd, builtIns, uploads, buildDir } = this.#options;
    const { layers = [] } = builtIns.get(name) ?? {};
    const plain = await provider.prepare({ base: { kind: "default" }, layers }, options);
    if (!this.canBuild) return plain;
    await using folder = await makeBuildFolder({
      from: plain.reference,
      isReady: false,
      start: firstContext,
      steps: [],
      forceKey: "",
      envd,
      parent: buildDir,
      archive: (filesHash) => uploads.archive(filesHash),
    });
    return await provider.prepare({ base: { kind: "dockerfile", path: folder.path }, layers }, options);
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
    if (source === undefined) throw new ApiError(400, "The template that this one goes on from is gone");
    return source;
  }

  #once(key: string, make: () => Promise<Template>): Promise<Template> {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    known.catch(() => this.#known.delete(key));
    return known;
  }
}
