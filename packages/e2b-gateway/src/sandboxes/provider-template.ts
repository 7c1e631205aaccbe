import type { CallOptions, SandboxProvider, Template } from "@glovebox/core/provider";
import type { ResolvedTemplate, TemplateSource } from "./template-source.ts";

/** One template, `base`: the provider's own. */
export class ProviderTemplate implements TemplateSource {
  readonly #provider: SandboxProvider;
  #prepared: Promise<Template> | undefined;

  constructor(provider: SandboxProvider) {
    this.#provider = provider;
  }

  async resolve(reference: string, _options?: CallOptions): Promise<ResolvedTemplate | undefined> {
    if (reference !== "base") return undefined;
    this.#prepared ??= this.#provider.prepare({ base: { kind: "default" }, layers: [] });
    this.#prepared.catch(() => {
      this.#prepared = undefined;
    });
    return { templateId: "base", alias: "base", template: await this.#prepared, defaultUser: "agent" };
  }
}
