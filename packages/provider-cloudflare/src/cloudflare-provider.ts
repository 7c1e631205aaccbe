import type { ProviderPlugin, SandboxProvider } from "@glovebox/core/provider";
import { cloudflareCapabilities } from "./cloudflare-capabilities.ts";
import type { CloudflareContext } from "./cloudflare-context.ts";
import { cloudflarePreflight } from "./cloudflare-preflight.ts";
import { type CloudflareProviderSettings, parseCloudflareSettings } from "./cloudflare-settings.ts";
import { connectSandbox } from "./connect-sandbox.ts";
import { createSandbox } from "./create-sandbox.ts";
import { checkLabels, sandboxLabels } from "./labels.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { prepareTemplate } from "./template/prepare-template.ts";
import { WorkerClient } from "./worker/worker-client.ts";
import { WorkerSandboxes } from "./worker/worker-sandboxes.ts";

/**
 * Sandboxes as Cloudflare containers, by a Worker of one's own. Throws `invalid-options` for settings that are wrong; does
 * no I/O. Where the Worker is need not be said before it is used.
 */
export function createCloudflareProvider(given: CloudflareProviderSettings = {}): SandboxProvider {
  const settings = parseCloudflareSettings(given);
  const sandboxes = new WorkerSandboxes(new WorkerClient(settings));
  const context: CloudflareContext = { settings, sandboxes };
  return {
    specificationVersion: 1,
    id: "cloudflare",
    capabilities: cloudflareCapabilities,
    preflight: (options) => cloudflarePreflight(context, options),
    prepare: (template, options) => prepareTemplate(context, template, options),
    create: (spec, options) => createSandbox(context, spec, options),
    connect: (id, options) => connectSandbox(context, id, options),
    async *list({ labels }, { signal } = {}) {
      checkLabels(labels);
      const wanted = Object.entries(labels);
      for await (const record of sandboxes.list(labels, signal)) {
        const own = sandboxLabels(record.labels);
        if (wanted.every(([key, value]) => own[key] === value)) yield sandboxInfo(record);
      }
    },
    destroy: (id, { signal } = {}) => sandboxes.destroy(id, signal),
  };
}

/** Loads the provider by the package's name. */
export const provider: ProviderPlugin = {
  specificationVersion: 1,
  kind: "provider",
  create: (settings) => createCloudflareProvider(settings),
};
