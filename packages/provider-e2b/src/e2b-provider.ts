import type { ProviderPlugin, Sandbox, SandboxProvider } from "@glovebox/core/provider";
import { connectSandbox } from "./connect-sandbox.ts";
import { createSandbox } from "./create-sandbox.ts";
import { E2bApi } from "./e2b-api.ts";
import { e2bCapabilities } from "./e2b-capabilities.ts";
import { e2bPreflight } from "./e2b-preflight.ts";
import { type E2bProviderSettings, parseE2bSettings } from "./e2b-settings.ts";
import { findSandbox } from "./find-sandbox.ts";
import { listSandboxes } from "./list-sandboxes.ts";
import { prepareTemplate } from "./prepare-template.ts";

/** Sandboxes on E2B, or on what speaks E2B's protocol. Throws `invalid-options` for settings that are wrong; does no I/O. */
export function createE2bProvider(settings: E2bProviderSettings = {}): SandboxProvider {
  const api = new E2bApi(parseE2bSettings(settings));
  return {
    specificationVersion: 1,
    id: "e2b",
    capabilities: e2bCapabilities,
    preflight: (options) => e2bPreflight(api, options),
    prepare: (template, options) => prepareTemplate(api, template, options),
    create: (spec, options): Promise<Sandbox> => createSandbox(api, spec, options),
    connect: (id, options): Promise<Sandbox> => connectSandbox(api, id, options),
    list: (filter, options = {}) => listSandboxes(api, filter, options),
    async destroy(id, options = {}) {
      if ((await findSandbox(api, id, options)) === undefined) return;
      await api.call("removing the sandbox", options, ({ Sandbox }, call) => Sandbox.kill(id, call));
    },
  };
}

/** Loads the provider by the package's name. */
export const provider: ProviderPlugin = {
  specificationVersion: 1,
  kind: "provider",
  create: (settings) => createE2bProvider(parseE2bSettings(settings)),
};
