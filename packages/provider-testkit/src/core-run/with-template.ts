import type { SandboxProvider, Template } from "@glovebox/core/provider";

/** The provider with a template that is prepared already, whatever is asked for. */
export function withTemplate(provider: SandboxProvider, template: Template): SandboxProvider {
  return {
    specificationVersion: 1,
    id: provider.id,
    capabilities: provider.capabilities,
    preflight: (options) => provider.preflight(options),
    prepare: async () => template,
    create: (spec, options) => provider.create(spec, options),
    connect: (id, options) => provider.connect(id, options),
    list: (filter, options) => provider.list(filter, options),
    destroy: (id, options) => provider.destroy(id, options),
  };
}
