import type { ProviderPlugin, SandboxProvider } from "@glovebox/core/provider";
import { capabilities } from "./bubblewrap-capabilities.ts";
import { bubblewrapPreflight } from "./bubblewrap-preflight.ts";
import { type BubblewrapSettings, parseSettings } from "./bubblewrap-settings.ts";
import { connectSandbox } from "./connect-sandbox.ts";
import { createSandbox } from "./create-sandbox.ts";
import { mapFailures, throwIfAborted } from "./map-failure.ts";
import { removeSandbox } from "./remove-sandbox.ts";
import { sandboxInfo } from "./state/sandbox-info.ts";
import { StateStore } from "./state/state-store.ts";
import { prepareTemplate } from "./template/prepare-template.ts";

/** Sandboxes by bubblewrap on this host. Throws `invalid-options` for settings that are wrong; does no I/O. */
export function createBubblewrapProvider(given: BubblewrapSettings = {}): SandboxProvider {
  const settings = parseSettings(given);
  const store = new StateStore(settings.stateDir);
  return {
    specificationVersion: 1,
    id: "bubblewrap",
    capabilities,
    preflight: (options) => bubblewrapPreflight(settings, options),
    prepare: (template, options) =>
      mapFailures("preparing the template", () => prepareTemplate(settings, template, options)),
    create: (spec, options) => createSandbox(settings, spec, options),
    connect: (id, options) => mapFailures("connecting to the sandbox", () => connectSandbox(settings, id, options)),
    async *list({ labels }, { signal } = {}) {
      const wanted = Object.entries(labels);
      for (const id of await mapFailures("listing the sandboxes", async () => store.ids())) {
        throwIfAborted(signal, "listing the sandboxes");
        const folder = store.folder(id);
        const record = folder.readRecord();
        // One that is removed at this moment is gone, or has lost its record.
        if (record === undefined || wanted.some(([key, value]) => record.labels[key] !== value)) continue;
        yield sandboxInfo(id, folder, record);
      }
    },
    async destroy(id, { signal } = {}) {
      throwIfAborted(signal, "removing the sandbox");
      // What is no id of ours names nothing that could be there.
      if (!store.isId(id)) return;
      await mapFailures("removing the sandbox", () => removeSandbox(settings, store.folder(id)));
    },
  };
}

/** Loads the provider by the package's name or its path. */
export const provider: ProviderPlugin = {
  specificationVersion: 1,
  kind: "provider",
  create: (settings) => createBubblewrapProvider(parseSettings(settings)),
};
